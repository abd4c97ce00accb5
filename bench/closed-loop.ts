import { percentile } from './statistics.ts';

export interface Phase {
  readonly callers: number;
  /** Measured time. */
  readonly seconds: number;
  /** Time before it in which calls go out and do not count. */
  readonly warmUp: number;
}

export interface Calls {
  /** Ended within the measured time. */
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** All that were made, warm-up included. */
  readonly made: number;
}

/** Callers that each make their next call when the one before has ended. The first call that fails ends the phase with its error. */
export async function closedLoop({ callers, seconds, warmUp }: Phase, call: () => Promise<void>): Promise<Calls> {
  const times: number[] = [];
  let made = 0;
  let failed = false;
  const from = performance.now() + warmUp * 1000;
  const until = from + seconds * 1000;
  const caller = async (): Promise<void> => {
    for (;;) {
      const started = performance.now();
      if (failed || started >= until) return;
      await call();
      const ended = performance.now();
      made += 1;
      if (ended >= from && ended < until) times.push(ended - started);
    }
  };
  const watched = Array.from({ length: callers }, () =>
    caller().catch((error: unknown) => {
      failed = true;
      throw error;
    }),
  );
  const [broken] = (await Promise.allSettled(watched)).filter((result) => result.status === 'rejected');
  if (broken) throw broken.reason;
  times.sort((a, b) => a - b);
  return { perSecond: times.length / seconds, p50: percentile(times, 0.5), p99: percentile(times, 0.99), made };
}
