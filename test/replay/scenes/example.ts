import { fileURLToPath } from 'node:url';
import { NativeConnection, Worker } from '@temporalio/worker';
import { inject } from 'vitest';
import type { Engine } from '../../support/engine.ts';
import { keep } from './keep.ts';
import type { Scene } from './stage.ts';

/** Two releases of the example in `test/replay/patched`; kept there. */
export const example = {
  'the example of a patch': {
    async play({ engine: { temporal, taskQueue } }) {
      for (const version of ['before', 'during']) await keepExample(version, temporal, `${taskQueue}-${version}`);
    },
  },
} satisfies Record<string, Scene>;

async function keepExample(version: string, { client, namespace }: Engine['temporal'], taskQueue: string): Promise<void> {
  const connection = await NativeConnection.connect({ address: inject('temporalAddress') });
  try {
    const workflowsPath = fileURLToPath(new URL(`../patched/${version}.ts`, import.meta.url));
    const done = (): Promise<void> => Promise.resolve();
    const worker = await Worker.create({ connection, namespace, taskQueue, workflowsPath, activities: { build: done, check: done } });
    const handle = await worker.runUntil(async () => {
      const started = await client.workflow.start('tenancy', { workflowId: taskQueue, taskQueue });
      await started.result();
      return started;
    });
    await keep(version, handle, 'ended', null, new URL('../patched/', import.meta.url));
  } finally {
    await connection.close();
  }
}
