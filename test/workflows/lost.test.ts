import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareLives } from '../../src/delivery/compare.ts';
import { temporalLives } from '../../src/delivery/lives.ts';
import { workflowIdOf } from '../../src/delivery/temporal-bell.ts';
import { revive } from '../../src/operations/revive.ts';
import { showInstance } from '../../src/operations/show-instance.ts';
import type { Order } from '../../src/simulator/books.ts';
import { Instance } from '../../src/store/entities.ts';
import { findInstance } from '../../src/store/instances.ts';
import { eventually, startEngine, type Engine } from '../support/engine.ts';
import { openStore } from '../../src/store/open.ts';
import { memoryTenants, type MemoryTenants } from '../support/provisioners.ts';

const LATER = 60 * 60_000;

describe.each(['sqlite', 'postgres'] as const)('a lost life, stored in %s', (database) => {
  let engine: Engine;
  let tenants: MemoryTenants;
  let order: Order;
  let id: string;

  beforeAll(async () => {
    tenants = memoryTenants();
    engine = await startEngine({ database, provisioners: tenants });
    const bought = await engine.market.buy({ skuCode: 'notes', productId: 'notes-month' });
    order = bought.order;
    id = String(bought.call.answer?.['instanceId']);
    await engine.market.untilReady(order, { every: 100, limit: 30_000 });
  });
  afterAll(() => engine.stop());

  const lives = () => temporalLives(engine.temporal.client, engine.taskQueue);
  const rowOf = async () => findInstance(engine.store.em(), id);
  const handle = () => engine.temporal.client.workflow.getHandle(workflowIdOf(`${order.orderId}/${order.orderLineId}`));
  const compare = () => compareLives(engine.store, lives(), Date.now() + LATER);

  it('is not found where a workflow runs', async () => {
    expect(await compare()).toEqual({ living: 1, lost: [], rowless: [] });
    expect(await revive(engine.store, lives(), id, Date.now())).toEqual({ is: 'running' });
  });

  it('is found once by the comparison when its workflow was terminated', async () => {
    await handle().terminate('by mistake');
    expect(await compare()).toEqual({ living: 1, lost: [id], rowless: [] });
    expect((await rowOf())?.lostSince).toEqual(expect.any(Number));
    expect(await compare()).toEqual({ living: 1, lost: [], rowless: [] });
  });

  it('still answers, keeps what is promised meanwhile, and is not started anew by a ring', async () => {
    expect((await engine.market.freeze(id)).answer).toMatchObject({ resultCode: '000000' });
    // The sweeper has rung at least once when it has put the next ring off.
    await eventually(async () => ((await rowOf())?.rings ?? 0) > 0);
    expect(tenants.tenants.get(id)).toBe('open');
    expect(await lives().isRunning(`${order.orderId}/${order.orderLineId}`)).toBe(false);
  });

  it('is revived from the stored state: the next generation carries out what waited, and the mailbox tells who did it', async () => {
    expect(await revive(engine.store, lives(), order.orderLineId, Date.now())).toEqual({ is: 'revived', instanceId: id, generation: 2 });
    await eventually(() => Promise.resolve(tenants.tenants.get(id) === 'suspended'));
    const shown = await eventually(async () => {
      const record = await showInstance(engine.store, id);
      // Row and commands are read one after the other: what lies between the two reads shows in the commands alone.
      return record?.phase === 'frozen' && record.commands.every(({ outcome }) => outcome !== null) && record;
    });
    expect(shown).toMatchObject({ phase: 'frozen', state: { generation: 2 } });
    expect(shown.commands.map(({ instruction, by, outcome }) => [instruction.kind, by, outcome])).toEqual([
      ['create', 'marketplace', 'done'],
      ['freeze', 'marketplace', 'done'],
      ['revive', 'person', 'done'],
    ]);
    expect((await rowOf())?.lostSince ?? null).toBeNull();
    expect(tenants.effects.filter((effect) => effect.startsWith('create'))).toHaveLength(1);
  });

  it('is told of when its row is gone: the database is older than it', async () => {
    const elsewhere = await openStore({ kind: 'sqlite', file: ':memory:' });
    await elsewhere.migrate();
    expect(await eventually(async () => (await compareLives(elsewhere, lives(), Date.now())).rowless)).toEqual([`${order.orderId}/${order.orderLineId}`]);
    await elsewhere.close();
  });

  it('ends like any other, and what has ended is not revived', async () => {
    await engine.market.unfreeze(id);
    await eventually(() => Promise.resolve(tenants.tenants.get(id) === 'open'));
    expect((await engine.market.poll(id)).resultCode).toBe('000000');
    await engine.store.em().nativeUpdate(Instance, { id }, { living: false });
    expect(await revive(engine.store, lives(), id, Date.now())).toEqual({ is: 'ended' });
    expect(await revive(engine.store, lives(), 'nobody', Date.now())).toEqual({ is: 'unknown' });
  });
});
