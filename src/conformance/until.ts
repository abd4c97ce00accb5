import { NotReady } from '../simulator/errors.ts';
import { repeatUntil, type Pace } from '../simulator/repeat.ts';
import type { Outcome } from './check.ts';
import type { Context } from './context.ts';

/** Tries at this pace until nothing is wrong any more; when the time is over the last try counts. Rejects when the run is interrupted. */
export async function until({ now, wait }: Pick<Context, 'now' | 'wait'>, pace: Pace, attempt: () => Promise<Outcome>): Promise<Outcome> {
  let last: Outcome = { call: null, finding: null };
  const once = async (): Promise<Outcome | null> => {
    last = await attempt();
    return last.finding === null ? last : null;
  };
  try {
    return await repeatUntil(once, pace, { now, wait }, () => '');
  } catch (error) {
    if (!(error instanceof NotReady)) throw error;
    return { ...last, finding: `${last.finding}, still so after ${pace.limit} ms` };
  }
}
