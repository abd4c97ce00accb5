import type { CapturedCall } from '../explain/explain.ts';
import { canonical, isJsonObject, JsonRefused, readJson, type JsonObject, type JsonValue } from '../json.ts';
import { CaptureRefused } from './capture-refused.ts';
import { readCurl } from './curl.ts';

const FORMS = 'a curl command, a link with the body below it, or JSON like {"url": "https://…?signature=…&timestamp=…&nonce=…", "body": "{…}"}';

/**
 * A call as a person has it: a curl command; a link, whose body follows on the next lines unless `body` gives it; or JSON with `url` or `query`,
 * and `body` (text, or an object, which is written in KooGallery's form) or `bodyBase64`. Throws CaptureRefused.
 */
export function readCaptured(text: string, body: Uint8Array | null = null): CapturedCall {
  // A prompt that was copied along is no part of the command.
  const pasted = text.replace(/^\ufeff/, '').trim().replace(/^\$ +/, '');
  if (/^curl(?:\.exe)?\s/.test(pasted)) {
    const { url, body: inCommand } = readCurl(pasted);
    if (body === null && inCommand === null) throw new CaptureRefused('the body of this curl command stands in a file: give that by --body');
    return { query: queryOf(url), body: body ?? Buffer.from(inCommand ?? '') };
  }
  if (pasted.startsWith('{')) return fromJson(pasted, body);
  const [, link = '', below = ''] = /^(\S+)\s*([\s\S]*)$/.exec(pasted) ?? [];
  if (!/^https?:\/\//i.test(link) && !link.includes('signature=')) throw new CaptureRefused(`give ${FORMS}`);
  if (body === null && below === '') throw new CaptureRefused('a link alone has no body: give the file with the body by --body, or paste the body below the link');
  return { query: queryOf(link), body: body ?? Buffer.from(below) };
}

function fromJson(text: string, given: Uint8Array | null): CapturedCall {
  const members = jsonObject(text);
  const url = members.get('url');
  const query = members.get('query');
  const parts = typeof url === 'string' ? queryOf(url) : isJsonObject(query) ? textsOf(query) : null;
  if (parts === null) throw new CaptureRefused(`the JSON has neither "url" nor "query": give ${FORMS}`);
  return { query: parts, body: given ?? bodyOf(members) };
}

function bodyOf(members: JsonObject): Uint8Array {
  const base64 = members.get('bodyBase64');
  if (typeof base64 === 'string') return Buffer.from(base64, 'base64');
  const body = members.get('body');
  if (typeof body === 'string') return Buffer.from(body);
  if (isJsonObject(body)) return Buffer.from(canonical(body));
  throw new CaptureRefused('the JSON has no "body": give it as text, exactly as it was sent');
}

function jsonObject(text: string): JsonObject {
  try {
    const value: JsonValue = readJson(text);
    if (isJsonObject(value)) return value;
  } catch (error) {
    if (!(error instanceof JsonRefused)) throw error;
    throw new CaptureRefused(`this is not JSON: ${error.message}`);
  }
  throw new CaptureRefused(`give ${FORMS}`);
}

function textsOf(query: JsonObject): Record<string, string> {
  return Object.fromEntries([...query].flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])));
}

/** First value of each name, as the door reads it. */
function queryOf(url: string): Record<string, string> {
  const base = 'http://localhost';
  if (!URL.canParse(url, base)) throw new CaptureRefused('the link is not a URL');
  return Object.fromEntries([...new URL(url, base).searchParams].toReversed());
}
