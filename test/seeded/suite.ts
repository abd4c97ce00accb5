import fc from 'fast-check';
import { openBench } from './bench.ts';
import { Broken, createLedger, type Invariant, type Ledger } from './ledger.ts';
import { play } from './play.ts';
import { schedules, type Schedule } from './schedule.ts';
import type { Wiring } from './wiring.ts';

export interface SuiteOptions {
  readonly seed: number;
  readonly runs: number;
  /** Where fast-check found the failure: replays that one schedule. */
  readonly path?: string;
  /** Made anew for each schedule. */
  readonly wiring?: () => Wiring;
  /** Shrinking ends after this long, ms. */
  readonly shrinkFor?: number;
}

export interface Verdict {
  readonly counts: Ledger['counts'];
  readonly runs: number;
  /** Null: every invariant held in every run. */
  readonly failure: { readonly invariant: Invariant | null; readonly found: string; readonly schedule: Schedule; readonly path: string; readonly shrinks: number } | null;
}

/** Plays so many schedules of a seed, and shrinks the first that breaks an invariant. */
export async function runSuite({ seed, runs, path, wiring = () => ({}), shrinkFor = 20_000 }: SuiteOptions): Promise<Verdict> {
  const bench = await openBench();
  const ledger = createLedger();
  let last: unknown = null;
  let failedAt: number | null = null;
  try {
    const property = fc.asyncProperty(schedules, async (schedule) => {
      // What is left of shrinking is given up, so that a failure is told in time.
      if (failedAt !== null && performance.now() - failedAt > shrinkFor) return;
      try {
        await play(bench, schedule, ledger, wiring());
      } catch (error) {
        failedAt ??= performance.now();
        last = error;
        throw error;
      }
    });
    const details = await fc.check(property, { seed, numRuns: runs, ...(path === undefined ? {} : { path }) });
    if (!details.failed) return { counts: ledger.counts, runs: details.numRuns, failure: null };
    const [schedule] = details.counterexample ?? [];
    const found = details.errorInstance ?? last;
    if (!schedule) throw found;
    return {
      counts: ledger.counts,
      runs: details.numRuns,
      failure: { invariant: found instanceof Broken ? found.invariant : null, found: found instanceof Broken ? found.message : found instanceof Error ? (found.stack ?? found.message) : String(found), schedule, path: details.counterexamplePath ?? '', shrinks: details.numShrinks },
    };
  } finally {
    await bench.close();
  }
}

/** What a failing run prints: enough to see it, and to play it again. */
export function report(failure: NonNullable<Verdict['failure']>, seed: number): string {
  const { found, schedule, path, shrinks } = failure;
  const { steps, ...world } = schedule;
  return [
    found,
    `shortest failing schedule (after ${shrinks} shrinks), in ${JSON.stringify(world)}:`,
    ...steps.map((step) => `  ${JSON.stringify(step)}`),
    `again: node test/seeded/run.ts --seed ${seed} --path ${path}`,
  ].join('\n');
}
