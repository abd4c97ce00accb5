import { verify } from '../signing/body-signature.ts';
import { readStamp } from '../times.ts';
import { digestOf, spellingsOf, type Attempt, type Spellings } from './attempt.ts';
import { MISTAKES } from './mistakes.ts';

export type KeyCategory = 'base' | 'kit' | 'license' | 'common';

export type Keys = Readonly<Record<KeyCategory, readonly string[]>>;

/** A call as captured: the URL's parameters after percent-decoding, and the body's bytes. */
export interface CapturedCall {
  readonly query: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface Explanation {
  readonly id: string;
  readonly says: string;
  readonly mend: string;
  readonly page: string | null;
}

const OTHERS = ['kit', 'license', 'common'] as const;

const OLD_KEY: Explanation = {
  id: 'old-key',
  says: 'signed with the older of the two access keys',
  mend: 'while keys are rotated nothing; afterwards bind the newer key to this address',
  page: null,
};

/**
 * Says why a V2.0 signature does not hold, by trying each known mistake with each configured key (newest first). Local and pure: it never makes
 * a good signature known and its answer holds no key. `now` is UTC ms; null leaves the age of the stamp out (an old capture is always stale).
 * An empty list: no known mistake makes this signature, so the key is another one or the call was changed on its way.
 */
export function explainSignature(call: CapturedCall, keys: Keys, now: number | null): Explanation[] {
  const { signature = '', timestamp = '', nonce = '' } = call.query;
  const missing = Object.entries({ signature, timestamp, nonce }).flatMap(([name, value]) =>
    value === '' ? [{ id: `no-${name}`, says: `${name} is missing in the URL`, mend: 'send signature, timestamp and nonce as query parameters', page: null }] : [],
  );
  if (missing.length > 0) return missing;
  const payloads = payloadsOf(spellingsOf(call.body));
  const holding = keys.base.findIndex((key) => holds(call, key, payloads));
  if (holding < 0) return findMistakes(call, keys);
  return holding === 0 ? [agreed(timestamp, now)] : [agreed(timestamp, now), OLD_KEY];
}

/** The mistakes that make this signature, the likeliest first; none for one that holds or is missing. */
export function findMistakes(call: CapturedCall, keys: Keys): Explanation[] {
  const spellings = spellingsOf(call.body);
  const payloads = payloadsOf(spellings);
  if (keys.base.some((key) => holds(call, key, payloads))) return [];
  const otherCategory = OTHERS.filter((category) => keys[category].some((key) => holds(call, key, payloads))).map(foreign);
  const [newest = [], ...older] = keys.base.map((key) => mistakesWith(call, spellings, key));
  if (otherCategory.length + newest.length > 0) return [...otherCategory, ...newest];
  const old = unique(older.flat());
  if (old.length > 0) return [...old, OLD_KEY];
  // Two mistakes at once only where the second is the address: whose kit's key it is, its rule may be.
  return OTHERS.flatMap((category) => {
    const found = unique(keys[category].flatMap((key) => mistakesWith(call, spellings, key)));
    return found.length > 0 ? [...found, foreign(category)] : [];
  });
}

function mistakesWith({ query }: CapturedCall, spellings: Spellings, key: string): Explanation[] {
  const { signature = '', timestamp = '', nonce = '' } = query;
  const rights = payloadsOf(spellings).map((payload): Attempt => ({ key, nonce, timestamp, payload, inner: 'hmac', order: 'key-nonce-stamp' }));
  if (rights.some((right) => isBase64(digestOf(right), signature))) return [{ id: 'base64', says: 'the signature is written in Base64', mend: 'write it as hex', page: null }];
  const made = MISTAKES.filter(({ attempts }) => rights.some((right) => attempts(right, spellings).some((attempt) => matches(digestOf(attempt), signature))));
  return made.map(({ id, says, mend, page }) => ({ id, says, mend, page }));
}

function payloadsOf({ raw, canonical }: Spellings): (Uint8Array | string)[] {
  return canonical === null ? [raw] : [raw, canonical];
}

function holds({ query: { signature = '', timestamp = '', nonce = '' } }: CapturedCall, key: string, payloads: readonly (Uint8Array | string)[]): boolean {
  return payloads.some((payload) => verify(signature, key, nonce, timestamp, payload));
}

function matches(digest: Buffer, signature: string): boolean {
  return digest.toString('hex') === signature.toLowerCase() || isBase64(digest, signature);
}

/** A plus sign of Base64 that was not percent-encoded arrives as a blank. */
function isBase64(digest: Buffer, signature: string): boolean {
  return digest.toString('base64') === signature.replaceAll(' ', '+');
}

function foreign(category: KeyCategory): Explanation {
  return { id: 'other-category', says: `signed with the key of the category ${category}`, mend: 'each interface category has a key of its own: bind the base key to this address', page: null };
}

function unique(explanations: readonly Explanation[]): Explanation[] {
  return [...new Map(explanations.map((explanation) => [explanation.id, explanation])).values()];
}

function agreed(timestamp: string, now: number | null): Explanation {
  const at = readStamp(timestamp);
  if (at === null) return { id: 'stamp-unreadable', says: 'the signature holds, but the timestamp is not 10 or 13 digits', mend: 'send Unix time in milliseconds', page: null };
  const off = now === null ? 0 : Math.round((now - at) / 1000);
  if (Math.abs(off) > 60) return { id: 'stale', says: `the signature holds, but its stamp is ${Math.abs(off)} s ${off > 0 ? 'old' : 'ahead'}`, mend: 'set the clocks of both sides by NTP; a captured call is too old after 60 s anyway', page: null };
  return { id: 'holds', says: 'the signature holds', mend: 'nothing to mend in it: look at the message of the refusal', page: null };
}
