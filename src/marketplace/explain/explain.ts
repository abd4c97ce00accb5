import { verify } from '../signing/body-signature.ts';
import { readStamp } from '../times.ts';
import { digestOf, spellingsOf, type Attempt } from './attempt.ts';
import { MISTAKES } from './mistakes.ts';

export type KeyCategory = 'base' | 'kit' | 'license' | 'common';

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

/**
 * Says why a V2.0 signature does not hold, by trying each known mistake with each configured key (newest first). Local and pure: it never makes
 * a good signature known and its answer holds no key. `now` is UTC ms; null leaves the age of the stamp out (an old capture is always stale).
 * An empty list: no known mistake makes this signature, so the key is another one or the call was changed on its way.
 */
export function explainSignature({ query, body }: CapturedCall, keys: Readonly<Record<KeyCategory, readonly string[]>>, now: number | null): Explanation[] {
  const { signature = '', timestamp = '', nonce = '' } = query;
  const missing = Object.entries({ signature, timestamp, nonce }).flatMap(([name, value]) =>
    value === '' ? [{ id: `no-${name}`, says: `${name} is missing in the URL`, mend: 'send signature, timestamp and nonce as query parameters', page: null }] : [],
  );
  if (missing.length > 0) return missing;
  const spellings = spellingsOf(body);
  const payloads = [spellings.raw, ...(spellings.canonical === null ? [] : [spellings.canonical])];
  const holds = (key: string): boolean => payloads.some((payload) => verify(signature, key, nonce, timestamp, payload));
  if (keys.base.some(holds)) return agreed(timestamp, now);

  const found: Explanation[] = [];
  for (const category of ['kit', 'license', 'common'] as const) {
    if (keys[category].some(holds)) {
      found.push({ id: 'other-category', says: `signed with the key of the category ${category}`, mend: 'each interface category has a key of its own: bind the base key to this address', page: null });
    }
  }
  const wanted = signature.toLowerCase();
  for (const { id, says, mend, page, attempts } of MISTAKES) {
    const rights = keys.base.flatMap((key) => payloads.map((payload): Attempt => ({ key, nonce, timestamp, payload, inner: 'hmac', order: 'key-nonce-stamp' })));
    if (rights.some((right) => attempts(right, spellings).some((attempt) => matches(digestOf(attempt), signature, wanted)))) found.push({ id, says, mend, page });
  }
  if (found.length === 0 && keys.base.some((key) => payloads.some((payload) => digestOf({ key, nonce, timestamp, payload, inner: 'hmac', order: 'key-nonce-stamp' }).toString('base64') === signature))) {
    found.push({ id: 'base64', says: 'the signature is written in Base64', mend: 'write it as hex', page: null });
  }
  return found;
}

function matches(digest: Buffer, signature: string, lower: string): boolean {
  return digest.toString('hex') === lower || digest.toString('base64') === signature;
}

function agreed(timestamp: string, now: number | null): Explanation[] {
  const at = readStamp(timestamp);
  if (at === null) return [{ id: 'stamp-unreadable', says: 'the signature holds, but the timestamp is not 10 or 13 digits', mend: 'send Unix time in milliseconds', page: null }];
  const off = now === null ? 0 : Math.round((now - at) / 1000);
  if (Math.abs(off) > 60) return [{ id: 'stale', says: `the signature holds, but its stamp is ${Math.abs(off)} s ${off > 0 ? 'old' : 'ahead'}`, mend: 'set the clocks of both sides by NTP; a captured call is too old after 60 s anyway', page: null }];
  return [{ id: 'holds', says: 'the signature holds', mend: 'nothing to mend in it: look at the message of the refusal', page: null }];
}
