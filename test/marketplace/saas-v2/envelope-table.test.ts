import { describe, expect, test } from 'vitest';
import type { RawCall } from '../../../src/marketplace/envelopes/envelope.ts';
import { saasV2 } from '../../../src/marketplace/saas-v2/dialect.ts';
import { sign } from '../../../src/marketplace/signing/body-signature.ts';
import { KEY, NONCE, NOW, signedCall } from '../signed-call.ts';

const BODY = '{"activity":"releaseInstance","instanceId":"i-1"}';
const open = (call: RawCall, now = NOW) => saasV2.authenticate(call, [KEY], now);
const refused = (code: string, message: string) => ({ refused: true, code, message });
const withQuery = (change: Readonly<Record<string, string>>): RawCall => {
  const call = signedCall(BODY);
  return { ...call, query: { ...call.query, ...change } };
};
const without = (name: string): RawCall => {
  const call = signedCall(BODY);
  return { ...call, query: Object.fromEntries(Object.entries(call.query).filter(([given]) => given !== name)) };
};

describe('the envelope, part by part', () => {
  test('saas.md §3.1 envelope · signature · hex of 64 characters in either case; missing or wrong → 000001', () => {
    const signature = sign(KEY, NONCE, String(NOW), BODY);
    expect(signature).toMatch(/^[0-9A-F]{64}$/);
    for (const text of [signature, signature.toLowerCase()]) expect(open(withQuery({ signature: text }))).toMatchObject({ refused: false });
    for (const call of [without('signature'), withQuery({ signature: '' })]) expect(open(call)).toEqual(refused('000001', 'signature is missing'));
    for (const text of ['0'.repeat(64), signature.slice(1), `${signature}0`, 'no hex']) expect(open(withQuery({ signature: text }))).toEqual(refused('000001', 'signature is wrong'));
  });

  test('saas.md §3.1 envelope · timestamp · 13 digits are ms, 10 digits s, within 60 s; missing, malformed or stale → 000002', () => {
    expect(open(signedCall(BODY))).toMatchObject({ at: NOW });
    const seconds = Math.floor(NOW / 1000);
    expect(open(signedCall(BODY, { timestamp: String(seconds) }))).toMatchObject({ at: seconds * 1000 });
    for (const call of [without('timestamp'), withQuery({ timestamp: '' })]) expect(open(call)).toEqual(refused('000002', 'timestamp is missing'));
    for (const timestamp of ['17672256001', '2026-01-01', '1e12', '0767225600']) expect(open(signedCall(BODY, { timestamp }))).toEqual(refused('000002', 'timestamp must be 10 digits (seconds) or 13 digits (milliseconds)'));
    for (const now of [NOW - 60_001, NOW + 60_001]) expect(open(signedCall(BODY), now)).toEqual(refused('000002', 'timestamp is more than 60 seconds from our clock'));
    for (const now of [NOW - 60_000, NOW + 60_000]) expect(open(signedCall(BODY), now)).toMatchObject({ refused: false });
  });

  test('saas.md §3.1 envelope · nonce · 64 hex, 32 and 16 alphanumeric characters; missing → 000002', () => {
    for (const nonce of [NONCE, 'Of4lsV7H1qrzVDI52O5CFk2ofPcZRaA6', 'Of4lsV7H1qrzVDI5', 'n']) expect(open(signedCall(BODY, { nonce }))).toMatchObject({ refused: false, nonce });
    for (const call of [without('nonce'), withQuery({ nonce: '' })]) expect(open(call)).toEqual(refused('000002', 'nonce is missing'));
  });

  test('saas.md §3.1 envelope · body members · JSON strings; the body is an object, in UTF-8', () => {
    for (const body of ['[]', '"text"', '1', 'null']) expect(open(signedCall(body))).toEqual(refused('000002', 'body must be a JSON object'));
    for (const body of ['', 'activity=newInstance', '{"a":1', '{"a":1}{}']) expect(open(signedCall(body))).toMatchObject({ code: '000002', message: expect.stringMatching(/^body is not acceptable JSON/) });
    expect(open(signedCall('{"activity":"newInstance","businessId":"测试"}'))).toMatchObject({ refused: false });
  });

  test('saas.md §3.1 envelope · order of members · any order as signed, and the sorted compact form of any other', () => {
    const unsorted = '{ "instanceId": "i-1", "orderId": null, "activity": "releaseInstance" }';
    expect(open(signedCall(unsorted))).toMatchObject({ refused: false, evidence: { matched: 'raw' } });
    expect(open(signedCall(unsorted, { payload: BODY }))).toMatchObject({ refused: false, evidence: { matched: 'reserialised' } });
    expect(open(signedCall(unsorted, { payload: '{"instanceId":"i-1","activity":"releaseInstance"}' }))).toEqual(refused('000001', 'signature is wrong'));
  });
});
