import type { Refusal } from '../dialect.ts';
import { canonical, isJsonObject, JsonRefused, readJson, type JsonObject, type JsonValue } from '../json.ts';
import { verify } from '../signing/body-signature.ts';
import { storable } from '../text.ts';
import { readStamp } from '../times.ts';
import type { Opened, RawCall } from './envelope.ts';

/** Sibling pages state 60 s as the rule, the official sample checks it (saas.md 4.4.6). */
const WINDOW = 60_000;
const LONGEST_NONCE = 128;

/**
 * Opens a V2.0 call: `signature`, `timestamp` and `nonce` in the URL, the signed JSON object as body. Order of checks and codes: saas.md
 * 4.4.8 and §4.7. The raw bytes are tried with every key before the re-serialised form (4.4.4). `now` is UTC ms. Whether the nonce was
 * used before is the journal's question.
 */
export function openUrlSigned(call: RawCall, accessKeys: readonly string[], now: number): Opened | Refusal {
  const { signature = '', timestamp = '', nonce = '' } = call.query;
  if (signature === '') return refuse('000001', 'signature is missing');
  if (timestamp === '') return refuse('000002', 'timestamp is missing');
  const at = readStamp(timestamp);
  if (at === null) return refuse('000002', 'timestamp must be 10 digits (seconds) or 13 digits (milliseconds)');
  if (Math.abs(now - at) > WINDOW) return refuse('000002', 'timestamp is more than 60 seconds from our clock');
  if (nonce === '') return refuse('000002', 'nonce is missing');
  if (nonce.length > LONGEST_NONCE) return refuse('000002', `nonce is longer than ${LONGEST_NONCE} characters`);
  if (!storable(nonce)) return refuse('000002', 'nonce has control characters or broken text');

  const keyOf = (payload: Uint8Array | string): number => accessKeys.findIndex((key) => verify(signature, key, nonce, timestamp, payload));
  const open = (body: JsonObject, matched: 'raw' | 'reserialised', key: number): Opened => ({
    refused: false,
    body,
    nonce,
    at,
    evidence: { matched, key, signature, timestamp },
  });

  const body = read(call.body);
  const rawKey = keyOf(call.body);
  if (rawKey >= 0) {
    if (body instanceof JsonRefused) return refuse('000002', `body is not acceptable JSON: ${body.message}`);
    if (!isJsonObject(body)) return refuse('000002', 'body must be a JSON object');
    return open(body, 'raw', rawKey);
  }
  if (!(body instanceof JsonRefused) && isJsonObject(body)) {
    const key = keyOf(canonical(body));
    if (key >= 0) return open(body, 'reserialised', key);
  }
  return refuse('000001', 'signature is wrong');
}

/** The refusal as a value: what it means depends on whether the signature holds. */
function read(bytes: Uint8Array): JsonValue | JsonRefused {
  try {
    return readJson(bytes);
  } catch (error) {
    if (error instanceof JsonRefused) return error;
    throw error;
  }
}

function refuse(code: Refusal['code'], message: string): Refusal {
  return { refused: true, code, message };
}
