import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { CountReporter } from './test/support/reporter.ts';

/** Pure tests: no server, seconds. */
const pure = ['marketplace', 'lifecycle', 'config', 'cli', 'simulator', 'docs', 'architecture'].map((room) => `test/${room}/**/*.test.ts`);
/** The seeded simulation needs no server either; its counterpart over HTTP (`real-server.test.ts`) does. */
const quick = [
  ...pure,
  ...['first-thousand', 'second-thousand', 'faults', 'findings'].map((name) => `test/seeded/${name}.test.ts`),
  // Their sellers answer in the process or on a port of the test; the rest of the room buys from a market or drives kookeeper itself.
  ...['words', 'run', 'honest', 'faulty'].map((name) => `test/conformance/${name}.test.ts`),
];

export default defineConfig({
  test: {
    reporters: ['default', new CountReporter()],
    // Threads crash at the end with the SDK's native runtime loaded in several files.
    pool: 'forks',
    isolate: true,
    // Temporal and PostgreSQL want a share of the machine too. Many a test waits for a clock, so that three keep two cores busy: a fifth faster than two.
    maxWorkers: Math.max(3, Math.floor(availableParallelism() / 2)),
    teardownTimeout: 30_000,
    projects: [
      { extends: true, test: { name: 'quick', include: quick } },
      {
        extends: true,
        test: {
          name: 'full',
          include: ['test/**/*.test.ts'],
          exclude: quick,
          globalSetup: ['test/support/global-setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
