import { createHash, createHmac } from 'node:crypto';
import { canonical, isJsonObject, readJson, type JsonObject, type JsonValue, SpelledNumber } from '../json.ts';

/** One way a sender may have made the signature. */
export interface Attempt {
  readonly key: string;
  readonly nonce: string;
  readonly timestamp: string;
  readonly payload: Uint8Array | string;
  readonly inner: 'hmac' | 'upper-hmac' | 'sha256' | 'payload';
  readonly order: 'key-nonce-stamp' | 'key-stamp-nonce' | 'no-key';
}

/** The signature that this way makes; equals saas.md §4.4 for `hmac` and `key-nonce-stamp`. */
export function digestOf({ key, nonce, timestamp, payload, inner, order }: Attempt): Buffer {
  const middle = { 'key-nonce-stamp': key + nonce + timestamp, 'key-stamp-nonce': key + timestamp + nonce, 'no-key': nonce + timestamp }[order];
  return createHmac('sha256', key).update(middle).update(innerOf(key, payload, inner)).digest();
}

function innerOf(key: string, payload: Uint8Array | string, inner: Attempt['inner']): Uint8Array | string {
  if (inner === 'payload') return payload;
  if (inner === 'sha256') return createHash('sha256').update(payload).digest('hex');
  const digest = createHmac('sha256', key).update(payload).digest('hex');
  return inner === 'hmac' ? digest : digest.toUpperCase();
}

/** Spellings of a body that senders sign by mistake; only those that the body can have. */
export interface Spellings {
  readonly raw: Uint8Array;
  readonly canonical: string | null;
  readonly compact: string | null;
  readonly nullsKept: string | null;
  readonly deepSorted: string | null;
  readonly descending: string | null;
  /** With the blanks that Python's `json.dumps` writes: sorted, and in the order received. */
  readonly spacedSorted: string | null;
  readonly spaced: string | null;
  readonly escaped: string | null;
  /** Python's `json.dumps` as it is by default: blanks and \\u escapes, sorted and in the order received. */
  readonly dumpedSorted: string | null;
  readonly dumped: string | null;
  /** PHP's `json_encode` escapes slashes. */
  readonly slashEscaped: string | null;
  /** Gson and Go escape what is special in HTML; Gson two characters more. */
  readonly htmlEscaped: string | null;
  readonly gsonEscaped: string | null;
}

const NONE: Omit<Spellings, 'raw'> = {
  canonical: null,
  compact: null,
  nullsKept: null,
  deepSorted: null,
  descending: null,
  spacedSorted: null,
  spaced: null,
  escaped: null,
  dumpedSorted: null,
  dumped: null,
  slashEscaped: null,
  htmlEscaped: null,
  gsonEscaped: null,
};

export function spellingsOf(raw: Uint8Array): Spellings {
  const object = objectIn(raw);
  if (object === null) return { raw, ...NONE };
  const signed = canonical(object);
  const members = [...object].filter(([, value]) => value !== null);
  const sorted = members.toSorted(byName);
  return {
    raw,
    canonical: signed,
    compact: written(object, COMPACT),
    nullsKept: written(new Map([...object].toSorted(byName)), COMPACT),
    deepSorted: written(new Map(members), { ...COMPACT, sorted: true }),
    descending: written(new Map(sorted.toReversed()), COMPACT),
    spacedSorted: written(new Map(sorted), SPACED),
    spaced: written(object, SPACED),
    escaped: inAscii(signed),
    dumpedSorted: inAscii(written(new Map(sorted), SPACED)),
    dumped: inAscii(written(object, SPACED)),
    slashEscaped: signed.replaceAll('/', '\\/'),
    htmlEscaped: signed.replaceAll(/[<>&\u2028\u2029]/g, escape),
    gsonEscaped: signed.replaceAll(/[<>&='\u2028\u2029]/g, escape),
  };
}

function objectIn(raw: Uint8Array): JsonObject | null {
  try {
    const value = readJson(raw);
    return isJsonObject(value) ? value : null;
  } catch {
    // Not JSON as we accept it: then only the bytes themselves can have been signed.
    return null;
  }
}

interface Manner {
  readonly comma: string;
  readonly colon: string;
  /** Members ascending at every level. */
  readonly sorted: boolean;
}

const COMPACT: Manner = { comma: ',', colon: ':', sorted: false };
const SPACED: Manner = { comma: ', ', colon: ': ', sorted: false };

function written(value: JsonValue, manner: Manner): string {
  if (value instanceof SpelledNumber) return value.text;
  if (Array.isArray(value)) return `[${value.map((element: JsonValue) => written(element, manner)).join(manner.comma)}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  const members = manner.sorted ? [...value].toSorted(byName) : [...value];
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}${manner.colon}${written(member, manner)}`).join(manner.comma)}}`;
}

function inAscii(text: string): string {
  return text.replaceAll(/[\u0080-\uffff]/g, escape);
}

function escape(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function byName([a]: readonly [string, JsonValue], [b]: readonly [string, JsonValue]): number {
  return a < b ? -1 : 1;
}
