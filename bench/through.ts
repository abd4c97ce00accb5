import { setTimeout as pause } from 'node:timers/promises';
import { Instance } from '../src/store/entities.ts';
import type { Store } from '../src/store/open.ts';

const LOOK_EVERY = 20;

export interface Watch {
  readonly count: number;
  /** How many have come through. */
  through(): number | Promise<number>;
  /** Longer than this may it not take, ms. */
  readonly limit: number;
}

/** When each of so many came through that `sending` sends: ms from now on and ascending. Rejects when they cannot be sent, or are not through at the limit. */
export async function endTimes(sending: Promise<unknown>, { count, through, limit }: Watch): Promise<number[]> {
  const started = performance.now();
  const ended: number[] = [];
  let failed = false;
  sending.catch(() => (failed = true));
  for (;;) {
    if (failed) await sending;
    const now = await through();
    const elapsed = performance.now() - started;
    while (ended.length < now) ended.push(elapsed);
    if (ended.length >= count) {
      await sending;
      return ended;
    }
    if (elapsed > limit) throw new Error(`${ended.length} of ${count} were through after ${limit / 1000} s`);
    await pause(LOOK_EVERY);
  }
}

/** Instances that are ready for their buyers. */
export function active(store: Store): Promise<number> {
  return store.em().count(Instance, { phase: 'active' });
}
