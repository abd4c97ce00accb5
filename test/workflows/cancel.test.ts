import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WorkflowHandle } from '@temporalio/client';
import { workflowIdOf } from '../../src/delivery/temporal-bell.ts';
import { eventually, startEngine, type Engine } from '../support/engine.ts';
import { memoryTenants, type MemoryTenants } from '../support/provisioners.ts';

const PURCHASE = { skuCode: 'notes', productId: 'notes-month' } as const;

describe('what ends an attempt', () => {
  let tenants: MemoryTenants;
  let engine: Engine;
  beforeEach(async () => {
    tenants = memoryTenants();
    engine = await startEngine({ provisioners: tenants });
  });
  afterEach(() => engine.stop());

  const handleOf = ({ orderId, orderLineId }: { orderId: string; orderLineId: string }): WorkflowHandle => engine.temporal.client.workflow.getHandle(workflowIdOf(`${orderId}/${orderLineId}`));

  it('the Cancel button of the Temporal UI undoes no promise: the life goes on', async () => {
    const { order, call } = await engine.market.buy(PURCHASE);
    await engine.market.untilReady(order, { every: 100, limit: 30_000 });
    const id = String(call.answer?.['instanceId']);
    const handle = handleOf(order);
    await handle.cancel();
    await eventually(async () => (await handle.fetchHistory()).events?.some(({ workflowExecutionCancelRequestedEventAttributes: asked }) => asked));
    await engine.market.freeze(id);
    await eventually(() => Promise.resolve(tenants.tenants.get(id) === 'suspended'));
    await engine.market.release(id);
    await eventually(async () => (await engine.market.poll(id)).resultCode === '000003');
    const failed = (await handle.fetchHistory()).events?.filter(({ workflowTaskFailedEventAttributes }) => workflowTaskFailedEventAttributes);
    expect(failed).toEqual([]);
  });

  it('a release reaches a build under way with its next heartbeat, five seconds apart', async () => {
    let begunAt = 0;
    let abortedAt = 0;
    tenants.trouble = {
      before: (verb, _id, { signal }) =>
        verb !== 'create'
          ? Promise.resolve()
          : new Promise((_, reject) => {
              begunAt = Date.now();
              signal.addEventListener('abort', () => {
                abortedAt = Date.now();
                reject(new Error('stopped half-way'));
              });
            }),
    };
    const { call } = await engine.market.buy(PURCHASE);
    // After the first heartbeat: the SDK by itself would send the second one twelve seconds later.
    await eventually(() => Promise.resolve(begunAt > 0 && Date.now() - begunAt > 6_000));
    const releasedAt = Date.now();
    await engine.market.release(String(call.answer?.['instanceId']));
    await eventually(() => Promise.resolve(abortedAt > 0));
    expect(abortedAt - releasedAt).toBeLessThan(7_500);
  });

  it('a time limit ends the whole round, so that the life hears of it and looks at access again once the attempt can no longer land', async () => {
    let attempts = 0;
    tenants.trouble = { before: (verb) => (verb === 'create' && ++attempts === 1 ? new Promise((resolve) => setTimeout(resolve, 6_000)) : Promise.resolve()) };
    const { order, call } = await engine.market.buy(PURCHASE);
    await eventually(() => Promise.resolve(attempts > 0));
    const { connection, namespace } = engine.temporal;
    const handle = handleOf(order);
    const [pending] = (await handle.describe()).raw.pendingActivities ?? [];
    await connection.workflowService.updateActivityOptions({
      namespace,
      execution: { workflowId: handle.workflowId },
      id: pending?.activityId ?? null,
      activityOptions: { startToCloseTimeout: { seconds: 2 as never } },
      updateMask: { paths: ['start_to_close_timeout'] },
    });
    const state = await eventually(async () => {
      const status = await handle.query<{ state: { trouble: { code: string } | null; actual: { tenant: string; cutOffUntil: number | null } } }>('status');
      return status.state.trouble && status.state;
    });
    expect(state).toMatchObject({ trouble: { code: 'timed-out' }, actual: { tenant: 'maybe', cutOffUntil: expect.any(Number) } });
    expect(attempts).toBe(1);
    await engine.market.release(String(call.answer?.['instanceId']));
  });
});
