import type { WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { beforeAll, describe, expect, it } from 'vitest';
import { fixtures } from './history.ts';
import { bundleToReplay, departures, quiet } from './replay.ts';

const FIXTURES = fixtures();

describe('histories captured from the real server', () => {
  let bundle: WorkflowBundleWithSourceMap;
  beforeAll(async () => {
    quiet();
    bundle = await bundleToReplay();
  });

  it.each(FIXTURES.map((one) => [one.name, one] as const))('%s: today’s code does the same, with the same arguments, time limits, timers and stored state', async (_name, one) => {
    expect(await departures(bundle, one)).toEqual([]);
  });

  it.each(FIXTURES.map((one) => [one.name, one] as const))('%s names no machine and no person', (_name, { history }) => {
    const text = JSON.stringify(history);
    expect(text).not.toMatch(/\/(?:home|root|tmp|work|Users)\//);
    expect(text).not.toMatch(/"identity":"(?!capture")/);
  });
});
