import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { loadConfig } from '../config/load.ts';
import type { Environment } from '../config/variables.ts';
import type { TemporalTarget } from '../temporal/connect.ts';
import { findServer } from '../temporal/dev-server/find-server.ts';
import { thisHost } from '../temporal/dev-server/host.ts';
import { startDevServer } from '../temporal/dev-server/start.ts';
import { SKIPS_TIME } from './time-skipping.ts';
import type { Rehearsed } from './stage.ts';

/**
 * The products and clocks of a person's configuration, and nothing else of it: no key, no database, no provisioner's secret is read.
 * Throws ConfigError for what is wrong in the file.
 */
export async function rehearsedOf({ file, env, cwd }: { readonly file: string | null; readonly env: Environment; readonly cwd: string }): Promise<Rehearsed> {
  const named = file ?? (env['KOOKEEPER_CONFIG'] || null);
  const throwaway = randomBytes(24).toString('hex');
  // As for the API, which needs no secret of a provisioner.
  const { products, clocks } = await loadConfig({
    need: 'api',
    cwd,
    env: { KOOGALLERY_BASE_KEY: throwaway, KOOKEEPER_SECRET: throwaway, KOOKEEPER_OPERATOR_TOKEN: throwaway },
    ...(named === null ? {} : { file: named }),
  });
  return { products, clocks };
}

/** A Temporal server of its own, in memory, that skips time: never one that others use, whatever `TEMPORAL_ADDRESS` says. Throws TemporalCliNotFound, DevServerFailed. */
export async function startSkippingServer(folder: string, progress: (text: string) => void): Promise<{ readonly target: TemporalTarget; readonly stop: () => Promise<void> }> {
  const host = thisHost();
  const found = await findServer({
    host: { ...host, env: { ...host.env, TEMPORAL_ADDRESS: undefined } },
    onDownload: (from, version) => progress(`fetching Temporal's development server ${version} from ${from}: once, about 45 MB`),
  });
  if (found.kind === 'running') throw new Error('a server that others use is not rehearsed on');
  const server = await startDevServer({ cli: found.path, logFile: join(folder, 'temporal.log'), dynamicConfig: SKIPS_TIME });
  return { target: { address: server.address, namespace: 'default', development: true }, stop: server.stop };
}
