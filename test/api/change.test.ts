import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOutcomes, type Outcomes } from '../../src/api/outcomes.ts';
import { MailboxCommand } from '../../src/store/entities.ts';
import { listCalls } from '../../src/store/journal.ts';
import { listCommands } from '../../src/store/mailbox.ts';
import { openStore, type Store } from '../../src/store/open.ts';
import { stateOf } from '../../src/store/state-of.ts';
import { findInstance } from '../../src/store/instances.ts';
import { eventually } from '../support/eventually.ts';
import { bodies, freshLine } from './bodies.ts';
import { BIGGER, carryOut, instanceIn, UPGRADE } from './carry-out.ts';
import { DATABASES, type TestDatabase } from './databases.ts';
import { freshNonce, signed, startApi, type Answer, type RunningApi } from './running-api.ts';

let orders = 0;
const upgradeOrder = (): ReturnType<typeof freshLine> => {
  const orderId = `${UPGRADE}${(orders += 1)}`;
  return { orderId, orderLineId: `${orderId}-000001` };
};
const NO = { code: '000104', message: '62 of 50 users are in use' };

describe.each(DATABASES)('upgradeInstance, on $name', ({ open }) => {
  let on: TestDatabase;
  let api: RunningApi;
  let store: Store;
  /** Whether the caller is patient enough for anything to be carried out. */
  let patient = true;

  beforeAll(async () => {
    on = await open();
    store = await openStore(on.database);
    await store.migrate();
    const real = createOutcomes(store);
    const outcomes: Outcomes = { wait: (instanceId, seq, limit) => (patient ? real.wait(instanceId, seq, limit * 100) : Promise.resolve(null)) };
    api = await startApi({ on, outcomes });
  });
  afterAll(async () => {
    await api.close();
    await store.close();
    await on.drop();
  });

  const commands = async (id: string) => (await listCommands(store.em(), id)).filter(({ instruction: { kind } }) => kind === 'change');
  const records = async (id: string): Promise<string[]> => (await listCalls(store.em(), { instanceId: id, verb: 'upgradeInstance', limit: 9 })).map(({ resultCode }) => resultCode);
  /** The call waits while the workflow's part is done. */
  const askWhile = async (id: string, body: object, refusal?: { code: string; message: string }): Promise<Answer> => {
    patient = true;
    const [answer] = await Promise.all([api.call(body), eventually(async () => (await commands(id)).some(({ outcome }) => outcome === null)).then(() => carryOut(api, id, refusal))]);
    return answer;
  };
  const askInVain = async (body: object): Promise<Answer> => {
    patient = false;
    return api.call(body);
  };

  it('carried out while its caller waits is answered 000000, and the record says so', async () => {
    const id = await instanceIn(api, 'active');
    const answer = await askWhile(id, bodies.upgrade(id, upgradeOrder()));
    expect(answer.json).toEqual({ resultCode: '000000', resultMsg: 'success' });
    expect(await commands(id)).toMatchObject([{ outcome: 'done', answeredAt: null }]);
    expect(await records(id)).toEqual(['000000']);
    expect(stateOf((await findInstance(store.em(), id))!).actual.plan).toEqual(BIGGER);
  });

  it('not carried out in time is answered 000005, and the repeat finds it done: one command, and nobody is told', async () => {
    const id = await instanceIn(api, 'active');
    const body = bodies.upgrade(id, upgradeOrder());
    expect((await askInVain(body)).code).toBe('000005');
    expect(await commands(id)).toMatchObject([{ outcome: null, answeredAt: api.clock.now }]);
    expect((await askInVain(body)).code).toBe('000005');
    await carryOut(api, id);
    // Nobody has heard it yet: the sweeper would tell a person in three hours.
    expect(await commands(id)).toMatchObject([{ outcome: 'done', answeredAt: api.clock.now }]);
    expect((await askInVain(body)).code).toBe('000000');
    expect(await commands(id)).toMatchObject([{ outcome: 'done', answeredAt: null }]);
    expect((await records(id)).toSorted()).toEqual(['000000', '000005', '000005']);
  });

  it('asked for again while it waits is heard by both callers', async () => {
    const id = await instanceIn(api, 'frozen');
    const body = bodies.upgrade(id, upgradeOrder());
    patient = true;
    const first = api.call(body);
    await eventually(async () => (await commands(id)).length === 1);
    const second = api.call(body);
    await eventually(async () => (await records(id)).length === 2);
    await carryOut(api, id);
    expect([(await first).code, (await second).code]).toEqual(['000000', '000000']);
    expect((await commands(id)).length).toBe(1);
  });

  it('refused for good is answered 000005 with the reason; the next call is a new attempt, and the plan stays', async () => {
    const id = await instanceIn(api, 'active');
    const before = stateOf((await findInstance(store.em(), id))!).actual.plan;
    const body = bodies.upgrade(id, upgradeOrder());
    const answer = await askWhile(id, body, NO);
    expect(answer.json).toEqual({ resultCode: '000005', resultMsg: NO.message });
    expect(await commands(id)).toMatchObject([{ outcome: 'failed', detail: NO.message, answeredAt: null, attempt: 1 }]);
    const state = stateOf((await findInstance(store.em(), id))!);
    expect([state.desired.plan, state.actual.plan, state.needsPerson]).toEqual([before, before, {}]);
    expect((await askWhile(id, body)).code).toBe('000000');
    expect(await commands(id)).toMatchObject([{ attempt: 1 }, { attempt: 2, outcome: 'done' }]);
  });

  it('overtaken by a release is answered 000003', async () => {
    const id = await instanceIn(api, 'active');
    const body = bodies.upgrade(id, upgradeOrder());
    await askInVain(body);
    expect((await api.call(bodies.release(id))).code).toBe('000000');
    await carryOut(api, id);
    expect(await commands(id)).toMatchObject([{ outcome: 'superseded' }]);
    expect((await askInVain(body)).code).toBe('000003');
  });

  it('replayed to the byte after a 000005 is judged afresh, after a 000000 told the same', async () => {
    const id = await instanceIn(api, 'active');
    const sent = signed(bodies.upgrade(id, upgradeOrder()), { timestamp: String(api.clock.now), nonce: freshNonce() });
    patient = false;
    expect((await api.send(sent)).code).toBe('000005');
    await carryOut(api, id);
    expect([(await api.send(sent)).code, (await api.send(sent)).code]).toEqual(['000000', '000000']);
    expect((await commands(id)).length).toBe(1);
  });

  it('of another order is another change', async () => {
    const id = await instanceIn(api, 'active');
    await askInVain(bodies.upgrade(id, upgradeOrder()));
    await askInVain(bodies.upgrade(id, upgradeOrder()));
    await carryOut(api, id);
    expect((await commands(id)).map(({ outcome }) => outcome)).toEqual(['done', 'done']);
  });

  it('for an id that is not ours makes no row', async () => {
    const before = await api.rows();
    expect((await askInVain(bodies.upgrade('10e758d0-31ad-4d4e-8f4e-000000000000', upgradeOrder()))).code).toBe('000003');
    expect(await api.rows()).toEqual({ ...before, call: before.call + 1, nonce: before.nonce + 1 });
  });

  it('a renewal with change is promised at once, asks nobody to come again, and a failed one is tried anew', async () => {
    const id = await instanceIn(api, 'active');
    const body = bodies.refresh(id, 'RENEWAL_CHANGE', upgradeOrder());
    patient = false;
    expect((await api.call(body)).code).toBe('000000');
    await carryOut(api, id, NO);
    const { needsPerson, desired } = stateOf((await findInstance(store.em(), id))!);
    expect([Object.keys(needsPerson), desired.stated]).toEqual([['change-refused'], true]);
    expect((await api.call(body)).code).toBe('000000');
    await carryOut(api, id);
    expect((await api.call(body)).code).toBe('000000');
    const rows = await store.em().find(MailboxCommand, { instanceId: id }, { orderBy: { seq: 'asc' } });
    expect(rows.map(({ instruction, outcome, attempt, answeredAt }) => [instruction.kind, outcome, attempt, answeredAt])).toEqual([
      ['create', 'done', 1, null],
      ['renewChange', 'failed', 1, null],
      ['renewChange', 'done', 2, null],
    ]);
  });
});
