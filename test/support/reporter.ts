import type { Reporter, TestModule, Vitest } from 'vitest/node';

export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/**
 * Counts what ran. A file that could not be loaded, or whose hooks failed, has no failing test of its own to show for it and counts as one failed;
 * so does every error that reached no test (`errors`), and a test that was begun and never ended.
 */
export function count(modules: readonly TestModule[], errors: readonly unknown[]): Counts {
  const counts = { passed: 0, failed: errors.length, skipped: 0 };
  for (const module of modules) {
    const failedBefore = counts.failed;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      counts[state === 'pending' ? 'failed' : state] += 1;
    }
    if (!module.ok() && counts.failed === failedBefore) counts.failed += 1;
  }
  return counts;
}

/** The last line of a run: `12 passed, 0 failed`, with `, 1 skipped` where tests were skipped. */
export function line({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** Prints the counts when the process ends, after the summary and whatever the global teardown still says. */
export class CountReporter implements Reporter {
  private counts: Counts = { passed: 0, failed: 0, skipped: 0 };

  onInit(vitest: Vitest): void {
    if (vitest.config.watch) return;
    process.once('exit', () => {
      // Global setup failed, nothing was found to run, or the run was cut short: no test says so, hence the line must.
      const unsaid = this.counts.failed === 0 && process.exitCode ? 1 : 0;
      const counts = { ...this.counts, failed: this.counts.failed + unsaid };
      if (counts.failed > 0) process.exitCode ||= 1;
      process.stdout.write(`${line(counts)}\n`);
    });
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    this.counts = count(modules, errors);
  }
}
