import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBench, type Bench } from './bench.ts';
import { FINDINGS, type Finding } from './findings.ts';
import { Broken, createLedger } from './ledger.ts';
import { play } from './play.ts';
import { runSuite } from './suite.ts';

describe('schedules that were once found', () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await openBench();
  });
  afterAll(() => bench.close());
  const broken = async ({ schedule }: Finding): Promise<number | null> =>
    play(bench, schedule, createLedger(), {}).then(
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
  it('gives the same schedules and the same checks again', { timeout: 120_000 }, async () => {
    const [first, second] = [await runSuite({ seed: 3, runs: 25 }), await runSuite({ seed: 3, runs: 25 })];
    expect(first).toEqual(second);
  });
});
