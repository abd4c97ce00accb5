import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workflowIdOf } from '../../src/delivery/temporal-bell.ts';
import type { InstanceStatus } from '../../src/workflows/instance.ts';
import { eventually, startEngine, type Engine } from '../support/engine.ts';
import { memoryTenants, type MemoryTenants } from '../support/provisioners.ts';

describe('a workflow reset to its first task', () => {
  let engine: Engine;
  let tenants: MemoryTenants;
  beforeAll(async () => {
    tenants = memoryTenants();
    engine = await startEngine({ provisioners: tenants });
  });
  afterAll(() => engine.stop());

  it('finds the store ahead of itself, adopts what is stored, and keeps the promises made since', async () => {
    const { market, temporal } = engine;
    const { order } = await market.buy({ skuCode: 'notes', productId: 'notes-month' });
    await market.untilReady(order, { every: 100, limit: 20_000 });
    const { instanceId } = await market.asset(order);
    if (instanceId === null) throw new Error('no instance');
    await market.freeze(instanceId);
    await eventually(() => Promise.resolve(tenants.tenants.get(instanceId) === 'suspended'));
    const workflowId = workflowIdOf(`${order.orderId}/${order.orderLineId}`);
    const handle = temporal.client.workflow.getHandle(workflowId);
    await eventually(async () => !(await market.poll(instanceId)).text.includes('password'));

    const { events } = await handle.fetchHistory();
    const firstTask = (events ?? []).find(({ workflowTaskCompletedEventAttributes: completed }) => completed);
    await temporal.connection.workflowService.resetWorkflowExecution({
      namespace: temporal.namespace,
      workflowExecution: { workflowId },
      reason: 'test',
      workflowTaskFinishEventId: firstTask?.eventId ?? null,
      requestId: randomUUID(),
      // Signals after that point are left out, as after a restored backup.
      resetReapplyType: 2,
    });

    const { state } = await eventually(async () => {
      const status = await handle.query<InstanceStatus>('status').catch(() => null);
      return status?.phase === 'frozen' && status.state.actual.tenant === 'closed' && status;
    });
    expect(state.taken).toBe(2);
    await market.unfreeze(instanceId);
    await eventually(() => Promise.resolve(tenants.tenants.get(instanceId) === 'open'));
    const verbs = tenants.effects.map((effect) => effect.split(' ')[0]);
    expect(verbs.filter((verb) => verb === 'create')).toHaveLength(1);
    expect(verbs).not.toContain('adopt');
    expect(verbs.at(-1)).toBe('resume');
  });
});
