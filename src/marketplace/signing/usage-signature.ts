import { createHmac, timingSafeEqual } from 'node:crypto';
import { canonical, isJsonObject, JsonRefused, readJson, SpelledNumber, type JsonValue } from '../json.ts';

/**
 * The readings of "the body, naturally sorted" (open-api.md 4.1.c), each a text that a receiver may hold the signature against. A sender is right
 * whatever the receiver does when all three are the same text: compact, sorted at every level, no nulls.
 */
export const USAGE_TEXTS = ['as sent', 'top level sorted', 'every level sorted'] as const;
export type UsageText = (typeof USAGE_TEXTS)[number];

/**
 * Signs a usage push: Base64 of HMAC-SHA256 over `ts={ts}&nonce={nonce}&body={body}`, keyed by the access key of the base interface, not by AK/SK.
 * `ts` in ms as in the header, `body` the text that is sent. open-api.md §4.1,
 * https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649410.html
 */
export function signUsage(accessKey: string, ts: string, nonce: string, body: string): string {
  return digest(accessKey, ts, nonce, body).toString('base64');
}

/** The readings under which `signature` holds; none for a wrong one. An empty access key never holds. */
export function usageTextsSigned(signature: string, accessKey: string, ts: string, nonce: string, body: string): readonly UsageText[] {
  const given = Buffer.from(signature, 'base64');
  if (accessKey === '' || given.length !== 32) return [];
  const texts = textsOf(body);
  return USAGE_TEXTS.filter((reading) => {
    const text = texts[reading];
    return text !== null && timingSafeEqual(given, digest(accessKey, ts, nonce, text));
  });
}

function textsOf(body: string): Readonly<Record<UsageText, string | null>> {
  const value = read(body);
  return {
    'as sent': body,
    'top level sorted': isJsonObject(value) ? canonical(value) : null,
    'every level sorted': isJsonObject(value) ? sorted(value) : null,
  };
}

function read(body: string): JsonValue | undefined {
  try {
    return readJson(body);
  } catch (error) {
    if (error instanceof JsonRefused) return undefined;
    throw error;
  }
}

function sorted(value: JsonValue): string {
  if (value instanceof SpelledNumber) return value.text;
  if (Array.isArray(value)) return `[${value.map(sorted).join(',')}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  const members = [...value].filter(([, member]) => member !== null).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${sorted(member)}`).join(',')}}`;
}

function digest(accessKey: string, ts: string, nonce: string, body: string): Buffer {
  return createHmac('sha256', accessKey).update(`ts=${ts}&nonce=${nonce}&body=${body}`).digest();
}
