import { expect, it } from 'vitest';
import { table } from './ledger.ts';
import { report, runSuite } from './suite.ts';

/**
 * Seeded interleavings: calls, duplicates, delays, lost answers and reordering, against kills of API, worker, Temporal and database, over
 * months of a simulated clock; the real door, dispatcher, store and `runLife`, compared with the model of `model.ts`.
 *
 * `KOOKEEPER_SEED` sets the seed and `KOOKEEPER_SEEDED_RUNS` the number of schedules of each file; `run.ts` is the same from the command
 * line, and plays one failing schedule again (`--seed 42 --path 17:0:3 --trace`).
 *
 * A new kind of call is a row in `marketplace.ts` (its body), in `model.ts` (what it promises) and in `schedule.ts` (how it is drawn).
 * A new deed of a person is a row in `hand.ts` and one in `schedule.ts`; changes and notices are judged at rest, in `at-rest.ts`.
 */
const SEED = Number(process.env['KOOKEEPER_SEED'] ?? 20_261_122);
const RUNS = Number(process.env['KOOKEEPER_SEEDED_RUNS'] ?? 1_000);
const PATIENCE = 15 * 60_000;

/** In files of their own, so that two processors share the work. */
export function playThousand(nth: number): void {
  it('every invariant of the architecture holds', { timeout: PATIENCE }, async () => {
    const seed = SEED + nth;
    const { counts, runs, failure } = await runSuite({ seed, runs: RUNS });
    process.stdout.write(`${table(counts)}\nseeded interleavings: seed ${seed}, ${runs} schedules, ${failure ? 'BROKEN' : 'all invariants held'}\n`);
    expect(failure ? report(failure, seed) : null).toBeNull();
    // A suite that checks nothing would hold as well.
    expect(Object.entries(counts).filter(([, count]) => count === 0)).toEqual([]);
  });
}
