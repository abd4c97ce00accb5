import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SKIPS_TIME } from '../../src/rehearsal/time-skipping.ts';
import { connectClient } from '../../src/temporal/connect.ts';
import { findServer } from '../../src/temporal/dev-server/find-server.ts';
import { startDevServer } from '../../src/temporal/dev-server/start.ts';
import { hourlyScheduleId } from '../../src/temporal/schedule.ts';
import { registerSearchAttributes } from '../../src/temporal/search-attributes.ts';
import { lifeTaskQueue } from '../../src/workflows/task-queues.ts';
import { dropHourly } from './drop-hourly.ts';

export interface TestTemporal {
  readonly address: string;
  readonly namespace: string;
  /** Undefined when the server was started by somebody else (`TEMPORAL_ADDRESS`). */
  readonly uiUrl: string | undefined;
  readonly stop: () => Promise<void>;
}

/** For the global setup: one server in memory for the whole run, or the one of `TEMPORAL_ADDRESS`, with the search attributes registered and verified. */
export const startTemporal = async (): Promise<TestTemporal> => {
  const found = await findServer({ onDownload: (from, version) => console.log(`fetching the Temporal CLI ${version} from ${from}`) });
  if (found.kind === 'running') {
    const link = await connectClient({ address: found.address });
    const taskQueue = lifeTaskQueue;
    const hourly = link.client.schedule.getHandle(hourlyScheduleId(taskQueue));
    try {
      await registerSearchAttributes(link.connection, link.namespace);
      const there = await hourly.describe().catch(() => null);
      // The tests run kookeeper's own commands, on its own task queue: what those leave would start a workflow every hour, for ever.
      const stop = async (): Promise<void> => {
        if (there === null) await dropHourly({ temporal: link, taskQueue });
        await link.close();
      };
      return { address: found.address, namespace: link.namespace, uiUrl: undefined, stop };
    } catch (error) {
      await link.close();
      throw error;
    }
  }
  const folder = await mkdtemp(join(tmpdir(), 'kookeeper-temporal-'));
  const server = await startDevServer({ cli: found.path, logFile: join(folder, 'temporal.log'), dynamicConfig: SKIPS_TIME });
  const stop = async (): Promise<void> => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const { connection, namespace, close } = await connectClient({ address: server.address, development: true });
    try {
      await registerSearchAttributes(connection, namespace);
    } finally {
      await close();
    }
    return { address: server.address, namespace, uiUrl: server.uiUrl, stop };
  } catch (error) {
    await stop();
    throw error;
  }
};
