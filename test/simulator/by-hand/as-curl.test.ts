import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCaptured } from '../../../src/marketplace/captured/read-captured.ts';
import { asCurl } from '../../../src/simulator/by-hand/as-curl.ts';
import { signedRequest } from '../../../src/simulator/request.ts';

const signer = { accessKey: 'the-base-key-0123456789abcdef', now: () => 1_767_225_600_123, random: (size: number) => new Uint8Array(size) };
const request = (body: string | Uint8Array, nonce: string) => signedRequest('https://isv.example.com/saas', { body, overrides: { nonce } }, signer);

describe('a request as a curl command', () => {
  it('is read back exactly, whatever the body and the nonce hold', () => {
    const text = fc.string({ unit: 'grapheme' }).filter((one) => !one.includes('\0'));
    const odd = fc.array(fc.constantFrom(`'`, '"', '\\', '\n', '\r', '$', '`', '@', ' ', '^', '&', 'é', '实', '😀', '{'), { maxLength: 12 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.oneof(text, odd), fc.oneof(text, odd), (body, nonce) => {
        const made = request(body, nonce);
        const read = readCaptured(asCurl(made));
        expect(read.query).toEqual(made.query);
        expect(Buffer.from(read.body).toString()).toBe(body);
      }),
    );
  });

  it('never reads a file for a body that begins with @', () => {
    expect(asCurl(request('@/etc/hostname', 'n'))).toContain(`--data-raw '@/etc/hostname'`);
  });

  it.each([['NUL', 'a\0b'], ['bytes that are no text', Uint8Array.from([0xff])]])('cannot carry %s', (_what, body) => {
    expect(() => asCurl(request(body, 'n'))).toThrow(expect.objectContaining({ code: 'NOT_FOR_CURL' }));
  });
});
