import { describe, expect, test } from 'vitest';
import type { RawCall } from '../../../src/marketplace/envelopes/envelope.ts';
import { openUrlSigned } from '../../../src/marketplace/envelopes/url-signature.ts';
import { canonical } from '../../../src/marketplace/json.ts';
import { sign } from '../../../src/marketplace/signing/body-signature.ts';
import { saasV2Vectors, type SaasVector } from '../../vectors/vectors.ts';
import { KEY, NONCE, NOW, signedCall } from '../signed-call.ts';

const BODY = '{"activity":"releaseInstance","instanceId":"i-1"}';

function open(call: RawCall, keys: readonly string[] = [KEY], now = NOW) {
  return openUrlSigned(call, keys, now);
}

function withQuery(change: Record<string, string>): RawCall {
  const call = signedCall(BODY);
  return { ...call, query: { ...call.query, ...change } };
}

describe('known answers', () => {
  const calls = saasV2Vectors.filter(({ query }) => query?.['signature'] !== undefined);
  const opened = ({ accessKey, query, body }: SaasVector) =>
    openUrlSigned({ method: 'POST', query: query ?? {}, headers: {}, body: Buffer.from(body ?? '') }, [accessKey ?? ''], Number(query?.['timestamp']));

  test.each(calls.filter(({ expected }) => expected['accept'] === false))('$name', (vector) => {
    expect(opened(vector)).toMatchObject({ refused: true, code: vector.expected['resultCode'] });
  });

  test.each(calls.filter(({ expected }) => expected['accept'] !== false))('$name', (vector) => {
    const { body, expected } = vector;
    const result = opened(vector);
    if (result.refused) throw new Error(result.message);
    expect(result.evidence.matched).toBe(body === expected['requestPayload'] ? 'raw' : 'reserialised');
    expect(canonical(result.body)).toBe(expected['requestPayload']);
  });

  test('v2-trap-plain-sha256-inner-is-wrong', () => {
    const trap = saasV2Vectors.find(({ name }) => name === 'v2-trap-plain-sha256-inner-is-wrong');
    const call = { method: 'POST', headers: {}, body: Buffer.from(trap?.body ?? '') };
    const signature = String(trap?.expected['wrongSignatureUpper']);
    expect(open({ ...call, query: { ...trap?.query, signature } })).toMatchObject({ refused: true, code: '000001' });
    expect(open({ ...call, query: { ...trap?.query, signature: String(trap?.expected['signatureUpper']) } })).toMatchObject({ refused: false });
  });
});

describe('what is signed', () => {
  test('hands out body, nonce, instant and evidence', () => {
    const signature = sign(KEY, NONCE, String(NOW), BODY);
    expect(open(signedCall(BODY))).toMatchObject({ refused: false, nonce: NONCE, at: NOW, evidence: { matched: 'raw', key: 0, signature, timestamp: String(NOW) } });
  });

  test('takes lower-case hex', () => {
    expect(open(withQuery({ signature: sign(KEY, NONCE, String(NOW), BODY).toLowerCase() }))).toMatchObject({ refused: false });
  });

  test('tries every key, newest first', () => {
    expect(open(signedCall(BODY), ['new', KEY])).toMatchObject({ evidence: { key: 1, matched: 'raw' } });
    const reserialised = signedCall('{ "b": 1.0, "a": "商" }', { payload: '{"a":"商","b":1.0}' });
    expect(open(reserialised, ['new', KEY])).toMatchObject({ evidence: { key: 1, matched: 'reserialised' } });
  });

  test('refuses another key and an empty list of keys', () => {
    expect(open(signedCall(BODY), ['other'])).toEqual({ refused: true, code: '000001', message: 'signature is wrong' });
    expect(open(signedCall(BODY), [])).toMatchObject({ code: '000001' });
  });

  test('refuses any single changed byte of the body', () => {
    const call = signedCall(BODY);
    for (let at = 0; at < call.body.length; at += 1) {
      const body = Uint8Array.from(call.body);
      body[at] = (body[at] ?? 0) ^ 1;
      expect(open({ ...call, body })).toMatchObject({ refused: true, code: '000001' });
    }
  });

  test('refuses digits that wandered from the nonce into the timestamp', () => {
    const call = signedCall(BODY, { nonce: 'abc0' });
    expect(open({ ...call, query: { ...call.query, nonce: 'abc', timestamp: `0${NOW}` } })).toMatchObject({ refused: true, code: '000002' });
  });
});

describe('order of checks', () => {
  test.each<[string, Record<string, string>, string, string]>([
    ['a missing signature before all else', { signature: '', timestamp: '', nonce: '' }, '000001', 'signature is missing'],
    ['a missing timestamp', { timestamp: '', nonce: '' }, '000002', 'timestamp is missing'],
    ['a timestamp that is text', { timestamp: 'yesterday' }, '000002', 'timestamp must be 10 digits (seconds) or 13 digits (milliseconds)'],
    ['a stale timestamp', { timestamp: String(NOW - 60_001) }, '000002', 'timestamp is more than 60 seconds from our clock'],
    ['a timestamp from the future', { timestamp: String(NOW + 60_001), nonce: '' }, '000002', 'timestamp is more than 60 seconds from our clock'],
    ['a missing nonce', { nonce: '', signature: 'bad' }, '000002', 'nonce is missing'],
    ['a nonce over 128 characters', { nonce: 'n'.repeat(129) }, '000002', 'nonce is longer than 128 characters'],
    ['a nonce that no database keeps', { nonce: 'a\u0000b' }, '000002', 'nonce has control characters or broken text'],
    ['a signature that is no hex', { signature: 'zz' }, '000001', 'signature is wrong'],
  ])('refuses %s', (_what, change, code, message) => {
    expect(open(withQuery(change))).toEqual({ refused: true, code, message });
  });

  test('takes both edges of the window, in seconds too, and a nonce of 128', () => {
    const nonce = 'n'.repeat(128);
    expect(open(signedCall(BODY, { timestamp: String(NOW - 60_000), nonce }))).toMatchObject({ refused: false });
    expect(open(signedCall(BODY, { timestamp: String(NOW + 60_000) }))).toMatchObject({ refused: false });
    expect(open(signedCall(BODY, { timestamp: '1767225600' }))).toMatchObject({ refused: false, at: 1_767_225_600_000 });
  });
});

describe('a signed body that cannot be read', () => {
  test.each([
    ['', /^body is not acceptable JSON: text ends too early/],
    ['not json', /^body is not acceptable JSON: expected a JSON value/],
    ['[1]', /^body must be a JSON object$/],
    ['null', /^body must be a JSON object$/],
    ['{"orderId":"1","orderId":"2"}', /duplicate member orderId/],
    ['{"a":{"__proto__":1}}', /member __proto__/],
    [`{"a":${'['.repeat(32)}${']'.repeat(32)}}`, /nesting deeper than 32/],
  ])('%j is 000002', (body, message) => {
    expect(open(signedCall(body))).toMatchObject({ refused: true, code: '000002', message: expect.stringMatching(message) });
  });

  test('is 000001 when the signature does not hold either', () => {
    expect(open(signedCall('not json', { key: 'other' }))).toMatchObject({ code: '000001' });
  });

  test('bytes that are not UTF-8 are 000002', () => {
    expect(open(signedCall(Uint8Array.from([0x7b, 0xff, 0x7d])))).toMatchObject({ code: '000002', message: expect.stringContaining('not UTF-8') });
  });
});
