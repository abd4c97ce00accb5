import { randomUUID } from 'node:crypto';
import { msToTs } from '@temporalio/common/lib/time.js';
import { inject } from 'vitest';
import { connectClient } from '../../src/temporal/connect.ts';

export interface OwnNamespace {
  readonly namespace: string;
  readonly drop: () => Promise<void>;
}

const DAY = 24 * 60 * 60_000;

/**
 * A namespace of the run's server for one test of kookeeper's own commands: they all poll the same task queue, and two that share a namespace carry
 * out each other's orders, each with a database of its own.
 */
export async function ownNamespace(): Promise<OwnNamespace> {
  const namespace = `test-${randomUUID()}`;
  const { connection, close } = await connectClient({ address: inject('temporalAddress'), development: true });
  await connection.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: msToTs(DAY) });
  return {
    namespace,
    async drop() {
      await connection.operatorService.deleteNamespace({ namespace });
      await close();
    },
  };
}
