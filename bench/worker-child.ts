import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { ConfigFor, Database } from '../src/config/types.ts';
import type { TemporalTarget } from '../src/temporal/connect.ts';

/** Which worker the process is to be, and the file that holds its workflow code: ours, as `kookeeper worker` with tenants in memory, or one with a sleeping workflow that has nothing in it. */
export type WorkerWork = { readonly target: TemporalTarget; readonly taskQueue: string; readonly bundle: string } & (
  | { readonly be: 'ours'; readonly config: ConfigFor<'worker'>; readonly database: Database }
  | { readonly be: 'bare' }
);

/** `ready` once; `asleep` is how many of the bare workflows this process has brought to their timer. */
export type WorkerReport = { readonly ready: true } | { readonly asleep: number } | { readonly failed: string };

export interface WorkerChild {
  readonly pid: number;
  asleep(): number;
  stop(): Promise<void>;
}

/** A worker in a process of its own, so that its memory is its own. Resolves when it polls. */
export async function startWorkerChild(work: WorkerWork): Promise<WorkerChild> {
  const child = fork(new URL('./worker-process.ts', import.meta.url), { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const ended = once(child, 'exit');
  let asleep = 0;
  const ready = new Promise<void>((resolve, reject) => {
    child.on('message', (report: WorkerReport) => {
      if ('ready' in report) resolve();
      else if ('asleep' in report) asleep = report.asleep;
      else reject(new Error(`the worker's process failed: ${report.failed}`));
    });
    void ended.then(() => reject(new Error("the worker's process ended")));
  });
  child.send(work);
  const stop = async (): Promise<void> => {
    if (child.connected) child.disconnect();
    await ended;
  };
  try {
    await ready;
  } catch (error) {
    await stop();
    throw error;
  }
  return { pid: child.pid ?? -1, asleep: () => asleep, stop };
}
