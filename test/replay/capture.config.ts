import { defineConfig } from 'vitest/config';

export default defineConfig({ test: { pool: 'forks', include: ['test/replay/capture.ts'], globalSetup: ['test/support/global-setup.ts'], hookTimeout: 60_000 } });
