import { WorkflowExecutionAlreadyStartedError, WorkflowIdConflictPolicy, WorkflowIdReusePolicy, WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { LifeState } from '../lifecycle/state.ts';
import type { instance } from '../workflows/instance.ts';
import { KooInstance, KooOrderLine } from '../workflows/search-attributes.ts';
import { workflowIdOf } from './temporal-bell.ts';

/** What is known of the workflows behind the rows. Rejects while the server does not answer. */
export interface Lives {
  /** Whether a workflow of this order line is open now: the server's own word, not the index's. */
  isRunning(orderLineKey: string): Promise<boolean>;
  /** Order line keys of all open workflows of this engine (its task queue), as the server's index has them: it may be seconds behind. */
  running(): Promise<ReadonlySet<string>>;
  /** Starts the next generation from a stored state. False when a workflow is running after all. */
  revive(orderLineKey: string, carried: LifeState): Promise<boolean>;
}

const PREFIX = workflowIdOf('');

export function temporalLives(client: Client, taskQueue: string): Lives {
  return {
    async isRunning(orderLineKey) {
      try {
        return (await client.workflow.getHandle(workflowIdOf(orderLineKey)).describe()).status.name === 'RUNNING';
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return false;
        throw error;
      }
    },
    async running() {
      const keys = new Set<string>();
      for await (const { workflowId } of client.workflow.list({ query: `WorkflowType = 'instance' AND ExecutionStatus = 'Running' AND TaskQueue = '${taskQueue}'`, pageSize: 1_000 })) keys.add(workflowId.slice(PREFIX.length));
      return keys;
    },
    async revive(orderLineKey, carried) {
      const { instanceId, orderId, orderLineId } = carried;
      try {
        await client.workflow.start<typeof instance>('instance', {
          workflowId: workflowIdOf(orderLineKey),
          taskQueue,
          args: [{ instanceId, orderId, orderLineId, carried }],
          workflowIdConflictPolicy: WorkflowIdConflictPolicy.FAIL,
          workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
          typedSearchAttributes: [
            { key: KooOrderLine, value: orderLineKey },
            { key: KooInstance, value: instanceId },
          ],
          staticSummary: `KooGallery order line ${orderLineId}, generation ${carried.generation}`,
        });
        return true;
      } catch (error) {
        if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
        throw error;
      }
    },
  };
}
