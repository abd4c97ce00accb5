import { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { temporalBell } from '../../src/delivery/temporal-bell.ts';
import type { Instruction } from '../../src/lifecycle/command.ts';
import { act, type Desk } from '../../src/operations/act.ts';
import { awaitOutcome } from '../../src/operations/await-outcome.ts';
import { complete } from '../../src/operations/complete.ts';
import { showInstance, type InstanceRecord } from '../../src/operations/show-instance.ts';
import type { Order } from '../../src/simulator/books.ts';
import { createSealer } from '../../src/store/sealer.ts';
import { eventually, startEngine, type Engine } from '../support/engine.ts';
import { memoryTenants, type MemoryTenants } from '../support/provisioners.ts';

const PURCHASE = { skuCode: 'notes', productId: 'notes-month' } as const;
const PACE = { every: 100, limit: 30_000 } as const;

describe.each(['sqlite', 'postgres'] as const)('a person’s hand on a whole engine (%s)', (database) => {
  let engine: Engine;
  let tenants: MemoryTenants;
  let desk: Desk;

  beforeAll(async () => {
    tenants = memoryTenants();
    engine = await startEngine({ database, provisioners: tenants, clocks: { keep: '100ms', onFailing: 'wait' } });
    desk = { store: engine.store, bell: temporalBell(engine.temporal.client, engine.taskQueue), now: () => Date.now() };
  });
  beforeEach(() => {
    tenants.trouble = {};
  });
  afterAll(() => engine.stop());

  const buy = async (): Promise<{ order: Order; id: string }> => {
    const { order, call } = await engine.market.buy(PURCHASE);
    return { order, id: String(call.answer?.['instanceId']) };
  };
  const ready = async (): Promise<{ order: Order; id: string }> => {
    const bought = await buy();
    await engine.market.untilReady(bought.order, PACE);
    return bought;
  };
  const shown = async (id: string, what: (record: InstanceRecord) => unknown): Promise<InstanceRecord> =>
    eventually(async () => {
      const record = await showInstance(engine.store, id);
      return record && what(record) ? record : null;
    });
  /** Gives a command and waits until it is carried out. */
  const give = async (id: string, instruction: Instruction): Promise<string | null> => {
    const acted = await act(desk, id, instruction);
    if (acted?.verdict !== 'admitted') return acted?.verdict ?? null;
    return (await awaitOutcome(engine.store, id, acted.seq, 30_000))?.outcome ?? null;
  };
  const counts = async (): Promise<{ needsPerson: number; reasons: Record<string, number> }> => (await fetch(`http://127.0.0.1:${engine.api.operatorPort}/counts`)).json() as Promise<{ needsPerson: number; reasons: Record<string, number> }>;
  /** Fails at once, and for good until a test mends it. */
  const stuck = async (): Promise<{ order: Order; id: string }> => {
    tenants.trouble.before = (verb) => (verb === 'create' ? Promise.reject(ApplicationFailure.nonRetryable('no room left', 'no-room')) : Promise.resolve());
    const bought = await buy();
    for (const rounds of [1, 2, 3]) {
      await shown(bought.id, ({ state }) => state.trouble?.rounds === rounds);
      // Each command cuts the back-off short, so that the rounds follow each other here in moments.
      if (rounds < 3) await act(desk, bought.id, { kind: rounds === 1 ? 'hold' : 'unhold' });
    }
    return bought;
  };

  it('a building that failed three rounds waits for a person, who is told everywhere, and whose retry succeeds', { timeout: 90_000 }, async () => {
    const before = (await counts()).reasons['effect-failing'] ?? 0;
    const { order, id } = await stuck();
    const record = await shown(id, ({ needsPerson }) => needsPerson.includes('effect-failing'));
    expect(record.state.trouble).toMatchObject({ effect: 'provision', code: 'no-room', nextTryAt: null });
    expect(record.reasons[0]?.mend).toContain('retry');
    expect((await engine.market.poll(id)).resultCode).toBe('000004');
    expect((await counts()).reasons['effect-failing']).toBe(before + 1);
    const metrics = await (await fetch(`http://127.0.0.1:${engine.api.operatorPort}/metrics`)).text();
    expect(metrics).toContain(`kookeeper_instances_needing_person{reason="effect-failing"} ${before + 1}\n`);
    const notice = await shown(id, ({ notices }) => notices.some(({ kind, sentAt }) => kind === 'effect-failing' && sentAt !== null));
    expect(notice.notices[0]?.detail).toContain('no room left');
    expect(engine.logged.some((line) => line.includes(id) && line.includes('an instance needs a person') && line.includes('effect-failing'))).toBe(true);

    tenants.trouble = {};
    expect(await give(id, { kind: 'retry' })).toBe('done');
    await engine.market.untilReady(order, PACE);
    expect((await shown(id, ({ needsPerson }) => needsPerson.length === 0)).state.trouble).toBeNull();
    expect((await counts()).reasons['effect-failing'] ?? 0).toBe(before);
  });

  it('completed by hand: the buyer gets the access data that the person gave', { timeout: 90_000 }, async () => {
    const { order, id } = await stuck();
    const access = { frontEndUrl: 'https://by-hand.example', userName: 'admin', password: 'made-by-hand' };
    const acted = await complete(desk, order.orderLineId, { access: JSON.stringify(access), sealer: createSealer(engine.config.secrets) });
    expect(acted).toMatchObject({ verdict: 'admitted', rung: 'rung' });
    expect(await engine.market.untilReady(order, PACE)).toEqual(access);
    expect((await engine.market.create(order)).answer).toMatchObject({ resultCode: '000000', instanceId: id });
    expect(tenants.tenants.has(id)).toBe(false);
    expect(engine.logged.join('\n')).not.toContain('made-by-hand');
  });

  it('abandoned: the marketplace is told the person’s code and words, on query and on create', { timeout: 90_000 }, async () => {
    const { order, id } = await stuck();
    expect(await give(id, { kind: 'abandon', code: '000107', message: 'cannot be served here' })).toBe('done');
    expect((await engine.market.poll(id)).answer).toMatchObject({ resultCode: '000107', resultMsg: 'cannot be served here' });
    expect((await engine.market.create(order)).resultCode).toBe('000107');
    expect((await shown(id, () => true)).needsPerson).toEqual([]);
  });

  it('held over a release: access ends, the data stay until the hold is taken back', async () => {
    const { id } = await ready();
    expect(await give(id, { kind: 'hold' })).toBe('done');
    expect((await engine.market.release(id, { unsubscribe: true })).resultCode).toBe('000000');
    const { state } = await shown(id, ({ phase }) => phase === 'released');
    // What is due is past when the next command has been carried out.
    await eventually(() => Promise.resolve(Date.now() > (state.desired.released?.removeAt ?? 0)));
    expect(await give(id, { kind: 'retry' })).toBe('done');
    expect(tenants.tenants.get(id)).toBe('suspended');
    expect(await give(id, { kind: 'unhold' })).toBe('done');
    await shown(id, ({ state: now }) => now.actual.tenant === 'removed');
    expect(tenants.tenants.has(id)).toBe(false);
    expect(await give(id, { kind: 'hold' })).toBe('no');
  });

  it('released by the marketplace while it is paid: kept for a person, whose cancel-release opens it again', async () => {
    const { order, id } = await ready();
    await engine.market.renew(order, { expireAt: Date.now() + 30 * 86_400_000 });
    await engine.market.release(id);
    await shown(id, ({ phase, needsPerson }) => phase === 'released' && needsPerson.includes('release-while-paid'));
    expect(await give(id, { kind: 'cancelRelease' })).toBe('done');
    await shown(id, ({ phase, needsPerson }) => phase === 'active' && needsPerson.length === 0);
    expect(tenants.tenants.get(id)).toBe('open');
    expect((await engine.market.poll(id)).resultCode).toBe('000000');
  });

  it('frozen by a person and by the marketplace: the marketplace’s unfreeze leaves the person’s cause', async () => {
    const { id } = await ready();
    expect(await give(id, { kind: 'freeze' })).toBe('done');
    await engine.market.freeze(id);
    await shown(id, ({ state }) => state.desired.frozen.join() === 'person,violation');
    await engine.market.unfreeze(id);
    await shown(id, ({ state }) => state.desired.frozen.join() === 'person');
    expect(tenants.tenants.get(id)).toBe('suspended');
    expect(await give(id, { kind: 'unfreeze' })).toBe('done');
    await eventually(() => Promise.resolve(tenants.tenants.get(id) === 'open'));
  });

  it('without a bell: the sweeper of the API rings, and the command is carried out all the same', async () => {
    const { id } = await ready();
    const acted = await act({ ...desk, bell: null }, id, { kind: 'freeze' });
    expect(acted).toMatchObject({ verdict: 'admitted', rung: 'left', seq: 2 });
    expect(await awaitOutcome(engine.store, id, 2, 30_000)).toMatchObject({ outcome: 'done' });
    expect(tenants.tenants.get(id)).toBe('suspended');
  });
});
