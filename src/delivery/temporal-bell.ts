import {
  isGrpcServiceError,
  WorkflowExecutionAlreadyStartedError,
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
  WorkflowNotFoundError,
  type Client,
} from '@temporalio/client';
import type { instance } from '../workflows/instance.ts';
import { KooInstance, KooOrderLine } from '../workflows/search-attributes.ts';
import { Unreachable, type Bell, type Mailbox } from './bell.ts';

/** A ring is one small write at the server; if it takes longer the sweeper rings again. */
const RING_LIMIT = 4_000;

/** gRPC codes (their numbers are the protocol's) that say the server, not the request, is the trouble. */
const SERVER_TROUBLE = new Set([1, 4, 8, 14]);

export const workflowIdOf = (orderLineKey: string): string => `instance/${orderLineKey}`;

/** Rings by starting the workflow while nothing was ever taken, and by a signal afterwards: both are durable at the server without a worker. */
export function temporalBell(client: Client, taskQueue: string): Bell {
  return {
    async ring(mailbox) {
      try {
        return await client.withDeadline(Date.now() + RING_LIMIT, () => (mailbox.neverTaken ? start(client, taskQueue, mailbox) : signal(client, mailbox)));
      } catch (error) {
        if (isGrpcServiceError(error) && SERVER_TROUBLE.has(error.code)) throw new Unreachable(error);
        throw error;
      }
    },
  };
}

async function start(client: Client, taskQueue: string, { instanceId, orderLineKey, orderId, orderLineId }: Mailbox) {
  try {
    await client.workflow.start<typeof instance>('instance', {
      workflowId: workflowIdOf(orderLineKey),
      taskQueue,
      args: [{ instanceId, orderId, orderLineId }],
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
      workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
      typedSearchAttributes: [
        { key: KooOrderLine, value: orderLineKey },
        { key: KooInstance, value: instanceId },
      ],
      staticSummary: `KooGallery order line ${orderLineId}`,
    });
    return 'rung' as const;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return 'gone' as const;
    throw error;
  }
}

async function signal(client: Client, { orderLineKey }: Mailbox) {
  try {
    await client.workflow.getHandle(workflowIdOf(orderLineKey)).signal('bell');
    return 'rung' as const;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'gone' as const;
    throw error;
  }
}
