import { setTimeout as pause } from 'node:timers/promises';
import { Instance } from '../src/store/entities.ts';
import type { Store } from '../src/store/open.ts';

const LOOK_EVERY = 20;

/** When each of so many came through, ms from now on and ascending. `through` counts those that have; throws when `limit` ms were not enough. */
export async function endTimes(count: number, through: () => number | Promise<number>, limit: number): Promise<number[]> {
  const started = performance.now();
  const ended: number[] = [];
  for (;;) {
    const now = await through();
    const elapsed = performance.now() - started;
    while (ended.length < now) ended.push(elapsed);
    if (ended.length >= count) return ended;
    if (elapsed > limit) throw new Error(`${ended.length} of ${count} were through after ${limit / 1000} s`);
    await pause(LOOK_EVERY);
  }
}

/** Instances that are ready for their buyers. */
export function active(store: Store): Promise<number> {
  return store.em().count(Instance, { phase: 'active' });
}
