import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Question, Questions, Reply } from '../../src/delivery/questions.ts';
import { listCalls } from '../../src/store/journal.ts';
import { findInstance } from '../../src/store/instances.ts';
import { bodies } from './bodies.ts';
import { instanceIn } from './carry-out.ts';
import { DATABASES, type TestDatabase } from './databases.ts';
import { startApi, type Answer, type RunningApi } from './running-api.ts';

const PLAN = { skuCode: 'sku-1', productId: 'OFFI1', quantity: 5, chargingMode: 'PERIOD', trial: false };
const TARGET = { productId: 'OFFI2', skuCode: 'sku-2', linearValue: 9 };

describe.each(DATABASES)('changeInstanceCheck, on $name', ({ open }) => {
  let on: TestDatabase;
  let api: RunningApi;
  let asked: { question: Question; id: string; limit: number }[] = [];
  let answer: () => Promise<Reply | null>;
  const questions: Questions = {
    ask(question, id, limit) {
      asked.push({ question, id, limit });
      return answer();
    },
  };
  beforeAll(async () => {
    on = await open();
    api = await startApi({ on, questions });
  });
  beforeEach(() => {
    asked = [];
    answer = () => Promise.resolve({ allowed: true });
  });
  afterAll(async () => {
    await api.close();
    await on.drop();
  });
  const check = (instanceId: string, productInfo: unknown = TARGET): Promise<Answer> => api.call({ activity: 'changeInstanceCheck', instanceId, productInfo });

  it.each(['active', 'frozen'] as const)('asks the provisioner of what is %s, with what is and what would be', async (situation) => {
    const id = await instanceIn(api, situation);
    const row = await findInstance(api.store.em(), id);
    const before = await api.rows();
    expect((await check(id)).json).toEqual({ resultCode: '000000', resultMsg: 'success' });
    expect(asked.map(({ question }) => question)).toEqual([{ instanceId: id, from: PLAN, plan: { ...PLAN, skuCode: 'sku-2', productId: 'OFFI2', quantity: 9 } }]);
    expect(asked[0]?.limit).toBeLessThanOrEqual(3_500);
    // Changes nothing: one record, and nobody rings.
    expect(await api.rows()).toEqual({ ...before, call: before.call + 1, nonce: before.nonce + 1 });
    expect(await findInstance(api.store.em(), id)).toEqual(row);
    const [record] = await listCalls(api.store.em(), { instanceId: id, verb: 'changeInstanceCheck', limit: 1 });
    expect(record).toMatchObject({ id: asked[0]?.id, resultCode: '000000', seq: null });
  });

  it('tells a refusal as 000005 with its reason, and the record says so', async () => {
    answer = () => Promise.resolve({ allowed: false, reason: '62 of 50 users are in use' });
    const id = await instanceIn(api, 'active');
    const told = { resultCode: '000005', resultMsg: '62 of 50 users are in use' };
    expect((await check(id)).json).toEqual(told);
    const [record] = await listCalls(api.store.em(), { instanceId: id, verb: 'changeInstanceCheck', limit: 1 });
    expect(record).toMatchObject(told);
  });

  it.each<[string, () => Promise<Reply | null>]>([
    ['nobody answers in time', () => Promise.resolve(null)],
    ['asking fails', () => Promise.reject(new Error('no connection'))],
  ])('is 000005 when %s: nothing was promised', async (_, fails) => {
    answer = fails;
    expect((await check(await instanceIn(api, 'active'))).code).toBe('000005');
  });

  it.each([
    ['admitted', '000005'],
    ['released', '000003'],
    ['removed', '000003'],
    ['failed', '000003'],
  ] as const)('of what is %s is %s, and nobody is asked', async (situation, code) => {
    expect((await check(await instanceIn(api, situation))).code).toBe(code);
    expect(asked).toEqual([]);
  });

  it('of an id that is not ours is 000003', async () => {
    expect((await check('10e758d0-31ad-4d4e-8f4e-000000000000')).code).toBe('000003');
    expect(asked).toEqual([]);
  });

  it.each([
    ['an object', TARGET],
    ['an array of one', [TARGET]],
    ['JSON text of an object', JSON.stringify(TARGET)],
    ['JSON text of an array', JSON.stringify([TARGET])],
    ['an object whose numbers are text', { ...TARGET, linearValue: '9' }],
  ])('reads productInfo as %s', async (_, productInfo) => {
    expect((await check(await instanceIn(api, 'active'), productInfo)).code).toBe('000000');
    expect(asked[0]?.question.plan).toMatchObject({ skuCode: 'sku-2', productId: 'OFFI2', quantity: 9 });
  });

  it('leaves as it is what the target does not name', async () => {
    await check(await instanceIn(api, 'active'), { linearValue: 7 });
    expect(asked[0]?.question.plan).toEqual({ ...PLAN, quantity: 7 });
  });

  it.each([
    ['nothing', null],
    ['two products', [TARGET, TARGET]],
    ['text that is no JSON', 'sku-2'],
    ['a size that is no number', { linearValue: 'many' }],
  ])('is 000002 for %s, naming productInfo', async (_, productInfo) => {
    const refused = await check(await instanceIn(api, 'active'), productInfo);
    expect([refused.code, refused.message]).toEqual(['000002', expect.stringMatching(/^productInfo/)]);
    expect(asked).toEqual([]);
  });

  it('is asked again each time: an answer is never kept', async () => {
    const id = await instanceIn(api, 'active');
    answer = () => Promise.resolve({ allowed: false, reason: 'too many users' });
    expect((await check(id)).code).toBe('000005');
    answer = () => Promise.resolve({ allowed: true });
    expect((await check(id)).code).toBe('000000');
    expect(asked.length).toBe(2);
  });

  it('with testFlag 1 is a success without asking anybody', async () => {
    expect((await api.call({ ...bodies.check('any-id-at-all'), testFlag: '1' })).code).toBe('000000');
    expect(asked).toEqual([]);
  });
});
