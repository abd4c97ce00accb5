import { describe, expect, it } from 'vitest';
import { FAULTS } from './faults.ts';
import { report, runSuite } from './suite.ts';

/** So many schedules at most until a fault is found; most are found among the first fifty. */
const RUNS = 1_000;
const PATIENCE = 10 * 60_000;
/** Which schedules find them is the seed's choice: it is fixed here, so that this never depends on chance. */
const SEED = 5;
/** One whose failure shrinks to a single step: where the call came in a scene of several, it stays among them. */
const SHORT = 7;

describe('the suite finds', () => {
  it.each(FAULTS)('$name (invariant $breaks)', { timeout: PATIENCE }, async ({ name, breaks, wiring }) => {
    const { failure, runs } = await runSuite({ seed: SEED, runs: RUNS, wiring, shrinkFor: 0 });
    const found = failure ? (breaks.some((invariant) => invariant === failure.invariant) ? 'by its invariant' : report(failure, SEED)) : `not in ${runs} schedules`;
    expect(found).toBe('by its invariant');
    process.stdout.write(`fault "${name}": found by invariant ${failure?.invariant} in schedule ${runs}\n`);
  });

  it('a failure, and tells the seed and the shortest schedule that shows it', { timeout: PATIENCE }, async () => {
    const fault = FAULTS.find(({ name }) => name === 'answer without a record');
    const { failure } = await runSuite({ seed: SHORT, runs: 50, ...(fault ? { wiring: fault.wiring } : {}), shrinkFor: 30_000 });
    expect(failure?.schedule.steps).toHaveLength(1);
    expect(failure && report(failure, SHORT)).toMatch(/invariant 8 .*\nshortest failing schedule .*\n {2}\{.*\}\nagain: node test\/seeded\/run\.ts --seed 7 --path [\d:]+$/);
  });
});
