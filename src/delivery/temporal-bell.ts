import {
  isGrpcServiceError,
  NamespaceNotFoundError,
  WorkflowExecutionAlreadyStartedError,
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
  WorkflowNotFoundError,
  type Client,
} from '@temporalio/client';
import type { instance } from '../workflows/instance.ts';
import { KooInstance, KooOrderLine } from '../workflows/search-attributes.ts';
import { Unreachable, type Bell, type Mailbox } from './bell.ts';

/** Events of a workflow that no worker has looked at: started, and its first task scheduled. */
const NOT_BEGUN = 2;

/** A ring is one small write at the server; if it takes longer the sweeper rings again. */
const RING_LIMIT = 4_000;

/**
 * gRPC codes (their numbers are the protocol's) that concern every mailbox alike: cancelled, deadline exceeded, permission denied,
 * resource exhausted, unavailable, unauthenticated.
 */
const SERVER_TROUBLE: ReadonlySet<number> = new Set([1, 4, 7, 8, 14, 16]);

export const workflowIdOf = (orderLineKey: string): string => `instance/${orderLineKey}`;

/** How the workflows that a bell starts run. */
export interface Runs {
  /** Continue as new at this many history events; default is where the server suggests it. */
  readonly historyLimit?: number;
}

/** Rings by starting the workflow while nothing was ever taken, and by a signal afterwards: both are durable at the server without a worker. */
export function temporalBell(client: Client, taskQueue: string, runs: Runs = {}): Bell {
  return {
    async ring(mailbox) {
      try {
        return await client.withDeadline(Date.now() + RING_LIMIT, () => (mailbox.neverTaken ? startOrWake(client, taskQueue, mailbox, runs) : signal(client, mailbox)));
      } catch (error) {
        const trouble = serverTrouble(error);
        if (trouble) throw new Unreachable(trouble);
        throw error;
      }
    },
  };
}

/** The client wraps what the connection says in errors of its own; the innermost one tells. */
function serverTrouble(error: unknown): Error | null {
  for (let inner = error; inner instanceof Error; inner = inner.cause) {
    if (inner instanceof NamespaceNotFoundError || (isGrpcServiceError(inner) && SERVER_TROUBLE.has(inner.code))) return inner;
  }
  return null;
}

/** A workflow that has run already and has not taken this is one beside a row that was restored or made anew: starting it says nothing to it. */
async function startOrWake(client: Client, taskQueue: string, mailbox: Mailbox, runs: Runs) {
  const rung = await start(client, taskQueue, mailbox, runs);
  if (rung === 'gone' || !mailbox.rings) return rung;
  const { historyLength } = await client.workflow.getHandle(workflowIdOf(mailbox.orderLineKey)).describe();
  return historyLength > NOT_BEGUN ? signal(client, mailbox) : rung;
}

async function start(client: Client, taskQueue: string, { instanceId, orderLineKey, orderId, orderLineId }: Mailbox, { historyLimit }: Runs) {
  try {
    await client.workflow.start<typeof instance>('instance', {
      workflowId: workflowIdOf(orderLineKey),
      taskQueue,
      args: [{ instanceId, orderId, orderLineId, ...(historyLimit === undefined ? {} : { historyLimit }) }],
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
