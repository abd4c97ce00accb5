import { createHash, createHmac } from 'node:crypto';
import { BODY_SIGN, bodySign } from './body-sign.ts';
import { sign } from './body-signature.ts';
import { VECTOR_CASES, type VectorCase } from './vector-cases.ts';

/** A call and whether a receiver must take it, with each value on the way to the right signature. */
export interface SignatureVector {
  readonly name: string;
  readonly why: string;
  readonly accessKey: string;
  readonly url: string;
  /** The URL's parameters, percent-decoded. */
  readonly query: { readonly signature: string; readonly timestamp: string; readonly nonce: string };
  /** As received; the Base64 holds its UTF-8 bytes, for readers whose strings change them. */
  readonly body: string;
  readonly bodyBase64: string;
  readonly holds: boolean;
  readonly steps: {
    /** `raw`: the body itself was signed; `reserialised`: its sorted, compact form without top-level nulls. */
    readonly signed: 'raw' | 'reserialised';
    readonly payload: string;
    readonly payloadBase64: string;
    readonly payloadSha256: string;
    readonly inner: string;
    readonly message: string;
    readonly signature: string;
  };
}

export interface BodySignVector {
  readonly name: string;
  readonly accessKey: string;
  readonly body: string;
  readonly bodyBase64: string;
  /** Of HMAC-SHA256, keyed by the access key, of the body. */
  readonly digestHex: string;
  readonly header: string;
}

export interface Vectors {
  readonly about: string;
  readonly kit: string;
  readonly page: string;
  readonly rule: readonly string[];
  /** UTC ms: what a receiver's clock must say for every stamp to be fresh. */
  readonly now: number;
  readonly signatures: readonly SignatureVector[];
  readonly bodySign: readonly BodySignVector[];
}

/** Keys of nobody: they stand in a public file. */
const KEY = 'vector-key-0123456789abcdef';
const OTHER_KEY = 'another-key-0123456789abcdef';
/** 2026-01-01T00:00:00.123Z */
const NOW = 1_767_225_600_123;
const ADDRESS = 'https://isv.example.com/koogallery/saas';

/** Test vectors of the kit SaaS V2.0 for other languages: always the same, made of fixed keys, stamps and nonces. */
export function vectors(): Vectors {
  return {
    about: 'Signature test vectors, computed by kookeeper from the published rule. No published example can be recomputed, for its access key is printed nowhere.',
    kit: 'saas-v2',
    page: 'https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649476.html',
    rule: [
      'payload = the body; if that does not hold, the body as compact JSON with top-level members ascending and top-level nulls left out, numbers spelled as received',
      'inner = lower-case hex of HMAC-SHA256(accessKey, payload)',
      'message = accessKey + nonce + timestamp + inner',
      'signature = hex of HMAC-SHA256(accessKey, message), compared without regard to case',
    ],
    now: NOW,
    signatures: [...VECTOR_CASES.map(good), ...REFUSED.map(bad)],
    bodySign: ANSWERS.map(answer),
  };
}

function good(of: VectorCase): SignatureVector {
  const { name, why, body, signed = body, timestamp = String(NOW), nonce = nonceOf(name), signatureCase } = of;
  const inner = hmac(KEY, signed);
  const signature = sign(KEY, nonce, timestamp, signed);
  const steps = { signed: signed === body ? ('raw' as const) : ('reserialised' as const), payload: signed, payloadBase64: base64(signed), payloadSha256: sha256(signed), inner, message: `${KEY}${nonce}${timestamp}${inner}`, signature };
  const sent = signatureCase === 'lower' ? signature.toLowerCase() : signature;
  return { name, why, accessKey: KEY, ...called({ signature: sent, timestamp, nonce }), body, bodyBase64: base64(body), holds: true, steps };
}

interface Refused {
  readonly name: string;
  readonly why: string;
  /** What the wrong sender puts in place of the right call. */
  spoil(right: SignatureVector): { readonly signature?: string; readonly timestamp?: string; readonly nonce?: string; readonly body?: string };
}

const REFUSED: readonly Refused[] = [
  { name: 'refused-body-changed', why: 'one character of the body was changed after signing', spoil: ({ body }) => ({ body: body.replace('FREEZE', 'FREEZE ') }) },
  { name: 'refused-nonce-changed', why: 'another nonce than the signed one', spoil: ({ query: { nonce } }) => ({ nonce: nonce.toLowerCase() }) },
  { name: 'refused-stamp-changed', why: 'another timestamp than the signed one', spoil: () => ({ timestamp: String(NOW + 1) }) },
  { name: 'refused-other-key', why: 'signed with another key', spoil: ({ query: { nonce, timestamp }, body }) => ({ signature: sign(OTHER_KEY, nonce, timestamp, body) }) },
  { name: 'refused-key-with-line-end', why: 'the key was read from a file with its line end', spoil: ({ query: { nonce, timestamp }, body }) => ({ signature: sign(`${KEY}\n`, nonce, timestamp, body) }) },
  { name: 'refused-plain-hash', why: 'SHA-256 in place of the inner HMAC', spoil: ({ query: { nonce, timestamp }, body }) => ({ signature: outer(nonce, timestamp, sha256(body)) }) },
  { name: 'refused-upper-case-inner', why: 'the inner hex in upper case', spoil: ({ query: { nonce, timestamp }, steps }) => ({ signature: outer(nonce, timestamp, steps.inner.toUpperCase()) }) },
  { name: 'refused-cut', why: 'a signature that lacks its last character', spoil: ({ query: { signature } }) => ({ signature: signature.slice(0, -1) }) },
  { name: 'refused-empty', why: 'no signature at all', spoil: () => ({ signature: '' }) },
];

/** The steps stay those of the call as it is received: what the right signature of it would be. */
function bad({ name, why, spoil }: Refused): SignatureVector {
  const right = good({ name, why, body: '{"activity":"updateInstanceStatus","instanceId":"i-1","status":"FREEZE"}' });
  const { body = right.body, signature = right.query.signature, timestamp = right.query.timestamp, nonce = right.query.nonce } = spoil(right);
  return { ...good({ name, why, body, timestamp, nonce }), ...called({ signature, timestamp, nonce }), holds: false };
}

const ANSWERS: readonly (readonly [name: string, body: string])[] = [
  ['success', '{"resultCode":"000000","resultMsg":"success"}'],
  ['non-ascii', '{"resultCode":"000000","resultMsg":"成功"}'],
  ['line end counts', '{"resultCode":"000000","resultMsg":"success"}\n'],
  ['empty', ''],
];

function answer([name, body]: readonly [string, string]): BodySignVector {
  return { name, accessKey: KEY, body, bodyBase64: base64(body), digestHex: hmac(KEY, body), header: `${BODY_SIGN}: ${bodySign(KEY, body)}` };
}

function called(query: SignatureVector['query']): Pick<SignatureVector, 'url' | 'query'> {
  const url = new URL(ADDRESS);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return { url: url.href, query };
}

/** 64 upper-case hex characters, as in the published examples. */
function nonceOf(name: string): string {
  return sha256(name).toUpperCase();
}

function outer(nonce: string, timestamp: string, inner: string): string {
  return hmac(KEY, `${KEY}${nonce}${timestamp}${inner}`).toUpperCase();
}

function hmac(key: string, text: string): string {
  return createHmac('sha256', key).update(text).digest('hex');
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
