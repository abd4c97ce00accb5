import type { Round } from './schedule.ts';
import type { Scheduler } from './scheduler.ts';

/** One attempt at something outside: it takes time, fails, hangs, or is cut off, and may have happened all the same. */
export interface Deed {
  readonly name: string;
  readonly signal: AbortSignal;
  /** Fires when the process that makes the attempt dies. */
  readonly killed: AbortSignal;
  /** After this instant nothing of the attempt's round may still happen: the limit that `PROVISION_LIMIT` states. */
  readonly mayLandUntil: number;
  /** It happens. Throws where it cannot. */
  happen(): void;
  /** A no for good, asked when a round refuses. */
  refusal(): Error | null;
}

const aborted = (): Error => Object.assign(new Error('aborted'), { name: 'AbortError' });

/** Goes as the round says. */
export function attemptDeed(scheduler: Scheduler, { name, signal, killed, mayLandUntil, happen, refusal }: Deed, { takes, how, lands, onAbort, onKill }: Round): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let over = false;
  const end = (happens: boolean, error: Error | null): void => {
    if (over) return;
    over = true;
    try {
      if (happens && scheduler.now() <= mayLandUntil) happen();
    } catch (problem) {
      reject(error ?? (problem instanceof Error ? problem : new Error(String(problem))));
      return;
    }
    if (error) reject(error);
    else resolve();
  };
  if (how === 'hangs') {
    const at = scheduler.now() + (lands ?? 0);
    if (lands !== null && at <= mayLandUntil) scheduler.at(at, `${name} lands late`, () => end(true, null));
  } else {
    scheduler.after(takes, `${name} ${how}`, () => {
      if (over) return;
      const no = how === 'refuses' ? refusal() : null;
      if (no) end(false, no);
      else if (how === 'fails') end(false, new Error('connection reset'));
      else end(true, how === 'fails, but it happened' ? new Error('connection reset') : null);
    });
  }
  signal.addEventListener('abort', () => {
    if (onAbort === 'goes on' || over) return;
    end(onAbort === 'has happened', aborted());
  });
  killed.addEventListener('abort', () => end(onKill === 'happens', aborted()));
  return promise;
}
