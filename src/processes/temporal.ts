import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Config } from '../config/types.ts';
import type { TemporalTarget } from '../temporal/connect.ts';
import { findServer } from '../temporal/dev-server/find-server.ts';
import { startDevServer } from '../temporal/dev-server/start.ts';

export interface TemporalInUse {
  readonly target: TemporalTarget;
  /** Null for a server that we did not start: its UI is wherever its operator put it. */
  readonly uiUrl: string | null;
  stop(): Promise<void>;
}

/** For processes that run apart: the configured server, or the one where Temporal's own environment and its default say. */
export function temporalTarget({ temporal: { address, namespace } }: Pick<Config, 'temporal'>): TemporalTarget {
  return { namespace, ...(address === null ? {} : { address }) };
}

/** The Temporal server that the configuration names, or a development server whose database lies in the data folder. Throws TemporalCliNotFound, DevServerFailed. */
export async function useTemporal({ temporal, dataFolder }: Pick<Config, 'temporal' | 'dataFolder'>, log: Logger, uiPort?: number): Promise<TemporalInUse> {
  const { address, namespace } = temporal;
  if (address !== null) return { target: { address, namespace }, uiUrl: null, stop: () => Promise.resolve() };
  const found = await findServer({
    onDownload: (from, version) => log.info(`fetching Temporal's development server ${version} from ${from}: once, about 45 MB`),
  });
  if (found.kind === 'running') return { target: { address: found.address, namespace }, uiUrl: null, stop: () => Promise.resolve() };
  const server = await startDevServer({
    cli: found.path,
    dbFile: join(dataFolder, 'temporal.db'),
    logFile: join(dataFolder, 'temporal.log'),
    namespace,
    ...(uiPort === undefined ? {} : { uiPort }),
  });
  return { target: { address: server.address, namespace, development: true }, uiUrl: server.uiUrl, stop: server.stop };
}
