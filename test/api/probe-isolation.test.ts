import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BODY_SIGN, verifyBodySign } from '../../src/marketplace/signing/body-sign.ts';
import { MOCK_ORDERS } from '../../src/simulator/open-api/mock-orders.ts';
import { judge } from '../../src/simulator/verdict.ts';
import { ENTITIES } from '../../src/store/entities.ts';
import { pruneJournal } from '../../src/store/journal.ts';
import { KEY } from '../marketplace/signed-call.ts';
import { bodies, freshLine } from './bodies.ts';
import { ACCESS, instanceIn } from './carry-out.ts';
import { DATABASES, type TestDatabase } from './databases.ts';
import { freshNonce, startApi, type Answer, type RunningApi } from './running-api.ts';

const DAY = 24 * 60 * 60_000;
const SUCCESS = { resultCode: '000000', resultMsg: 'success' };

/** The seven activities as they would be saved for an instance and its order line, with what a debugging call of each is told. */
function seven(id: string, line = freshLine()) {
  return [
    ['newInstance', bodies.create(line), { ...SUCCESS, instanceId: expect.stringMatching(/^.{1,64}$/) }],
    ['queryInstance', bodies.query(id), { ...SUCCESS, info: [{ instanceId: id, appInfo: expect.objectContaining({ frontEndUrl: expect.stringMatching(/^https:/) }) }] }],
    ['refreshInstance', bodies.refresh(id, 'RENEWAL', line), SUCCESS],
    ['updateInstanceStatus', bodies.status(id, 'FREEZE'), SUCCESS],
    ['releaseInstance', bodies.release(id, line), SUCCESS],
    ['upgradeInstance', bodies.upgrade(id, line), SUCCESS],
    ['changeInstanceCheck', bodies.check(id), SUCCESS],
  ] as const;
}
const NAMES = seven('').map(([name]) => name);

/** Every row of every table, the call records and nonces apart. */
async function state({ store }: RunningApi): Promise<string> {
  const tables = ENTITIES.map((entity) => entity.meta.tableName).filter((table) => table !== 'call' && table !== 'nonce');
  const rows = await Promise.all(tables.map(async (table) => [table, await store.em().getConnection().execute(`select * from "${table}"`)]));
  return JSON.stringify(rows, null, 1);
}

/** What the console's debugger finds wrong with the answer; null when it would save the case. */
function fault(verb: string, { status, headers, json }: Answer): string | null {
  const verdict = judge({ verb, kind: 'test', ms: 0, failure: null, status, contentType: String(headers['content-type']), answer: json });
  return verdict.ok ? null : verdict.reason;
}

describe.each(DATABASES)('debugging calls that name a living instance, on $name', ({ open }) => {
  const line = freshLine();
  let on: TestDatabase;
  let api: RunningApi;
  let id: string;
  beforeAll(async () => {
    on = await open();
    api = await startApi({ on });
    id = await instanceIn(api, 'active', line);
  });
  afterAll(async () => {
    await api.close();
    await on.drop();
  });
  beforeEach(() => {
    api.rings.length = 0;
  });
  const bodyOf = (name: string) => seven(id, line).find(([each]) => each === name) ?? seven(id, line)[0];

  it.each(NAMES)('%s is answered as the debugger wants it, signed, and changes no row but its record and its nonce', async (name) => {
    const [, body, told] = bodyOf(name);
    const [before, counts] = [await state(api), await api.rows()];

    const answer = await api.call({ ...body, testFlag: '1' });

    expect(answer.json).toEqual(told);
    expect(fault(name, answer)).toBeNull();
    expect(verifyBodySign(String(answer.headers[BODY_SIGN.toLowerCase()]), KEY, answer.text)).toBe(true);
    expect(answer.text).not.toContain(ACCESS.password);
    expect(await state(api)).toBe(before);
    expect(await api.rows()).toEqual({ ...counts, call: counts.call + 1, nonce: counts.nonce + 1 });
    expect(api.rings).toEqual([]);
  });

  it.each(NAMES)('%s is refused before it is taken for one: wrong signature, stale stamp, used nonce', async (name) => {
    const [, body] = bodyOf(name);
    const probe = { ...body, testFlag: '1' };
    const nonce = freshNonce();
    expect((await api.call(bodies.create({ orderId: 'MOCKONDEMAND', orderLineId: 'MOCKONDEMAND-000001' }), { nonce })).code).toBe('000000');
    const counts = await api.rows();
    expect((await api.call(probe, { key: 'somebody-elses-key' })).json).toEqual({ resultCode: '000001', resultMsg: 'signature is wrong' });
    expect((await api.call(probe, { timestamp: String(api.clock.now - 60_001) })).code).toBe('000002');
    expect((await api.call(probe, { nonce })).code).toBe('000001');
    expect((await api.call({ ...probe, activity: undefined })).code).toBe('000002');
    expect(await api.rows()).toEqual({ ...counts, refusal: counts.refusal + 4 });
  });

  it('the same calls without the flag are real', async () => {
    const before = await state(api);
    expect((await api.call(bodies.status(id, 'FREEZE'))).code).toBe('000000');
    expect(await state(api)).not.toBe(before);
    expect(api.rings).toHaveLength(1);
  });
});

