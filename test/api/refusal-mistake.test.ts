import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { EXPLAINED_BODY, EXPLAINED_PER_SECOND } from '../../src/api/explain-refusal.ts';
import { listRefusals } from '../../src/store/journal.ts';
import { KEY } from '../marketplace/signed-call.ts';
import { bodies } from './bodies.ts';
import { DATABASES, type TestDatabase } from './databases.ts';
import { freshNonce, OTHER_KEYS, startApi, type RunningApi } from './running-api.ts';

const OLD_KEY = 'kg-test-the-key-before-this-one-0001';
const WRONG = { code: '000001', message: 'signature is wrong' };

describe.each(DATABASES)('the record of a refused signature, on $name', ({ open }) => {
  let on: TestDatabase;
  let api: RunningApi;
  beforeAll(async () => {
    on = await open();
    api = await startApi({ on, keys: [KEY, OLD_KEY] });
  });
  afterAll(async () => {
    await api.close();
    await on.drop();
  });
  // A second that nothing was explained in; the one before it is the fence's.
  beforeEach(() => {
    api.clock.now += 2_000;
  });

  const newest = () => listRefusals(api.store.em(), 100);
  const mistakesNow = async (): Promise<(string | null | undefined)[]> => (await newest()).filter(({ receivedAt }) => receivedAt === api.clock.now).map(({ mistake }) => mistake);
  /** Sends a call whose mistake is known: when its record says so, everything begun before it has been looked at as well. */
  const fence = async (): Promise<void> => {
    api.clock.now += 1_000;
    await api.call(bodies.create(), { key: `${KEY}\n` });
    await vi.waitFor(async () => expect(await mistakesNow()).toEqual([expect.stringMatching(/^key-blank-at-end: /)]), { timeout: 20_000 });
    api.clock.now -= 1_000;
  };

  it.each([
    ['a trailing newline in the key', bodies.create(), { key: `${KEY}\n` }, 'key-blank-at-end: the access key carries a line break or a blank at its end'],
    ['another category’s key', bodies.release('i-1'), { key: OTHER_KEYS.license[0] }, 'other-category: signed with the key of the category license'],
    ['nulls signed too', { instanceId: 'i-1', orderId: null, activity: 'releaseInstance' }, { payload: '{"activity":"releaseInstance","instanceId":"i-1","orderId":null}' }, 'nulls-kept: members that are null were signed too'],
  ])('names %s', async (_, body, signing, mistake) => {
    const answer = await api.call(body, signing);
    expect(answer).toMatchObject(WRONG);
    expect(answer.json).toEqual({ resultCode: '000001', resultMsg: 'signature is wrong' });
    await vi.waitFor(async () => expect(await mistakesNow()).toEqual([mistake]), { timeout: 20_000 });
  });

  it('has no mistake where none is known, where the call was refused for something else, and where the body is too large', async () => {
    const nonce = freshNonce();
    await api.call(bodies.create(), { nonce });
    expect(await api.call(bodies.create(), { key: 'kg-test-nobody-knows-this-key-0000' })).toMatchObject(WRONG);
    expect((await api.call(bodies.create(), { nonce })).message).toBe('nonce was used before with another body');
    expect((await api.call({ ...bodies.create(), orderId: '' }, { key: KEY })).code).toBe('000002');
    expect((await api.call({ ...bodies.create(), orderId: 'x'.repeat(EXPLAINED_BODY) }, { key: `${KEY}\n` })).code).toBe('000001');
    await fence();
    expect(await mistakesNow()).toEqual([null, null, null, null]);
  });

  it('is explained only so many times a second, however many are refused, and again in the next one', async () => {
    const answers = await Promise.all(Array.from({ length: EXPLAINED_PER_SECOND + 7 }, () => api.call(bodies.create(), { key: `${KEY}\n` })));
    expect(answers.map(({ code }) => code)).toEqual(answers.map(() => '000001'));
    await fence();
    await vi.waitFor(async () => expect((await mistakesNow()).filter((mistake) => mistake !== null)).toHaveLength(EXPLAINED_PER_SECOND), { timeout: 20_000 });
    expect(await mistakesNow()).toHaveLength(EXPLAINED_PER_SECOND + 7);
  });

  it('holds no key, and neither does the log', async () => {
    const told = JSON.stringify((await newest()).map(({ mistake }) => mistake)) + api.log.join('');
    expect(told).toContain('key-blank-at-end');
    for (const key of [KEY, OLD_KEY, ...Object.values(OTHER_KEYS).flat()]) expect(told).not.toContain(key);
  });
});
