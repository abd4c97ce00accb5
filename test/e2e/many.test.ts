import { afterAll, beforeAll, expect, it } from 'vitest';
import { pino } from 'pino';
import { startApiProcess, type ApiProcess } from '../../src/processes/api.ts';
import { showInstance, type InstanceRecord } from '../../src/operations/show-instance.ts';
import type { Order } from '../../src/simulator/books.ts';
import { eventually, startEngine, type Engine } from '../support/engine.ts';
import { memoryTenants, type MemoryTenants } from '../support/provisioners.ts';

const LINES = 12;
const APIS = 3;

let engine: Engine;
let tenants: MemoryTenants;
const apis: ApiProcess[] = [];

beforeAll(async () => {
  tenants = memoryTenants();
  engine = await startEngine({ database: 'postgres', provisioners: tenants });
  const { config, store, taskQueue, temporal } = engine;
  const target = { address: temporal.connection.options.address, namespace: temporal.namespace, development: true };
  const log = pino({ level: 'silent' });
  for (let count = 0; count < APIS; count++) apis.push(await startApiProcess({ config, store, target, log, taskQueue }));
});
afterAll(async () => {
  await Promise.all(apis.map((api) => api.stop()));
  await engine.stop();
});

/** The next of the API processes, as a load balancer gives them out. */
let turn = 0;
const elsewhere = (): void => {
  turn += 1;
  engine.market.setSeller(`http://127.0.0.1:${apis[turn % APIS]?.port}/koogallery/saas`);
};

it('several API processes with their sweepers keep one order per instance, build once, and carry everything out', { timeout: 120_000 }, async () => {
  const { market, store } = engine;
  const orders: Order[] = await Promise.all(Array.from({ length: LINES }, async () => (await market.buy({ skuCode: 'notes', productId: 'notes-month' })).order));
  // The same purchases again, through every process at once: two copies of each may be the first.
  for (let copy = 0; copy < APIS; copy++) {
    elsewhere();
    await Promise.all(orders.map((order) => market.create(order)));
  }
  await Promise.all(orders.map((order) => market.untilReady(order, { every: 100, limit: 60_000 })));
  const ids = await Promise.all(orders.map(async (order) => (await market.asset(order)).instanceId ?? ''));
  expect(new Set(ids).size).toBe(LINES);

  // Commands for each instance from all processes at the same moment.
  for (let round = 0; round < 4; round++) {
    await Promise.all(
      orders.flatMap((order, index) => {
        const id = ids[index] ?? '';
        elsewhere();
        return [market.freeze(id), market.renew(order), market.unfreeze(id)];
      }),
    );
  }
  const settled = async (id: string): Promise<InstanceRecord | false> => {
    const record = await showInstance(store, id);
    return record !== null && record.waiting === 0 && record.commands.every(({ outcome }) => outcome !== null) && record;
  };
  for (const id of ids) {
    const { commands, state } = await eventually(() => settled(id), 60_000);
    expect(commands.map(({ seq }) => seq)).toEqual(commands.map((_, index) => index + 1));
    expect(state.taken).toBe(commands.length);
    // What stands at the end is what the mailbox's order says, and nothing else.
    expect(tenants.tenants.get(id)).toBe(state.desired.frozen.length > 0 ? 'suspended' : 'open');
    expect(tenants.effects.filter((effect) => effect === `create ${id}`)).toHaveLength(1);
  }
  expect(tenants.tenants.size).toBe(LINES);
});
