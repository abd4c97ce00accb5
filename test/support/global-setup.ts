import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { bundleWorkflows } from '../../src/temporal/bundle.ts';
import { startPostgres } from './postgres.ts';
import { startTemporal } from './temporal.ts';

type Stop = () => Promise<void>;

async function buildBundle(): Promise<{ path: string; stop: Stop }> {
  const folder = await mkdtemp(join(tmpdir(), 'kookeeper-bundle-'));
  const path = join(folder, 'workflows.js');
  await writeFile(path, (await bundleWorkflows()).code);
  return { path, stop: () => rm(folder, { recursive: true, force: true }) };
}

async function stopAll(stops: readonly Stop[]): Promise<void> {
  const failed = (await Promise.allSettled(stops.map((stop) => stop()))).filter((result) => result.status === 'rejected');
  if (failed.length > 0) throw new AggregateError(failed.map(({ reason }) => reason), 'not everything the tests started could be stopped');
}

/** Starts one Temporal dev server and one PostgreSQL and builds the workflow bundle, once for all files; returns the teardown. */
export default async function setup(project: TestProject): Promise<Stop> {
  const stops: Stop[] = [];
  const begin = async <T extends { stop: Stop }>(starting: Promise<T>): Promise<T> => {
    const started = await starting;
    stops.push(() => started.stop());
    return started;
  };
  const starting = [begin(startTemporal()), begin(startPostgres()), begin(buildBundle())] as const;
  try {
    const [temporal, postgres, bundle] = await Promise.all(starting);
    project.provide('temporalAddress', temporal.address);
    project.provide('temporalNamespace', temporal.namespace);
    project.provide('postgresUrl', postgres.url);
    project.provide('workflowBundlePath', bundle.path);
    return () => stopAll(stops);
  } catch (error) {
    // One failed: the others may still be on their way up.
    await Promise.allSettled(starting);
    await stopAll(stops);
    throw error;
  }
}
