import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyBodySign } from '../../src/marketplace/signing/body-sign.ts';
import { KEY } from '../marketplace/signed-call.ts';
import { bodies, freshLine } from './bodies.ts';
import { instanceIn } from './carry-out.ts';
import { startApi, type Answer, type RunningApi } from './running-api.ts';

const OLD_KEY = 'kg-test-the-key-before-this-one-0001';

let api: RunningApi;
beforeAll(async () => {
  api = await startApi({ keys: [KEY, OLD_KEY] });
});
afterAll(() => api.close());

const ONCE = { names: ['Body-Sign'], contentTypes: 1, holds: true, holdsForMore: false };

/** The signature as it stood on the wire, tried with a key. */
function signature({ rawHeaders, text }: Answer, key: string) {
  const names = rawHeaders.filter((_, n) => n % 2 === 0);
  const value = rawHeaders[rawHeaders.indexOf('Body-Sign') + 1] ?? '';
  return {
    names: names.filter((name) => name.toLowerCase() === 'body-sign'),
    contentTypes: names.filter((name) => name.toLowerCase() === 'content-type').length,
    holds: verifyBodySign(value, key, text),
    holdsForMore: verifyBodySign(value, key, `${text}\n`),
  };
}

describe('every answer is signed, under a header name in exactly that case', () => {
  it.each([
    ['the newest key', KEY],
    ['the older key', OLD_KEY],
  ])('by %s when that one signed the call', async (_, key) => {
    const line = freshLine();
    expect(signature(await api.call(bodies.create(line), { key }), key)).toEqual(ONCE);
    const id = await instanceIn(api, 'active');
    expect(signature(await api.call(bodies.query(id), { key }), key)).toEqual(ONCE);
    expect(signature(await api.call(bodies.status(id, 'FREEZE'), { key }), key)).toEqual(ONCE);
    expect(signature(await api.call({ ...bodies.create(), testFlag: '1' }, { key }), key)).toEqual(ONCE);
  });

  it.each([
    ['the newest key', KEY],
    ['the older key', OLD_KEY],
  ])('a refusal of a member, and of a nonce used before, too, by %s', async (name, key) => {
    const member = await api.call({ activity: 'newInstance' }, { key });
    await api.call(bodies.create(), { key, nonce: name });
    const nonce = await api.call(bodies.create(), { key, nonce: name });
    expect([member.code, nonce.code]).toEqual(['000002', '000001']);
    expect(signature(member, key)).toEqual(ONCE);
    expect(signature(nonce, key)).toEqual(ONCE);
  });

  it('a call that no key signed is answered under the newest', async () => {
    expect(signature(await api.call(bodies.create(), { key: 'unknown' }), KEY)).toEqual(ONCE);
    expect(signature(await api.send({ method: 'GET', target: '/koogallery/saas' }), KEY)).toEqual(ONCE);
  });

  it('over the bytes that leave, non-ASCII included', async () => {
    const answer = await api.call({ ...bodies.query('云', '店'), testFlag: '1' });
    expect(answer.text).toContain('云');
    expect(signature(answer, KEY)).toEqual(ONCE);
  });

  it('without a configured key the answer is unsigned and refuses everything', async () => {
    const keyless = await startApi({ keys: [] });
    const answer = await keyless.call(bodies.create());
    expect([answer.code, answer.headers['body-sign']]).toEqual(['000001', undefined]);
    await keyless.close();
  });
});
