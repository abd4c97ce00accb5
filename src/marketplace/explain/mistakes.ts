import type { Attempt, Spellings } from './attempt.ts';

export interface Mistake {
  readonly id: string;
  /** What the sender did. */
  readonly says: string;
  readonly mend: string;
  readonly page: string;
  /** The ways of signing that this mistake leads to, from a right one. */
  attempts(right: Attempt, body: Spellings): readonly Attempt[];
}

const PAGES = 'https://support.huaweicloud.com/accessg-marketplace/';
const SIGNATURE = `${PAGES}zh-cn_topic_0070649476.html`;
const KIT = 'https://www.huaweicloud.com/guide/productsdesc-bms_24c754cde138736fae583ba2b56094cfsupport4';

const spelled =
  (...names: readonly (keyof Spellings)[]) =>
  (right: Attempt, body: Spellings): readonly Attempt[] =>
    names.flatMap((name) => {
      const payload = body[name];
      return payload === null ? [] : [{ ...right, payload }];
    });

const withKeys =
  (...change: readonly ((key: string) => string)[]) =>
  (right: Attempt): readonly Attempt[] =>
    change.map((of) => ({ ...right, key: of(right.key) }));

/** Known ways to get the V2.0 signature wrong, each seen in public sellers' code, named by a page, or made by a proxy. The likeliest come first. */
export const MISTAKES: readonly Mistake[] = [
  {
    id: 'key-blank-at-end',
    says: 'the access key carries a line break or a blank at its end',
    mend: 'strip the key when it is read from a file or pasted from the console',
    page: SIGNATURE,
    attempts: withKeys(
      (key) => `${key}\n`,
      (key) => `${key}\r\n`,
      (key) => `${key} `,
    ),
  },
  {
    id: 'inner-plain-hash',
    says: 'the body is hashed with plain SHA-256 instead of HMAC-SHA256 keyed by the access key',
    mend: 'use HMAC with the access key for the inner digest too',
    page: SIGNATURE,
    attempts: (right) => [{ ...right, inner: 'sha256' }],
  },
  {
    id: 'inner-upper-case',
    says: 'the inner digest stands in upper case',
    mend: 'write the inner hex digest in lower case',
    page: SIGNATURE,
    attempts: (right) => [{ ...right, inner: 'upper-hmac' }],
  },
  {
    id: 'kit-rule',
    says: 'the rule of the joint-operation kit is used: the body itself instead of its digest',
    mend: 'the base interfaces sign a digest of the body',
    page: KIT,
    attempts: (right) => [{ ...right, inner: 'payload' }],
  },
  {
    id: 'stamp-unit',
    says: 'the signed stamp is in seconds and the sent one in milliseconds, or the other way round',
    mend: 'sign the timestamp exactly as it is sent',
    page: SIGNATURE,
    attempts: (right) => [
      { ...right, timestamp: String(Math.floor(Number(right.timestamp) / 1000)) },
      { ...right, timestamp: String(Math.ceil(Number(right.timestamp) / 1000)) },
      { ...right, timestamp: String(Number(right.timestamp) * 1000) },
    ],
  },
  {
    id: 'stamp-before-nonce',
    says: 'nonce and timestamp are joined in the wrong order',
    mend: 'the signed text is access key, nonce, timestamp, inner digest',
    page: SIGNATURE,
    attempts: (right) => [{ ...right, order: 'key-stamp-nonce' }],
  },
  {
    id: 'key-not-in-text',
    says: 'the access key is missing at the beginning of the signed text',
    mend: 'the signed text is access key, nonce, timestamp, inner digest',
    page: SIGNATURE,
    attempts: (right) => [{ ...right, order: 'no-key' }],
  },
  {
    id: 'unsorted',
    says: 'the body was signed with its members in another order than the sorted one, and then written anew on its way',
    mend: 'sort the top-level members ascending before signing, or let the bytes through unchanged',
    page: SIGNATURE,
    attempts: spelled('compact'),
  },
  {
    id: 'sorted-descending',
    says: 'the members were sorted from Z to A, as the international page has it by a slip of translation',
    mend: 'sort the top-level members ascending',
    page: SIGNATURE,
    attempts: spelled('descending'),
  },
  {
    id: 'nulls-kept',
    says: 'members that are null were signed too',
    mend: 'leave null members out of the signed text',
    page: SIGNATURE,
    attempts: spelled('nullsKept'),
  },
  {
    id: 'sorted-at-every-level',
    says: 'the members of nested objects were sorted too',
    mend: 'sort the top level only',
    page: SIGNATURE,
    attempts: spelled('deepSorted'),
  },
  {
    id: 'ascii-escapes',
    says: 'characters outside ASCII were signed as \\u escapes',
    mend: 'sign the UTF-8 text without escapes',
    page: SIGNATURE,
    attempts: spelled('escaped'),
  },
  {
    id: 'json-escapes',
    says: 'slashes, or < > & and the like, were signed as escapes (PHP, Gson and Go write them so) and sent without, or a proxy removed them',
    mend: 'sign and send the same bytes',
    page: SIGNATURE,
    attempts: spelled('slashEscaped', 'htmlEscaped', 'gsonEscaped'),
  },
  {
    id: 'json-blanks',
    says: 'the body was signed with blanks after its commas and colons, and sent or passed on without',
    mend: 'sign and send the same bytes',
    page: SIGNATURE,
    attempts: spelled('spacedSorted', 'spaced', 'dumpedSorted', 'dumped'),
  },
  {
    id: 'charset',
    says: 'the body was not signed as UTF-8, or a proxy read its UTF-8 as Latin-1 and encoded it again',
    mend: 'sign the UTF-8 bytes, and let no proxy convert the body',
    page: SIGNATURE,
    attempts: (right) => {
      const text = typeof right.payload === 'string' ? right.payload : new TextDecoder().decode(right.payload);
      // Java writes a question mark for what Latin-1 does not have.
      return [{ ...right, payload: Buffer.from(text.replaceAll(/[\u{100}-\u{10ffff}]/gu, '?'), 'latin1') }];
    },
  },
  {
    id: 'body-line-end',
    says: 'a line break at the end of the body was signed and cut off on its way, or added after signing',
    mend: 'sign and send the same bytes',
    page: SIGNATURE,
    attempts: (right, { raw }) => {
      const text = new TextDecoder().decode(raw);
      return [`${text}\n`, `${text}\r\n`, text.trimEnd()].map((payload) => ({ ...right, payload }));
    },
  },
  {
    id: 'nonce-plus',
    says: 'a plus sign in the nonce became a blank, or was never percent-encoded',
    mend: 'percent-encode the nonce in the URL, or use letters and digits only; check the proxy in front',
    page: SIGNATURE,
    attempts: (right) => [
      { ...right, nonce: right.nonce.replaceAll(' ', '+') },
      { ...right, nonce: right.nonce.replaceAll('+', ' ') },
    ],
  },
  {
    id: 'nonce-encoded',
    says: 'the nonce was signed in its percent-encoded form, or a proxy decoded it once too often',
    mend: 'sign the nonce as it reads after percent-decoding once',
    page: SIGNATURE,
    attempts: (right) => [
      { ...right, nonce: encodeURIComponent(right.nonce) },
      { ...right, nonce: right.nonce.replaceAll(/%[0-9A-Fa-f]{2}/g, (code) => String.fromCharCode(Number.parseInt(code.slice(1), 16))) },
    ],
  },
];