describe('MOCK orders', () => {
  const orders = Object.keys(MOCK_ORDERS).map((orderId) => ({ orderId, orderLineId: `${orderId}-000001` }));
  let api: RunningApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.close());

  it('are the nine of open-api.md §3.1', () => {
    expect(orders.map(({ orderId }) => orderId)).toEqual([
      'MOCKPERIODYEARNEW',
      'MOCKONETIMENEW',
      'MOCKONDEMAND',
      'MOCKONDEMANDPKG',
      'MOCKPERIODDAYTRIAL',
      'MOCKMONTYTRIALTOFORMAL',
      'MOCKMONTYUNSUBSCRIBE',
      'MOCKMONTYRENEW',
      'MOCKMONTYCHANGE',
    ]);
  });

  it.each(orders)('$orderId is answered in every activity that names an order, and nothing is made of it', async (order) => {
    const before = await state(api);
    const { json } = await api.call(bodies.create(order));
    const id = String(json['instanceId']);
    const calls = [
      ...['TRIAL_TO_FORMAL', 'RENEWAL', 'UNSUBSCRIBE_RENEWAL_PERIOD', 'RENEWAL_CHANGE'].map((scene) => bodies.refresh('i-of-a-saved-case', scene, order)),
      bodies.release('i-of-a-saved-case', order),
      bodies.upgrade('i-of-a-saved-case', order),
      // These name no order, and are told by the id that the mock order was given.
      bodies.query(id),
      bodies.status(id, 'UNFREEZE'),
      bodies.check(id),
    ];
    for (const body of calls) {
      const answer = await api.call(body);
      expect(answer.json).toMatchObject(SUCCESS);
      expect(fault(body.activity, answer)).toBeNull();
    }
    expect(await state(api)).toBe(before);
    expect(api.rings).toEqual([]);
  });
});

describe('saved cases', () => {
  let api: RunningApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.close());

  it('replayed for ten years, between the prunings of the journal, are told the same each time', async () => {
    const line = freshLine();
    const { json } = await api.call({ ...bodies.create(line), testFlag: '1' });
    const cases = seven(String(json['instanceId']), line).map(([, body]) => ({ ...body, testFlag: '1' }));
    const replay = () => Promise.all(cases.map(async (body) => (await api.call(body)).text));
    const first = await replay();
    const before = await state(api);
    for (const days of [0.5, 0.5, 1, 30, 400, 400, 3_000]) {
      api.clock.now += days * DAY;
      await pruneJournal(api.store.em(), api.clock.now, 400 * DAY);
      expect(await replay()).toEqual(first);
    }
    expect(await state(api)).toBe(before);
    expect((await api.rows()).call).toBe(cases.length);
  });
});

describe('the network', () => {
  let api: RunningApi;
  let elsewhere: Server;
  const opened: unknown[] = [];
  const note = (message: unknown): void => void opened.push(message);
  beforeAll(async () => {
    api = await startApi();
    elsewhere = createServer((_, response) => response.end()).listen(0, '127.0.0.1');
    await new Promise((resolve) => elsewhere.once('listening', resolve));
    for (const channel of ['net.client.socket', 'undici:request:create']) subscribe(channel, note);
  });
  afterAll(async () => {
    for (const channel of ['net.client.socket', 'undici:request:create']) unsubscribe(channel, note);
    elsewhere.closeAllConnections();
    elsewhere.close();
    await api.close();
  });

  it('is watched: a request from this process is seen', async () => {
    opened.length = 0;
    await fetch(`http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`);
    expect(opened.length).toBeGreaterThan(0);
  });

  it.each(NAMES)('%s with testFlag 1 makes no outbound call: the one connection is the caller’s', async (name) => {
    const body = seven('10e758d0-31ad-4d4e-8f4e-000000000000').find(([each]) => each === name)?.[1];
    opened.length = 0;
    expect((await api.call({ ...body, testFlag: '1' })).code).toBe('000000');
    expect(opened).toHaveLength(1);
  });
});
