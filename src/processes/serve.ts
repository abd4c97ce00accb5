import type { Logger } from 'pino';
import type { ConfigFor } from '../config/types.ts';
import { startApiProcess, type ApiProcess } from './api.ts';
import { startDemoApp } from './app.ts';
import { openDatabase } from './database.ts';
import { startPatientWorker } from './patient-worker.ts';
import { useTemporal } from './temporal.ts';
import { startWorkerProcess } from './worker.ts';

export interface Served {
  readonly api: ApiProcess;
  readonly appPort: number;
  readonly temporalAddress: string;
  readonly temporalUi: string | null;
  /** Rejects when a part ends by itself. */
  readonly failed: Promise<never>;
  stop(): Promise<void>;
}

export interface ServeOptions {
  readonly config: ConfigFor<'serve'>;
  readonly log: Logger;
  readonly temporalUiPort?: number;
  readonly shutdownGraceTime?: number;
}

/** Everything in one process: database, Temporal, worker, API, demo app. Parts are stopped in the reverse of this order; one that does not start stops the others. */
export async function startServing({ config, log, temporalUiPort, shutdownGraceTime }: ServeOptions): Promise<Served> {
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    const failures: unknown[] = [];
    // Workers that had to leave an activity behind say so by failing: what they used is stopped all the same.
    for (const each of stops.splice(0).toReversed()) await each().catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw failures.length === 1 ? failures[0] : new AggregateError(failures, 'several parts did not stop in order');
  };
  try {
    const store = await openDatabase(config);
    stops.push(() => store.close());
    const temporal = await useTemporal(config, log, temporalUiPort);
    stops.push(() => temporal.stop());
    const workerOptions = { config, store, target: temporal.target, log, ...(shutdownGraceTime === undefined ? {} : { shutdownGraceTime }) };
    // Our own server is up by now. One that others run may be away: that changes no answer of the API.
    const worker = temporal.uiUrl === null ? startPatientWorker(workerOptions) : await startWorkerProcess(workerOptions);
    stops.push(() => worker.stop());
    const failed = Promise.race([worker.failed, temporal.failed]);
    // Whoever serves listens to it; a part that ends before the last one has started must not end the process out of order.
    failed.catch(() => undefined);
    const app = await startDemoApp(config, log);
    stops.push(() => app.close());
    const api = await startApiProcess({ config, store, target: temporal.target, log, workerRunning: () => worker.running() });
    stops.push(() => api.stop());
    return { api, appPort: app.port, temporalAddress: temporal.target.address ?? '', temporalUi: temporal.uiUrl, failed, stop };
  } catch (error) {
    await stop().catch((failure: unknown) => log.error({ error: String(failure) }, 'what had started did not stop in order'));
    throw error;
  }
}
