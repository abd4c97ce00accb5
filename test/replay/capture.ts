// Captures the histories that the replay tests run: `node_modules/.bin/vitest run --config test/replay/capture.config.ts`.
// Run it when a released path of the workflow gets a new one beside it; never to make a failing replay pass.
import { mkdir, writeFile } from 'node:fs/promises';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { workflowIdOf } from '../../src/delivery/temporal-bell.ts';
import { ProvisionRefused } from '../../src/provisioners/provisioner.ts';
import type { Order } from '../../src/simulator/books.ts';
import { eventually, startEngine, type Engine } from '../support/engine.ts';
import { memoryTenants, type MemoryTenants } from '../support/provisioners.ts';

const FOLDER = new URL('./histories/', import.meta.url);
const PURCHASE = { skuCode: 'notes', productId: 'notes-month' } as const;
const PACE = { every: 100, limit: 20_000 } as const;

let engine: Engine;
let tenants: MemoryTenants;

beforeAll(async () => {
  tenants = memoryTenants();
  engine = await startEngine({ provisioners: tenants, clocks: { graceStated: '300ms', retention: '300ms', keep: '100ms' } });
  await mkdir(FOLDER, { recursive: true });
});
afterAll(() => engine.stop());

const idOf = async (order: Order): Promise<string> => (await engine.market.asset(order)).instanceId ?? '';

async function save(name: string, { orderId, orderLineId }: Order, closed = true): Promise<number> {
  const handle = engine.temporal.client.workflow.getHandle(workflowIdOf(`${orderId}/${orderLineId}`));
  if (closed) await eventually(async () => (await handle.describe()).status.name === 'COMPLETED');
  const history = await handle.fetchHistory();
  await writeFile(new URL(`${name}.json`, FOLDER), `${JSON.stringify(JSON.parse(historyToJSON(history)), null, 1).replaceAll(`${process.cwd()}/`, '')}\n`);
  return history.events?.length ?? 0;
}

it('a whole life: freeze, unfreeze, renewal, our own clock, release', { timeout: 60_000 }, async () => {
  const { market } = engine;
  const { order } = await market.buy({ ...PURCHASE, expireAt: Date.now() + 1_000 });
  await market.untilReady(order, PACE);
  const id = await idOf(order);
  await market.freeze(id);
  await eventually(() => Promise.resolve(tenants.tenants.get(id) === 'suspended'));
  await market.unfreeze(id);
  await eventually(() => Promise.resolve(tenants.tenants.get(id) === 'open'));
  await market.renew(order, { expireAt: Date.now() + 1_500 });
  await eventually(() => Promise.resolve(tenants.tenants.get(id) === 'suspended'));
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  await market.release(id);
  expect(await save('life', order)).toBeGreaterThan(10);
});

it('a refused purchase, tried anew by nobody, and released', { timeout: 60_000 }, async () => {
  tenants.trouble.before = () => Promise.reject(new ProvisionRefused('000106', 'sold out'));
  const { order } = await engine.market.buy(PURCHASE);
  const id = await idOf(order);
  await eventually(async () => (await engine.market.poll(id)).resultCode === '000106');
  tenants.trouble = {};
  await engine.market.release(id);
  expect(await save('refused', order)).toBeGreaterThan(10);
});

it('a release that cancels a hung build', { timeout: 60_000 }, async () => {
  const { promise: hung, resolve: begun } = Promise.withResolvers<void>();
  tenants.trouble.before = (verb, _id, { signal }) => {
    if (verb !== 'create') return Promise.resolve();
    begun();
    return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('stopped')), { once: true }));
  };
  const { order } = await engine.market.buy(PURCHASE);
  await hung;
  await engine.market.release(await idOf(order));
  expect(await save('cancelled-build', order)).toBeGreaterThan(10);
  tenants.trouble = {};
});

it('an active instance that waits', { timeout: 60_000 }, async () => {
  const { order } = await engine.market.buy(PURCHASE);
  await engine.market.untilReady(order, PACE);
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(await save('active', order, false)).toBeGreaterThan(10);
});
