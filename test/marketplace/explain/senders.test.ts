import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { explainSignature } from '../../../src/marketplace/explain/explain.ts';

/**
 * The ten mistakes of signing that must be told apart, each made here as its sender would make it: with its own few lines of crypto, none of
 * the code under test.
 */
const KEYS = { base: ['the-newest-base-key', 'the-base-key-before'], kit: ['the-kit-key'], license: ['the-license-key'], common: ['the-common-key'] };
const KEY = 'the-newest-base-key';
const STAMP = '1795219200123';
const NONCE = 'Of4lsV7H1qrzVDI52O5CFk2ofPcZRaA6';
const SENT = '{"activity":"releaseInstance","instanceId":"i-1","orderId":"CS1/é"}';

interface Arrived {
  readonly signature: string;
  readonly timestamp?: string;
  readonly nonce?: string;
  readonly body?: string;
}

const hmac = (key: string, text: string | Uint8Array): string => createHmac('sha256', key).update(text).digest('hex');
const signed = (key: string, nonce: string, stamp: string, payload: string | Uint8Array): string => hmac(key, `${key}${nonce}${stamp}${hmac(key, payload)}`);

const SENDERS: readonly (readonly [mistake: string, ids: readonly string[], arrived: Arrived])[] = [
  ['seconds for milliseconds', ['stamp-unit'], { signature: signed(KEY, NONCE, STAMP.slice(0, 10), SENT) }],
  ['milliseconds signed where seconds are sent', ['stamp-unit'], { signature: signed(KEY, NONCE, '1795219200000', SENT), timestamp: '1795219200' }],
  ['plain SHA-256 for the inner HMAC', ['inner-plain-hash'], { signature: hmac(KEY, `${KEY}${NONCE}${STAMP}${createHash('sha256').update(SENT).digest('hex')}`) }],
  [
    'raw for sorted, and the bytes written anew on their way',
    ['unsorted'],
    { signature: signed(KEY, NONCE, STAMP, '{"instanceId":"i-1","orderId":"CS1","activity":"releaseInstance"}'), body: '{ "instanceId" : "i-1", "orderId" : "CS1", "activity" : "releaseInstance" }' },
  ],
  ['sorted from Z to A', ['sorted-descending'], { signature: signed(KEY, NONCE, STAMP, '{"orderId":"CS1/é","instanceId":"i-1","activity":"releaseInstance"}') }],
  [
    'nulls kept',
    ['nulls-kept'],
    { signature: signed(KEY, NONCE, STAMP, '{"activity":"releaseInstance","instanceId":"i-1","orderId":null}'), body: '{"instanceId":"i-1","orderId":null,"activity":"releaseInstance"}' },
  ],
  ['the kit rule instead of the base rule', ['kit-rule'], { signature: hmac(KEY, `${KEY}${NONCE}${STAMP}${SENT}`) }],
  ['another category’s key', ['other-category'], { signature: signed('the-license-key', NONCE, STAMP, SENT) }],
  ['another category’s key and rule', ['kit-rule', 'other-category'], { signature: hmac('the-kit-key', `the-kit-key${NONCE}${STAMP}${SENT}`) }],
  ['the old key', ['holds', 'old-key'], { signature: signed('the-base-key-before', NONCE, STAMP, SENT) }],
  ['the old key and plain SHA-256', ['inner-plain-hash', 'old-key'], { signature: hmac('the-base-key-before', `the-base-key-before${NONCE}${STAMP}${createHash('sha256').update(SENT).digest('hex')}`) }],
  ['a trailing newline in the key', ['key-blank-at-end'], { signature: signed(`${KEY}\n`, NONCE, STAMP, SENT) }],
  ['a trailing newline of Windows in the key', ['key-blank-at-end'], { signature: signed(`${KEY}\r\n`, NONCE, STAMP, SENT) }],
  ['+ in the nonce turned into a space', ['nonce-plus'], { signature: signed(KEY, 'a+b/c+d=', STAMP, SENT), nonce: 'a b/c d=' }],
  ['+ in a Base64 signature turned into a space', ['base64'], base64WithBlank()],
  ['a proxy that escaped what is not ASCII', ['ascii-escapes'], { signature: signed(KEY, NONCE, STAMP, SENT.replace('é', '\\u00e9')) }],
  ['a proxy that encoded the body twice', ['charset'], { signature: signed(KEY, NONCE, STAMP, SENT), body: Buffer.from(SENT).toString('latin1') }],
  ['a sender that signed Latin-1', ['charset'], { signature: signed(KEY, NONCE, STAMP, Buffer.from(SENT, 'latin1')) }],
  ['a sender whose JSON escapes slashes', ['json-escapes'], { signature: signed(KEY, NONCE, STAMP, SENT.replace('/', '\\/')) }],
  ['a sender that signed Python’s blanks', ['json-blanks'], { signature: signed(KEY, NONCE, STAMP, '{"activity": "releaseInstance", "instanceId": "i-1", "orderId": "CS1/é"}') }],
  ['a proxy that decoded the nonce twice', ['nonce-encoded'], { signature: signed(KEY, 'a%2Fb', STAMP, SENT), nonce: 'a/b' }],
  ['a proxy that cut the last line end', ['body-line-end'], { signature: signed(KEY, NONCE, STAMP, `${SENT}\n`) }],
];

function base64WithBlank(): Arrived {
  const digest = (nonce: string): string => Buffer.from(signed(KEY, nonce, STAMP, SENT), 'hex').toString('base64');
  const nonce = Array.from({ length: 100 }, (_, n) => `nonce-${n}`).find((each) => digest(each).includes('+')) ?? '';
  return { signature: digest(nonce).replaceAll('+', ' '), nonce };
}

describe('a signature is explained to its sender', () => {
  it.each(SENDERS)('%s → %j', (_, ids, { signature, timestamp = STAMP, nonce = NONCE, body = SENT }) => {
    const found = explainSignature({ query: { signature, timestamp, nonce }, body: Buffer.from(body) }, KEYS, null);
    expect(found.map(({ id }) => id)).toEqual(ids);
    for (const key of Object.values(KEYS).flat()) expect(JSON.stringify(found)).not.toContain(key);
  });

  it('raw for sorted alone is no mistake: the bytes as they came are tried first', () => {
    const body = '{"instanceId":"i-1","activity":"releaseInstance"}';
    expect(explainSignature({ query: { signature: signed(KEY, NONCE, STAMP, body), timestamp: STAMP, nonce: NONCE }, body: Buffer.from(body) }, KEYS, null)).toMatchObject([{ id: 'holds' }]);
  });
});
