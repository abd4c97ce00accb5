import { describe, expect, it } from 'vitest';
import { digestOf, spellingsOf, type Attempt } from '../../../src/marketplace/explain/attempt.ts';
import { explainSignature } from '../../../src/marketplace/explain/explain.ts';
import { MISTAKES } from '../../../src/marketplace/explain/mistakes.ts';
import { sign } from '../../../src/marketplace/signing/body-signature.ts';

const KEYS = { base: ['base-key-of-the-test', 'older-base-key'], kit: ['kit-key-of-the-test'], license: [], common: ['common-key-of-the-test'] };
const NOW = 1_795_219_200_123;
const TIMESTAMP = String(NOW);
/** Unsorted, with a null, a nested object out of order, a line end, what some escape and characters outside ASCII: every spelling differs from every other. */
const BODY = Buffer.from(`{"orderId":"商é/1'<","activity":"newInstance","productInfo":{"z":1,"a":2},"gone":null}\n`);
const NONCE = 'a+b%20c d';

const right: Attempt = { key: KEYS.base[0] ?? '', nonce: NONCE, timestamp: TIMESTAMP, payload: spellingsOf(BODY).canonical ?? '', inner: 'hmac', order: 'key-nonce-stamp' };
const explain = (signature: string, now: number | null = NOW) => explainSignature({ query: { signature, timestamp: TIMESTAMP, nonce: NONCE }, body: BODY }, KEYS, now);
const ids = (signature: string): string[] => explain(signature).map(({ id }) => id);

describe('a bad signature is explained by the mistake that makes it', () => {
  const cases = MISTAKES.flatMap(({ id, attempts }) =>
    attempts(right, spellingsOf(BODY)).flatMap((attempt, index) => {
      const signature = digestOf(attempt).toString('hex');
      // A change that leaves this call as it is makes no bad signature.
      return signature === digestOf(right).toString('hex') ? [] : [{ id, index, signature }];
    }),
  );

  it.each(cases)('$id ($index)', ({ id, signature }) => {
    expect(ids(signature)).toContain(id);
    expect(ids(signature.toUpperCase())).toContain(id);
  });

  it('every mistake of the table has a case', () => {
    expect(new Set(cases.map(({ id }) => id))).toEqual(new Set(MISTAKES.map(({ id }) => id)));
  });

  it('made with the older key of the two is found as well', () => {
    const attempt: Attempt = { ...right, key: 'older-base-key', inner: 'sha256' };
    expect(ids(digestOf(attempt).toString('hex'))).toEqual(['inner-plain-hash', 'old-key']);
  });

  it('made by the rule and the key of another category names both', () => {
    const attempt: Attempt = { ...right, key: 'kit-key-of-the-test', inner: 'payload' };
    expect(ids(digestOf(attempt).toString('hex'))).toEqual(['kit-rule', 'other-category']);
  });

  it('signed with the key of another category names the category', () => {
    expect(explain(sign('kit-key-of-the-test', NONCE, TIMESTAMP, BODY))).toMatchObject([{ id: 'other-category', says: expect.stringContaining('kit') }]);
  });

  it('written in Base64', () => {
    expect(ids(digestOf(right).toString('base64'))).toEqual(['base64']);
    const withPlus = Array.from({ length: 50 }, (_, n) => digestOf({ ...right, nonce: `n${n}` }).toString('base64')).findIndex((text) => text.includes('+'));
    const nonce = `n${withPlus}`;
    const signature = digestOf({ ...right, nonce }).toString('base64').replaceAll('+', ' ');
    expect(signature).toContain(' ');
    expect(explainSignature({ query: { signature, timestamp: TIMESTAMP, nonce }, body: BODY }, KEYS, NOW)).toMatchObject([{ id: 'base64' }]);
  });

  it('of an unknown key or a changed body is explained by nothing', () => {
    expect(ids(sign('somebody else’s key', NONCE, TIMESTAMP, BODY))).toEqual([]);
    expect(ids('no hex at all')).toEqual([]);
  });

  it('that is missing, or whose stamp or nonce is, says so', () => {
    expect(explainSignature({ query: { nonce: 'n' }, body: BODY }, KEYS, NOW).map(({ id }) => id)).toEqual(['no-signature', 'no-timestamp']);
  });
});

describe('a good signature', () => {
  it.each([
    ['over the bytes', BODY],
    ['over the canonical form', spellingsOf(BODY).canonical ?? ''],
  ])('%s holds', (_, payload) => {
    expect(ids(sign(KEYS.base[0] ?? '', NONCE, TIMESTAMP, payload))).toEqual(['holds']);
    expect(ids(sign(KEYS.base[1] ?? '', NONCE, TIMESTAMP, payload))).toEqual(['holds', 'old-key']);
  });

  it('whose stamp is too old or ahead is called stale, unless it is a capture', () => {
    const signature = sign(right.key, NONCE, TIMESTAMP, BODY);
    expect(explain(signature, NOW + 61_000)).toMatchObject([{ id: 'stale', says: expect.stringContaining('61 s old') }]);
    expect(explain(signature, NOW - 90_000)).toMatchObject([{ id: 'stale', says: expect.stringContaining('90 s ahead') }]);
    expect(explain(signature, null)).toMatchObject([{ id: 'holds' }]);
  });

  it('needs a body that is JSON only for the canonical form', () => {
    const body = Buffer.from('not json');
    const signature = sign(right.key, NONCE, TIMESTAMP, body);
    expect(explainSignature({ query: { signature, timestamp: TIMESTAMP, nonce: NONCE }, body }, KEYS, NOW)).toMatchObject([{ id: 'holds' }]);
  });
});

it('no explanation holds a key', () => {
  const told = JSON.stringify([MISTAKES, ...MISTAKES.flatMap(({ attempts }) => attempts(right, spellingsOf(BODY)).map((attempt) => explain(digestOf(attempt).toString('hex'))))]);
  for (const key of Object.values(KEYS).flat()) expect(told).not.toContain(key);
});
