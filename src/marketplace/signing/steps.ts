import { createHash, createHmac } from 'node:crypto';
import { sign } from './body-signature.ts';

/** One step of a signature, for a person who compares byte by byte. */
export interface Step {
  readonly name: string;
  /** How the value is made, in words and formulas of every language. */
  readonly how: string;
  /** The value as text. Where the access key is part of it, `KEY_MARK` stands in its place. */
  readonly value: string;
  /** Of the payload alone: its length in UTF-8 bytes and the SHA-256 of them, lower-case hex; they show what the eye misses. */
  readonly bytes?: number;
  readonly sha256?: string;
}

export interface Signing {
  readonly steps: readonly Step[];
  readonly signature: string;
}

/** Stands for the access key, which is never printed. */
export const KEY_MARK = '‹access key›';

/** What the payload is. */
export const PAYLOADS = {
  sorted: 'the JSON body: compact, top-level members ascending, null ones left out, in UTF-8',
  asItIs: 'the body, byte for byte as it is sent',
} as const;

interface Stamped {
  readonly nonce: string;
  readonly timestamp: string;
}

/**
 * How the V2.0 signature of a payload comes about (saas.md §4.4, https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649476.html).
 * The result holds no key; its signature is the one that `sign` makes.
 */
export function signatureSteps(accessKey: string, { nonce, timestamp }: Stamped, payload: Uint8Array | string, is: keyof typeof PAYLOADS = 'sorted'): Signing {
  const bytes = typeof payload === 'string' ? new TextEncoder().encode(payload) : payload;
  const inner = createHmac('sha256', accessKey).update(bytes).digest('hex');
  const signature = sign(accessKey, nonce, timestamp, bytes);
  return {
    steps: [
      {
        name: 'payload',
        how: PAYLOADS[is],
        value: new TextDecoder().decode(bytes),
        bytes: bytes.byteLength,
        sha256: createHash('sha256').update(bytes).digest('hex'),
      },
      { name: 'inner', how: 'lower-case hex of HMAC-SHA256, keyed by the access key, of the payload', value: inner },
      { name: 'message', how: 'access key, nonce, timestamp and inner, joined with nothing between', value: `${KEY_MARK}${nonce}${timestamp}${inner}` },
      { name: 'signature', how: 'upper-case hex of HMAC-SHA256, keyed by the access key, of the message', value: signature },
    ],
    signature,
  };
}
