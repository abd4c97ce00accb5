import { expect, test } from 'vitest';
import { bodySign, verifyBodySign } from '../../../src/marketplace/signing/body-sign.ts';
import { bodySignVectors } from '../../vectors/vectors.ts';

test('there are Body-Sign vectors of both generations', () => {
  expect(bodySignVectors.map(({ name }) => name.slice(0, 2))).toEqual(expect.arrayContaining(['v1', 'v2']));
});

test.each(bodySignVectors)('$name', ({ accessKey, body, expected }) => {
  const header = bodySign(accessKey ?? '', body ?? '');
  expect(header).toBe(expected['header'] ?? `sign_type="HMAC-SHA256", signature="${String(expected['signature'])}"`);
  expect(verifyBodySign(header, accessKey ?? '', body ?? '')).toBe(true);
});

test('refuses an answer changed after signing, another key and missing quotes', () => {
  const header = bodySign('key', '{"resultCode":"000000"}');
  expect(verifyBodySign(header, 'key', '{"resultCode":"000000"}\n')).toBe(false);
  expect(verifyBodySign(header, 'other', '{"resultCode":"000000"}')).toBe(false);
  expect(verifyBodySign(header.replaceAll('"', ''), 'key', '{"resultCode":"000000"}')).toBe(false);
});

test('accepts the blank the page’s own example has', () => {
  expect(verifyBodySign(bodySign('key', '{}').replace('signature=', 'signature= '), 'key', '{}')).toBe(true);
});
