import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workflowIdOf } from '../../src/delivery/temporal-bell.ts';
import type { InstanceStatus } from '../../src/workflows/instance.ts';
import { eventually, startEngine, type Engine } from '../support/engine.ts';
import { memoryTenants, type MemoryTenants } from '../support/provisioners.ts';

describe('a workflow that continues as new at every few events', () => {
  let engine: Engine;
  let tenants: MemoryTenants;
  beforeAll(async () => {
    tenants = memoryTenants();
    engine = await startEngine({ provisioners: tenants, runs: { historyLimit: 25 }, clocks: { keep: '100ms' } });
  });
  afterAll(() => engine.stop());

  it('carries the whole life on: no command is lost or taken twice, and the last run ends it', async () => {
    const { market, temporal } = engine;
    const { order } = await market.buy({ skuCode: 'notes', productId: 'notes-month' });
    await market.untilReady(order, { every: 100, limit: 20_000 });
    const { instanceId } = await market.asset(order);
    if (instanceId === null) throw new Error('no instance');
    for (let round = 0; round < 6; round += 1) {
      await market.freeze(instanceId);
      await eventually(() => Promise.resolve(tenants.tenants.get(instanceId) === 'suspended'));
      await market.unfreeze(instanceId);
      await eventually(() => Promise.resolve(tenants.tenants.get(instanceId) === 'open'));
    }
    const workflowId = workflowIdOf(`${order.orderId}/${order.orderLineId}`);
    // A run goes on in a quiet moment only, and calls that follow each other at once leave it none.
    await eventually(async () => {
      const { raw, runId } = await temporal.client.workflow.getHandle(workflowId).describe();
      return raw.workflowExecutionInfo?.firstRunId !== runId;
    });
    const { state } = await temporal.client.workflow.getHandle(workflowId).query<InstanceStatus>('status');
    expect(state.taken).toBe(13);
    expect(state.rules.keep).toBe(100);

    await market.release(instanceId, { unsubscribe: true });
    await eventually(async () => (await temporal.client.workflow.getHandle(workflowId).describe()).status.name === 'COMPLETED');
    const verbs = tenants.effects.map((effect) => effect.split(' ')[0]);
    expect(verbs).toEqual(['create', ...Array.from({ length: 6 }, () => ['suspend', 'resume']).flat(), 'suspend', 'remove']);
  });
});

it('a workflow that is asked to starts a new run from what it carries, once, and goes on', { timeout: 60_000 }, async () => {
  const tenants = memoryTenants();
  const engine = await startEngine({ provisioners: tenants });
  try {
    const { market, temporal } = engine;
    const { order } = await market.buy({ skuCode: 'notes', productId: 'notes-month' });
    await market.untilReady(order, { every: 100, limit: 20_000 });
    const { instanceId } = await market.asset(order);
    const handle = temporal.client.workflow.getHandle(workflowIdOf(`${order.orderId}/${order.orderLineId}`));
    const before = (await handle.describe()).runId;
    await handle.signal('continueAsNew');
    const after = await eventually(async () => {
      const { runId } = await handle.describe();
      return runId !== before && runId;
    });
    await market.freeze(String(instanceId));
    await eventually(() => Promise.resolve(tenants.tenants.get(String(instanceId)) === 'suspended'));
    expect((await handle.describe()).runId).toBe(after);
    expect(tenants.effects.map((effect) => effect.split(' ')[0])).toEqual(['create', 'suspend']);
  } finally {
    await engine.stop();
  }
});
