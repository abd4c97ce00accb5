import type { InstanceStatus } from '../../src/workflows/instance.ts';
import { expect, it } from 'vitest';
import { workflowIdOf } from '../../src/delivery/temporal-bell.ts';
import { eventually, startEngine } from '../support/engine.ts';
import { memoryTenants } from '../support/provisioners.ts';

it('a state that cannot be stored is carried out, fills no history while it waits, and is stored in the end', { timeout: 150_000 }, async () => {
  const tenants = memoryTenants();
  const engine = await startEngine({ provisioners: tenants });
  try {
    const { market, store, temporal } = engine;
    const { order, call } = await market.buy({ skuCode: 'notes', productId: 'notes-month' });
    await market.untilReady(order, { every: 100, limit: 30_000 });
    const id = String(call.answer?.['instanceId']);
    const handle = temporal.client.workflow.getHandle(workflowIdOf(`${order.orderId}/${order.orderLineId}`));
    const database = store.em().getConnection();
    await database.execute(`create trigger out_of_order before update of version on instance begin select raise(abort, 'out of order'); end`);
    await market.freeze(id);
    await eventually(() => Promise.resolve(tenants.tenants.get(id) === 'suspended'));
    await eventually(async () => (await handle.describe()).raw.pendingActivities?.some(({ activityType }) => activityType?.name === 'store'));

    // What a person is told of is told first; that wakes it once.
    await eventually(async () => {
      const { state } = await handle.query<InstanceStatus>('status');
      return Object.entries(state.needsPerson).every(([reason, { since }]) => state.announced[reason] === since);
    });
    // Rings for what is not taken go on; nothing else may wake the workflow.
    const awake = async (): Promise<{ tasks: number; rings: number }> => {
      const { events } = await handle.fetchHistory();
      const tasks = (events ?? []).filter(({ workflowTaskCompletedEventAttributes: done }) => done).length;
      return { tasks, rings: (events ?? []).filter(({ workflowExecutionSignaledEventAttributes: rung }) => rung).length };
    };
    const before = await awake();
    await new Promise((resolve) => setTimeout(resolve, 20_000));
    const after = await awake();
    // One ring may have been in the history already, and its task not.
    expect(after.tasks - before.tasks).toBeLessThanOrEqual(after.rings - before.rings + 1);

    await database.execute('drop trigger out_of_order');
    const [row] = await eventually(async () => {
      const rows = await database.execute<{ waiting: number; phase: string }[]>(`select waiting, phase from instance where id = '${id}'`);
      return rows[0]?.phase === 'frozen' && rows;
    }, 70_000);
    expect(row?.waiting).toBe(0);
  } finally {
    await engine.stop();
  }
});
