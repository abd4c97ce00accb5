import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { workflowIdOf } from '../../src/delivery/temporal-bell.ts';
import { ProvisionRefused } from '../../src/provisioners/provisioner.ts';
import type { Order } from '../../src/simulator/books.ts';
import type { InstanceStatus } from '../../src/workflows/instance.ts';
import { eventually, startEngine, type Engine } from '../support/engine.ts';
import { memoryTenants, type MemoryTenants } from '../support/provisioners.ts';

const PURCHASE = { skuCode: 'notes', productId: 'notes-month' } as const;
const PACE = { every: 100, limit: 20_000 } as const;

describe('a provisioner in trouble', () => {
  let engine: Engine;
  let tenants: MemoryTenants;

  beforeAll(async () => {
    tenants = memoryTenants();
    engine = await startEngine({ provisioners: tenants, clocks: { keep: '100ms' } });
  });
  beforeEach(() => {
    tenants.trouble = {};
  });
  afterAll(() => engine.stop());

  const buy = async (): Promise<{ order: Order; instanceId: string }> => {
    const { order, call } = await engine.market.buy(PURCHASE);
    return { order, instanceId: String(call.answer?.['instanceId']) };
  };
  const statusOf = ({ orderId, orderLineId }: Order): Promise<InstanceStatus> => engine.temporal.client.workflow.getHandle(workflowIdOf(`${orderId}/${orderLineId}`)).query<InstanceStatus>('status');
  const effectsOn = (instanceId: string): string[] => tenants.effects.filter((effect) => effect.endsWith(instanceId)).map((effect) => effect.split(' ')[0] ?? '');

  it('that says no for good ends the order with its code, on create and on query, and builds nothing', async () => {
    tenants.trouble.before = () => Promise.reject(new ProvisionRefused('000106', 'sold out'));
    const { order, instanceId } = await buy();
    await eventually(async () => (await engine.market.poll(instanceId)).resultCode === '000106');
    expect((await engine.market.create(order)).answer).toMatchObject({ resultCode: '000106', resultMsg: 'sold out' });
    expect((await statusOf(order)).phase).toBe('failed');
    expect(effectsOn(instanceId)).toEqual([]);
    // Cleaning up after the refund is a success, whatever was or was not built.
    tenants.trouble = {};
    expect((await engine.market.release(instanceId)).resultCode).toBe('000000');
    await eventually(async () => (await engine.market.poll(instanceId)).resultCode === '000003');
  });

  it('that fails twice is asked a third time, and the order is served', async () => {
    let failures = 0;
    tenants.trouble.before = () => (failures++ < 2 ? Promise.reject(new Error('try later')) : Promise.resolve());
    const { order, instanceId } = await buy();
    await engine.market.untilReady(order, PACE);
    expect(effectsOn(instanceId)).toEqual(['create']);
  });

  it('whose answer got lost after it built: the tenant is adopted, not built twice', async () => {
    let lost = 0;
    tenants.trouble.after = (verb) => (verb === 'create' && lost++ === 0 ? Promise.reject(new Error('connection reset')) : Promise.resolve());
    const { order, instanceId } = await buy();
    await engine.market.untilReady(order, PACE);
    expect(effectsOn(instanceId)).toEqual(['create', 'adopt']);
  });

  it('that hangs holds up no suspend of another instance, and a release cancels it and cleans up', async () => {
    const { order: ready, instanceId: other } = await buy();
    await engine.market.untilReady(ready, PACE);
    const { promise: hung, resolve: begun } = Promise.withResolvers<void>();
    tenants.trouble.before = (verb, _instanceId, { signal }) => {
      if (verb !== 'create') return Promise.resolve();
      begun();
      return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('stopped')), { once: true }));
    };
    const { order, instanceId } = await buy();
    await hung;
    expect((await engine.market.freeze(other)).resultCode).toBe('000000');
    await eventually(() => Promise.resolve(tenants.tenants.get(other) === 'suspended'));
    expect((await engine.market.poll(instanceId)).resultCode).toBe('000004');

    expect((await engine.market.release(instanceId)).resultCode).toBe('000000');
    await eventually(async () => (await engine.market.poll(instanceId)).resultCode === '000003');
    await eventually(async () => (await engine.temporal.client.workflow.getHandle(workflowIdOf(`${order.orderId}/${order.orderLineId}`)).describe()).status.name === 'COMPLETED');
    expect(tenants.tenants.has(instanceId)).toBe(false);
    expect(effectsOn(instanceId)).not.toContain('create');
  });

  it('that keeps failing at a suspend shows in the state, and a freeze is not forgotten', async () => {
    const { order, instanceId } = await buy();
    await engine.market.untilReady(order, PACE);
    tenants.trouble.before = (verb) => (verb === 'suspend' ? Promise.reject(new Error('door is stuck')) : Promise.resolve());
    await engine.market.freeze(instanceId);
    const { state } = await eventually(async () => {
      const status = await statusOf(order);
      return status.state.trouble && status;
    });
    expect(state.trouble).toMatchObject({ effect: 'suspend', rounds: 1, message: 'door is stuck' });
    // A new command cuts the back-off short: the release ends access as soon as the door moves again.
    tenants.trouble = {};
    await engine.market.release(instanceId, { unsubscribe: true });
    await eventually(() => Promise.resolve(!tenants.tenants.has(instanceId)));
    expect(effectsOn(instanceId)).toEqual(['create', 'suspend', 'remove']);
  });

  it('is never asked for a frozen instance to be opened on the way: a purchase frozen before it is built is built closed', async () => {
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    let first = true;
    tenants.trouble.before = async (verb) => {
      if (verb !== 'create' || !first) return;
      first = false;
      await gate;
      throw new Error('first attempt fails');
    };
    const { instanceId } = await buy();
    expect((await engine.market.freeze(instanceId)).resultCode).toBe('000000');
    open();
    await eventually(() => Promise.resolve(tenants.tenants.get(instanceId) === 'suspended'));
    await eventually(async () => (await engine.market.poll(instanceId)).resultCode === '000000');
  });
});
