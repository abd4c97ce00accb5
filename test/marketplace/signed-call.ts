import type { RawCall } from '../../src/marketplace/envelopes/envelope.ts';
import { sign } from '../../src/marketplace/signing/body-signature.ts';

export const KEY = 'kg-test-0123456789abcdef0123456789ab';
export const NONCE = '50D83FDECAED6CCD8EF597F2A577950527928BA287D04E6036E92B2806FD17DA';
/** 2026-01-01T00:00:00.123Z */
export const NOW = 1_767_225_600_123;

export interface Signing {
  readonly key?: string;
  readonly nonce?: string;
  readonly timestamp?: string;
  /** What is signed instead of the body as sent. */
  readonly payload?: string;
}

/** A V2.0 call as KooGallery would send it. */
export function signedCall(body: string | Uint8Array, { key = KEY, nonce = NONCE, timestamp = String(NOW), payload }: Signing = {}): RawCall {
  const query = { signature: sign(key, nonce, timestamp, payload ?? body), timestamp, nonce };
  return { method: 'POST', query, headers: {}, body: typeof body === 'string' ? Buffer.from(body) : body };
}
