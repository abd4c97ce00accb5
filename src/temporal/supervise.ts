import type { Worker } from '@temporalio/worker';

/** What supervising needs of an SDK worker. */
export type Supervised = Pick<Worker, 'run' | 'shutdown' | 'getState'>;

export interface Workers {
  /**
   * Takes no new tasks and waits for those at work: the grace, then they are cancelled, then left behind.
   * Rejects with the SDK's GracefulShutdownPeriodExpiredError if some were left, or with WorkersStuck. May be called twice.
   */
  readonly stop: () => Promise<void>;
  readonly state: () => 'running' | 'stopped' | 'failed';
  /** Rejects once when a worker ends without having been asked; the others are then shut down too. Listen to it: unheard, it ends the process. */
  readonly failed: Promise<never>;
}

/** A worker still holds its connection after all its time to stop is over. Only the end of the process frees it. */
export class WorkersStuck extends Error {
  override readonly name = 'WorkersStuck';
  readonly code = 'temporal-workers-stuck';
}

export interface SuperviseOptions {
  /** Longest wait of `stop()`, ms. Longer than the SDK's own `shutdownForceTime`, so that its error comes first. */
  readonly patienceMs: number;
  /** How often the workers' state is looked at, ms. */
  readonly watchMs?: number;
}

const shutdownIfRunning = (worker: Supervised): void => {
  if (worker.getState() === 'RUNNING') worker.shutdown();
};

/** Runs workers that have been made and belong together: they run, stop and fail as one. */
export const supervise = (workers: readonly Supervised[], { patienceMs, watchMs = 1000 }: SuperviseOptions): Workers => {
  const runs = workers.map((worker) => worker.run());
  let state: ReturnType<Workers['state']> = 'running';
  let stopping: Promise<void> | undefined;
  let watch: NodeJS.Timeout | undefined;

  const failed = new Promise<never>((_, reject) => {
    const ended = (reason: unknown): void => {
      clearInterval(watch);
      if (state !== 'running' || stopping !== undefined) return;
      state = 'failed';
      workers.forEach(shutdownIfRunning);
      reject(reason);
    };
    Promise.race(runs).then(() => ended(new Error('a Temporal worker ended without having been asked')), ended);
    // A worker can have failed while its run() never settles (SDK 1.24, seen after its namespace was deleted). A run() that does settle knows the reason better and gets a moment's lead.
    watch = setInterval(() => {
      if (!workers.some((worker) => worker.getState() === 'FAILED')) return;
      clearInterval(watch);
      setTimeout(() => ended(new Error('a Temporal worker failed; its reason is in the log')), watchMs).unref();
    }, watchMs).unref();
  });

  const drain = async (): Promise<void> => {
    const told = state === 'failed';
    clearInterval(watch);
    workers.forEach(shutdownIfRunning);
    let timer: NodeJS.Timeout | undefined;
    const tooLong = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new WorkersStuck(`the Temporal workers did not end within ${patienceMs / 1000} s; end the process`)), patienceMs);
    });
    try {
      const results = await Promise.race([Promise.allSettled(runs), tooLong]);
      const broken = results.find((result) => result.status === 'rejected');
      if (!told) state = broken === undefined ? 'stopped' : 'failed';
      if (!told && broken !== undefined) throw broken.reason;
    } catch (error) {
      state = 'failed';
      throw error;
    } finally {
      clearTimeout(timer);
    }
  };
  return { state: () => state, failed, stop: () => (stopping ??= drain()) };
};
