import { Context } from '@temporalio/activity';
import { meteredAfter, putUsage, type Metered } from '../store/usage.ts';
import { atWork } from './at-work.ts';
import type { ActivityDeps } from './deps.ts';
import { provisionerOf } from './tenant.ts';

/** Instances that are read at the same time. */
const AT_ONCE = 8;
/** An adapter that does not answer within this, ms, is left behind: the other instances are waiting. */
const METER_LIMIT = 10_000;
/** How much of a foreign message goes to the log. */
const MESSAGE_LIMIT = 300;

export interface MetersRead {
  readonly read: number;
  /** Their plan is paid by use, but their provisioner counts nothing. */
  readonly unmetered: number;
  /** Told in the log; what was read of them before stays. */
  readonly failed: number;
}

interface Progress extends MetersRead {
  /** The last instance that was dealt with. */
  readonly after: string;
}

/** Reads the meters of all instances that are paid by use, and keeps the readings for `queryInstance`. An instance that fails is logged and passed over. */
export const readMeters = (deps: ActivityDeps) => async (): Promise<MetersRead> => {
  const context = Context.current();
  let progress = (context.info.heartbeatDetails as Progress | undefined) ?? { after: '', read: 0, unmetered: 0, failed: 0 };
  return atWork(
    async (signal) => {
      for (;;) {
        signal.throwIfAborted();
        const page = await meteredAfter(deps.store.em(), progress.after, AT_ONCE);
        const last = page.at(-1);
        if (last === undefined) break;
        const ends = await Promise.all(page.map((metered) => readOne(deps, metered, signal)));
        const count = (end: End): number => ends.filter((each) => each === end).length;
        progress = { after: last.instanceId, read: progress.read + count('read'), unmetered: progress.unmetered + count('unmetered'), failed: progress.failed + count('failed') };
        context.heartbeat(progress);
      }
      const { read, unmetered, failed } = progress;
      return { read, unmetered, failed };
    },
    () => progress,
  );
};

type End = 'read' | 'unmetered' | 'failed';

async function readOne(deps: ActivityDeps, { instanceId, plan }: Metered, signal: AbortSignal): Promise<End> {
  const limit = AbortSignal.timeout(METER_LIMIT);
  try {
    const readings = await unlessAborted(limit, () => provisionerOf(deps, plan).meter(instanceId, plan, { signal: AbortSignal.any([signal, limit]) }));
    if (readings === null) return 'unmetered';
    await putUsage(deps.store.em(), instanceId, readings, deps.now());
    return 'read';
  } catch (error) {
    // The whole reading is being stopped: that is no fault of this instance.
    signal.throwIfAborted();
    const message = error instanceof Error ? error.message.slice(0, MESSAGE_LIMIT) : String(error);
    Context.current().log.warn('the meter of an instance could not be read; the last reading before stays', { instanceId, reason: message });
    return 'failed';
  }
}

/** Gives up waiting, even for an adapter that does not listen to its signal. */
function unlessAborted<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error(`no answer within ${METER_LIMIT} ms`)), { once: true });
    work().then(resolve, reject);
  });
}
