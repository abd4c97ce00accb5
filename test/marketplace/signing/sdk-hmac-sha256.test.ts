import { describe, expect, test } from 'vitest';
import { canonicalRequest, signRequest, verifyRequest, type SignableRequest } from '../../../src/marketplace/signing/sdk-hmac-sha256.ts';
import { readSdkDate } from '../../../src/marketplace/times.ts';
import { akskVectors, type OpenApiVector } from '../../vectors/vectors.ts';

const PAIR = { ak: 'test', sk: '123' };
const AT = Date.UTC(2024, 2, 17, 14, 42, 37);
const secretOf = (ak: string): string | undefined => (ak === PAIR.ak ? PAIR.sk : undefined);

function request({ method, url, headers, query, body }: OpenApiVector): SignableRequest {
  const search = Object.entries(query).map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  return { method, url: search.length === 0 ? url : `${url}?${search.join('&')}`, headers, body };
}

describe('known answers', () => {
  test.each(akskVectors)('$name', (vector) => {
    const at = readSdkDate(vector.headers['X-Sdk-Date'] ?? '') ?? 0;
    const sent = signRequest(request(vector), vector.key, at);
    expect(sent['Authorization']).toBe(vector.expected.authorization);
    expect(sent['X-Sdk-Date']).toBe(vector.headers['X-Sdk-Date']);
    const lower = Object.fromEntries(Object.entries(vector.headers).map(([name, value]) => [name.toLowerCase(), value]));
    expect(canonicalRequest(request(vector), lower, Object.keys(lower).toSorted())).toBe(vector.expected.canonicalRequest);
    const arrived = { ...request(vector), headers: sent };
    expect(verifyRequest(arrived, (ak) => (ak === vector.key.ak ? vector.key.sk : undefined), at)).toEqual({ ok: true, ak: vector.key.ak });
  });
});

describe('the gateway’s side', () => {
  const unsigned: SignableRequest = { method: 'POST', url: 'https://mkt.example.com/a%20b/c?y=2&x=1&x=0', headers: { 'Content-Type': 'application/json' }, body: '{"n":1}' };
  const headers: Record<string, string> = { ...signRequest(unsigned, PAIR, AT), host: 'mkt.example.com' };
  const signed: SignableRequest = { ...unsigned, headers };

  test('takes a request whose query arrives in another order', () => {
    expect(verifyRequest({ ...signed, url: 'https://mkt.example.com/a%20b/c?x=0&x=1&y=2' }, secretOf, AT)).toEqual({ ok: true, ak: 'test' });
  });

  test.each<[string, Partial<SignableRequest>]>([
    ['method', { method: 'PUT' }],
    ['path', { url: unsigned.url.replace('/c', '/d') }],
    ['query', { url: `${unsigned.url}&z=` }],
    ['body', { body: '{"n":2}' }],
    ['signed header', { headers: { ...headers, 'Content-Type': 'text/plain' } }],
    ['host', { headers: { ...headers, host: 'other.example.com' } }],
    ['date within the window', { headers: { ...headers, 'X-Sdk-Date': '20240317T144238Z' } }],
  ])('refuses another %s', (_what, change) => {
    expect(verifyRequest({ ...signed, ...change }, secretOf, AT)).toEqual({ ok: false, reason: 'signature' });
  });

  test('refuses a clock more than 15 minutes off, either way', () => {
    expect(verifyRequest(signed, secretOf, AT + 15 * 60_000)).toMatchObject({ ok: true });
    expect(verifyRequest(signed, secretOf, AT + 15 * 60_000 + 1)).toEqual({ ok: false, reason: 'date' });
    expect(verifyRequest(signed, secretOf, AT - 15 * 60_000 - 1)).toEqual({ ok: false, reason: 'date' });
  });

  test('refuses a date that is not signed', () => {
    const authorization = headers['Authorization'] ?? '';
    const without = { ...headers, Authorization: authorization.replace(';x-sdk-date', '') };
    expect(verifyRequest({ ...signed, headers: without }, secretOf, AT)).toEqual({ ok: false, reason: 'date' });
  });

  test('tells an unknown key from a wrong secret and from no signature at all', () => {
    expect(verifyRequest(signed, () => undefined, AT)).toEqual({ ok: false, reason: 'unknown-key' });
    expect(verifyRequest(signed, () => 'wrong', AT)).toEqual({ ok: false, reason: 'signature' });
    expect(verifyRequest(unsigned, secretOf, AT)).toEqual({ ok: false, reason: 'unsigned' });
    expect(verifyRequest({ ...signed, headers: { ...headers, Authorization: 'Basic eDp5' } }, secretOf, AT)).toEqual({ ok: false, reason: 'unsigned' });
  });
});

test('encodes path segments once and reserved characters as RFC 3986 has them', () => {
  const odd: SignableRequest = { method: 'get', url: 'https://mkt.example.com/a%20b/%E5%95%86!/100%25?q=(1)*', headers: {}, body: '' };
  expect(canonicalRequest(odd, {}, []).split('\n').slice(0, 3)).toEqual(['GET', '/a%20b/%E5%95%86%21/100%25/', 'q=%281%29%2A']);
});

test('signs anew: an old date or signature among the given headers is replaced', () => {
  const given = { 'x-sdk-date': '20000101T000000Z', authorization: 'old' };
  const sent = signRequest({ method: 'GET', url: 'https://mkt.example.com/', headers: given, body: '' }, PAIR, AT);
  expect(Object.keys(sent).toSorted()).toEqual(['Authorization', 'X-Sdk-Date']);
});
