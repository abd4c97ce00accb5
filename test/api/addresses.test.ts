import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NOW } from '../marketplace/signed-call.ts';
import { bodies } from './bodies.ts';
import { observe, refused } from './refused.ts';
import { freshNonce, signed, startApi, type RunningApi } from './running-api.ts';

let api: RunningApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const to = (path: string, nonce = freshNonce(), method = 'POST') => {
  const sent = signed(bodies.create(), { nonce });
  return { ...sent, method, target: sent.target.replace('/koogallery/saas', path) };
};

describe('calls that reach no production address', () => {
  it.each(['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])('%s on the address of V2.0 → 000002, with what is served', async (method) => {
    const nonce = freshNonce();
    const observed = await observe(api, () => api.send(to('/koogallery/saas', nonce, method)), nonce);
    expect(observed).toEqual(refused('000002', `${method} /koogallery/saas is not a production address; served: POST /koogallery/saas`));
  });

  it.each(['/koogallery/saas/', '/koogallery/sass', '/koogallery', '/koogallery/', '/koogallery/SAAS', '/koogallery/%ff%zz', `/koogallery/${'x'.repeat(4_000)}`])('POST %s → 000002', async (path) => {
    const nonce = freshNonce();
    expect(await observe(api, () => api.send(to(path, nonce)), nonce)).toEqual(refused('000002', /^POST \/koogallery/));
  });

  it('HEAD is answered 200 without a body, as HTTP demands', async () => {
    const before = await api.rows();
    const answer = await api.send({ method: 'HEAD', target: '/koogallery/saas' });
    expect([answer.status, answer.headers['content-type'], answer.text]).toEqual([200, 'application/json', '']);
    expect(await api.rows()).toEqual({ ...before, refusal: before.refusal + 1 });
  });

  it('anything outside /koogallery is an ordinary 404 and leaves no record', async () => {
    const before = await api.rows();
    expect((await fetch(`http://127.0.0.1:${api.port}/koogalleryx/saas`, { method: 'POST' })).status).toBe(404);
    expect((await fetch(`http://127.0.0.1:${api.port}/`)).status).toBe(404);
    expect(await api.rows()).toEqual(before);
  });
});

describe('absurd query strings', () => {
  it.each([
    ['none at all', '', '000001', 'signature is missing'],
    ['only separators', '?&&=&=&', '000001', 'signature is missing'],
    ['percent signs that encode nothing', '?signature=%zz&timestamp=%&nonce=%e4%b8', '000002', /^timestamp must be/],
    ['members of every object', '?__proto__=1&constructor=2&toString=3&hasOwnProperty=4', '000001', 'signature is missing'],
    ['10,000 characters', `?${'a=b&'.repeat(2_500)}`, '000001', 'signature is missing'],
    ['a NUL', `?signature=%00&timestamp=${NOW}&nonce=%00`, '000002', /^nonce has control characters/],
    ['a signature of 8,000 characters', `?signature=${'A'.repeat(8_000)}&timestamp=${NOW}&nonce=n`, '000001', 'signature is wrong'],
  ] as const)('%s → refused like any other', async (_, query, code, message) => {
    expect(await observe(api, () => api.send({ target: `/koogallery/saas${query}`, body: '{}' }))).toEqual(refused(code, message));
  });

  it('unknown parameters beside the signed three are left alone', async () => {
    const sent = signed(bodies.create());
    expect((await api.send({ ...sent, target: `${sent.target}&__proto__=1&from=console&${'a=b&'.repeat(1_000)}` })).code).toBe('000004');
  });
});
