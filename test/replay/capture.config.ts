import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    pool: 'forks',
    include: ['test/replay/capture.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    hookTimeout: 60_000,
    testTimeout: 170_000,
    // Most scenes wait for back-offs and time limits.
    maxConcurrency: 8,
  },
});
