import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sign, verify } from '../../../src/marketplace/signing/body-signature.ts';
import { saasV2Vectors } from '../../vectors/vectors.ts';
import { KEY, NONCE } from '../signed-call.ts';

const signed = saasV2Vectors.filter(({ query }) => query !== null);

describe('known answers', () => {
  test.each(signed)('$name', ({ accessKey, query, body, expected }) => {
    const payload = typeof expected['requestPayload'] === 'string' ? expected['requestPayload'] : body;
    expect(sign(accessKey ?? '', query?.['nonce'] ?? '', query?.['timestamp'] ?? '', payload ?? '')).toBe(expected['signatureUpper']);
  });
});

describe('verifying', () => {
  const payload = '{"activity":"releaseInstance","instanceId":"i-1"}';
  const stamp = '1767225600123';
  const signature = sign(KEY, NONCE, stamp, payload);

  test('takes hex of any case', () => {
    expect(verify(signature.toLowerCase(), KEY, NONCE, stamp, payload)).toBe(true);
    expect(verify(signature, KEY, NONCE, stamp, Buffer.from(payload))).toBe(true);
  });

  test.each(['', signature.slice(1), `${signature}0`, signature.replace(/^./, 'G'), ` ${signature}`])('refuses a signature that is not 64 hex digits: %j', (text) => {
    expect(verify(text, KEY, NONCE, stamp, payload)).toBe(false);
  });

  test('never holds for an empty access key', () => {
    expect(verify(sign('', NONCE, stamp, payload), '', NONCE, stamp, payload)).toBe(false);
  });

  test('refuses any single changed byte of body, nonce, timestamp or signature', () => {
    const changed = (text: string, at: number, by: number): Buffer => {
      const bytes = Buffer.from(text);
      const place = at % bytes.length;
      bytes[place] = (bytes[place] ?? 0) ^ by;
      return bytes;
    };
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 127 }), (at, by) => {
        expect(verify(signature, KEY, NONCE, stamp, changed(payload, at, by))).toBe(false);
        expect(verify(signature, KEY, changed(NONCE, at, by).toString(), stamp, payload)).toBe(false);
        expect(verify(signature, KEY, NONCE, changed(stamp, at, by).toString(), payload)).toBe(false);
        const other = changed(signature, at, by).toString();
        expect(verify(other, KEY, NONCE, stamp, payload)).toBe(other.toUpperCase() === signature);
      }),
    );
  });
});
