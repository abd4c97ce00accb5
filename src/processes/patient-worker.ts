import { setTimeout as delay } from 'node:timers/promises';
import { TemporalUnreachable } from '../temporal/connect.ts';
import { startWorkerProcess, type WorkerOptions, type WorkerProcess } from './worker.ts';

/** Between two attempts to reach the server, ms. */
const AGAIN = 5_000;

/**
 * A worker for a process that has more to do than to wait for Temporal: while the server does not answer it is tried again and again, and
 * the API beside it goes on answering. Any other failure rejects `failed`.
 */
export function startPatientWorker(options: WorkerOptions): WorkerProcess {
  const ending = new AbortController();
  const { promise: failed, reject } = Promise.withResolvers<never>();
  failed.catch(() => undefined);
  let worker: WorkerProcess | null = null;

  const attempt = async (): Promise<boolean> => {
    try {
      worker = await startWorkerProcess(options);
      worker.failed.catch(reject);
      return true;
    } catch (error) {
      if (error instanceof TemporalUnreachable) options.log.warn(`${error.message} The worker is tried again every ${AGAIN / 1000} s.`);
      else reject(error);
      return !(error instanceof TemporalUnreachable);
    }
  };
  const started = (async () => {
    while (!ending.signal.aborted && !(await attempt())) await delay(AGAIN, undefined, { signal: ending.signal }).catch(() => undefined);
  })();
  return {
    running: () => worker?.running() ?? false,
    failed,
    async stop() {
      ending.abort();
      await started;
      await worker?.stop();
    },
  };
}
