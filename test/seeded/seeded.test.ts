import { afterAll, describe, expect, it } from 'vitest';
import { openBench } from './bench.ts';
import { FINDINGS, type Finding } from './findings.ts';
import { Broken, createLedger, table } from './ledger.ts';
import { play } from './play.ts';
import { report, runSuite } from './suite.ts';

/**
 * Seeded interleavings: calls, duplicates, delays, lost answers and reordering, against kills of API, worker, Temporal and database, over
 * months of a simulated clock; the real door, dispatcher, store and `runLife`, compared with the model of `model.ts`.
 *
 * `KOOKEEPER_SEED` sets the seed and `KOOKEEPER_SEEDED_RUNS` the number of schedules; `run.ts` is the same from the command line, and
 * plays one failing schedule again (`--seed 42 --path 17:0:3 --trace`).
 */
const seed = Number(process.env['KOOKEEPER_SEED'] ?? 20_261_122);
const runs = Number(process.env['KOOKEEPER_SEEDED_RUNS'] ?? 1_000);
const PATIENCE = 15 * 60_000;

describe('whatever is called, repeated, delayed, reordered, lost or killed', () => {
  it('every invariant of the architecture holds', { timeout: PATIENCE }, async () => {
    const { counts, runs: played, failure } = await runSuite({ seed, runs });
    process.stdout.write(`${table(counts)}\nseeded interleavings: seed ${seed}, ${played} schedules, ${failure ? 'BROKEN' : 'all invariants held'}\n`);
    expect(failure ? report(failure, seed) : null).toBeNull();
    // A suite that checks nothing would hold as well.
    expect(Object.entries(counts).filter(([, count]) => count === 0)).toEqual([]);
  });
});

describe('schedules that were once found', () => {
  const bench = openBench();
  afterAll(async () => (await bench).close());
  const broken = async ({ schedule }: Finding): Promise<number | null> =>
    play(await bench, schedule, createLedger(), { everything: true }).then(
      () => null,
      (error: unknown) => {
        if (error instanceof Broken) return error.invariant;
        throw error;
      },
    );

  it.each(FINDINGS.open)('still breaks an invariant, to be mended: $name', async (finding) => {
    expect(await broken(finding)).toBe(finding.breaks);
  });

  it('hold since they were mended', async () => {
    for (const finding of FINDINGS.mended) expect([finding.name, await broken(finding)]).toEqual([finding.name, null]);
  });
});

describe('a seed', () => {
  it('gives the same schedules and the same checks again', { timeout: PATIENCE }, async () => {
    const [first, second] = [await runSuite({ seed: 3, runs: 25 }), await runSuite({ seed: 3, runs: 25 })];
    expect(first).toEqual(second);
  });
});
