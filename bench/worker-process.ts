import { pino } from 'pino';
import { startWorkerProcess } from '../src/processes/worker.ts';
import { openStore } from '../src/store/open.ts';
import { connectWorker } from '../src/temporal/connect.ts';
import { installRuntime } from '../src/temporal/runtime.ts';
import { startWorkers } from '../src/temporal/worker.ts';
import { provisionQueueOf } from '../src/workflows/task-queues.ts';
import { memoryTenants } from '../test/support/provisioners.ts';
import type { WorkerReport, WorkerWork } from './worker-child.ts';
import type { EmptyCount } from './workflows/bare-sleep.ts';

const SHUTDOWN_GRACE = 500;
const log = pino({ level: 'silent' });

function report(told: WorkerReport): void {
  if (process.connected) process.send?.(told);
}

type Stop = () => Promise<void>;

async function ours({ config, database, target, taskQueue, bundle }: Extract<WorkerWork, { be: 'ours' }>): Promise<Stop> {
  process.env['KOOKEEPER_WORKFLOW_BUNDLE'] = bundle;
  const store = await openStore(database);
  const worker = await startWorkerProcess({ config, store, target, log, taskQueue, shutdownGraceTime: SHUTDOWN_GRACE, provisioners: memoryTenants() });
  worker.failed.catch(fail);
  return async () => {
    await worker.stop();
    await store.close();
  };
}

async function bare({ target, taskQueue, bundle }: WorkerWork): Promise<Stop> {
  installRuntime(log);
  const link = await connectWorker(target);
  let count = 0;
  const asleep: EmptyCount['asleep'] = () => {
    report({ asleep: (count += 1) });
    return Promise.resolve();
  };
  const workers = await startWorkers({
    connection: link.connection,
    namespace: link.namespace,
    bundle: { codePath: bundle },
    activities: { life: { asleep }, provision: { asleep } },
    taskQueues: { life: taskQueue, provision: provisionQueueOf(taskQueue) },
    shutdownGraceTime: SHUTDOWN_GRACE,
  });
  workers.failed.catch(fail);
  return async () => {
    await workers.stop();
    await link.close();
  };
}

function fail(error: unknown): void {
  report({ failed: error instanceof Error ? (error.stack ?? error.message) : String(error) });
}

process.once('message', (work: WorkerWork) => {
  const starting = work.be === 'ours' ? ours(work) : bare(work);
  process.on('disconnect', () => {
    starting.then((stop) => stop()).then(
      () => process.exit(0),
      () => process.exit(1),
    );
  });
  starting.then(() => report({ ready: true }), fail);
});
// A terminal's Ctrl-C reaches this process too; the parent decides when it ends.
process.on('SIGINT', () => undefined);
