import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listCalls } from '../../src/store/journal.ts';
import { bodies, freshLine } from './bodies.ts';
import { instanceIn } from './carry-out.ts';
import { DATABASES, type TestDatabase } from './databases.ts';
import { SECRET, startApi, type RunningApi, type Rows } from './running-api.ts';

/** An id out of a case that was saved years ago. */
const LONG_GONE = '10e758d0-31ad-4d4e-8f4e-000000000000';
const EMPTY: Rows = { call: 0, nonce: 0, refusal: 0, instance: 0, command: 0, sealed: 0, breaker: 0 };
const MOCK = { orderId: 'MOCKPERIODYEARNEW', orderLineId: 'MOCKPERIODYEARNEW-000001' };

const SEVEN = [
  ['newInstance', bodies.create()],
  ['queryInstance', bodies.query(LONG_GONE)],
  ['refreshInstance', bodies.refresh(LONG_GONE)],
  ['refreshInstance RENEWAL_CHANGE', bodies.refresh(LONG_GONE, 'RENEWAL_CHANGE')],
  ['updateInstanceStatus', bodies.status(LONG_GONE, 'FREEZE')],
  ['releaseInstance', bodies.release(LONG_GONE)],
  ['upgradeInstance', bodies.upgrade(LONG_GONE)],
  ['changeInstanceCheck', bodies.check(LONG_GONE)],
] as const;

const MOCKED = [
  ['newInstance', bodies.create(MOCK)],
  ['refreshInstance', bodies.refresh(LONG_GONE, 'RENEWAL', MOCK)],
  ['releaseInstance', bodies.release(LONG_GONE, MOCK)],
  ['upgradeInstance', bodies.upgrade(LONG_GONE, MOCK)],
] as const;

describe.each(DATABASES)('a debugging call on an empty database, on $name', ({ open }) => {
  let on: TestDatabase;
  let api: RunningApi;
  let before: Rows;
  beforeAll(async () => {
    on = await open();
    api = await startApi({ on });
    expect(await api.rows()).toEqual(EMPTY);
  });
  afterAll(async () => {
    await api.close();
    await on.drop();
  });
  beforeEach(async () => {
    before = await api.rows();
  });

  const expectNothingButItsRecord = async (): Promise<void> => {
    expect(await api.rows()).toEqual({ ...before, call: before.call + 1, nonce: before.nonce + 1 });
    const live = await listCalls(api.store.em(), { kind: 'live', limit: 10 });
    expect([live, api.rings]).toEqual([[], []]);
  };

  it.each(SEVEN)('%s with testFlag 1 succeeds and leaves only its nonce and its record', async (_, body) => {
    expect((await api.call({ ...body, testFlag: '1' })).code).toBe('000000');
    await expectNothingButItsRecord();
  });

  it.each(MOCKED)('%s of a MOCK order is one even without the flag', async (_, body) => {
    expect((await api.call(body)).code).toBe('000000');
    await expectNothingButItsRecord();
  });

  it('testFlag as a number is the same flag', async () => {
    expect((await api.call({ ...bodies.create(), testFlag: 1 })).code).toBe('000000');
    await expectNothingButItsRecord();
  });

  it('a create is told an id that is the same each time and another for another line', async () => {
    const line = freshLine();
    const [first, second, other] = [await api.call({ ...bodies.create(line), testFlag: '1' }), await api.call({ ...bodies.create(line), testFlag: '1' }), await api.call({ ...bodies.create(), testFlag: '1' })];
    expect(first.json).toEqual({ resultCode: '000000', resultMsg: 'success', instanceId: expect.stringMatching(/^.{1,64}$/) });
    expect(second.json).toEqual(first.json);
    expect(other.json['instanceId']).not.toBe(first.json['instanceId']);
  });

  it('a query is told complete access data for every id that it asks', async () => {
    const ids = Array.from({ length: 100 }, (_, n) => `gone-${n}`);
    const { json } = await api.call({ ...bodies.query(...ids), testFlag: '1' });
    const info = json['info'] as { instanceId: string; appInfo: Record<string, string> }[];
    expect(info.map(({ instanceId }) => instanceId)).toEqual(ids);
    expect(info.every(({ appInfo }) => appInfo['frontEndUrl']?.startsWith('https://'))).toBe(true);
    await expectNothingButItsRecord();
  });

  it.each(SEVEN.filter(([name]) => name !== 'newInstance'))('%s for an id that a probe was given is one even without the flag', async (_, body) => {
    const id = String((await api.call(bodies.create(MOCK))).json['instanceId']);
    before = await api.rows();
    expect((await api.call({ ...body, instanceId: id })).code).toBe('000000');
    await expectNothingButItsRecord();
  });

  it('a wrong signature is refused all the same', async () => {
    const answer = await api.call({ ...bodies.create(), testFlag: '1' }, { key: 'somebody-elses-key' });
    expect(answer.code).toBe('000001');
    expect(await api.rows()).toEqual({ ...before, refusal: before.refusal + 1 });
  });

  it('a wrong member is refused all the same', async () => {
    expect((await api.call({ ...bodies.create(), orderId: '', testFlag: '1' })).code).toBe('000002');
    expect(await api.rows()).toEqual({ ...before, refusal: before.refusal + 1 });
  });
});

describe('debugging calls beside live data', () => {
  let api: RunningApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.close());

  it('testFlag 0 and an empty one are real traffic', async () => {
    const before = await api.rows();
    for (const testFlag of ['0', '']) expect((await api.call({ ...bodies.create(), testFlag })).code).toBe('000004');
    expect((await api.rows()).instance).toBe(before.instance + 2);
  });

  it('a flagged release of a living instance does not touch it', async () => {
    const id = await instanceIn(api, 'active');
    const before = await api.rows();
    expect((await api.call({ ...bodies.release(id), testFlag: '1' })).code).toBe('000000');
    expect(await api.rows()).toEqual({ ...before, call: before.call + 1, nonce: before.nonce + 1 });
    expect((await api.call(bodies.query(id))).code).toBe('000000');
  });

  it('a flagged create of a living line is not told the living id, and a flagged query not the living access data', async () => {
    const line = freshLine();
    const id = await instanceIn(api, 'active', line);
    expect((await api.call({ ...bodies.create(line), testFlag: '1' })).json['instanceId']).not.toBe(id);
    expect((await api.call({ ...bodies.query(id), testFlag: '1' })).text).not.toContain('crm.example.com');
  });

  it('a probe id beside a living one is left out of the answer', async () => {
    const id = await instanceIn(api, 'active');
    const probe = String((await api.call(bodies.create(MOCK))).json['instanceId']);
    expect((await api.call(bodies.query(probe, id))).json['info']).toEqual([expect.objectContaining({ instanceId: id })]);
  });

  it('an id that only looks like one of a probe is unknown', async () => {
    expect((await api.call(bodies.query('probe-0123456789abcdef-0123456789abcdef'))).code).toBe('000003');
  });

  it('an id that a probe was given before the secret changed is still known as one', async () => {
    const id = String((await api.call(bodies.create(MOCK))).json['instanceId']);
    const rotated = await startApi({ secrets: ['the newer secret of the two', SECRET] });
    expect((await rotated.call(bodies.status(id, 'FREEZE'))).code).toBe('000000');
    await rotated.close();
  });
});
