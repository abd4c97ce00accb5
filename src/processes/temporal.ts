import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
  /** Rejects when a server that we started ends by itself. */
  readonly failed: Promise<never>;
  stop(): Promise<void>;
}

/** The development server ended without having been asked: nothing is carried out until this process is started again. */
export class DevServerEnded extends Error {
  override readonly name = 'DevServerEnded';
  readonly code = 'DEV_SERVER_ENDED';
  constructor(code: number | null, logFile: string) {
    super(`Temporal's development server ended by itself (exit code ${code}): ${logFile} may tell why; start again, nothing that was promised is lost`);
  }
}

const theirs = { uiUrl: null, failed: new Promise<never>(() => undefined), stop: () => Promise.resolve() };

/** For processes that run apart: the configured server, or the one where Temporal's own environment and its default say. */
export function temporalTarget({ temporal: { address, namespace } }: Pick<Config, 'temporal'>): TemporalTarget {
  return { namespace, ...(address === null ? {} : { address }) };
}

/** For a person's commands: as for processes that run apart, or the development server of a `serve` that runs on the same data folder. */
export function operatorTarget({ temporal, dataFolder }: Pick<Config, 'temporal' | 'dataFolder'>): TemporalTarget {
  const { address, namespace } = temporal;
  const left = addressFile(dataFolder);
  return address === null && existsSync(left) ? { address: readFileSync(left, 'utf8'), namespace, development: true } : temporalTarget({ temporal });
}

/** Where `serve` leaves the address of the server that it started, while it runs. */
const addressFile = (dataFolder: string): string => join(dataFolder, 'temporal.address');

/** The Temporal server that the configuration names, or a development server whose database lies in the data folder. Throws TemporalCliNotFound, DevServerFailed. */
export async function useTemporal({ temporal, dataFolder }: Pick<Config, 'temporal' | 'dataFolder'>, log: Logger, uiPort?: number): Promise<TemporalInUse> {
  const { address, namespace } = temporal;
  if (address !== null) return { target: { address, namespace }, ...theirs };
  const found = await findServer({
    onDownload: (from, version) => log.info(`fetching Temporal's development server ${version} from ${from}: once, about 45 MB`),
  });
  if (found.kind === 'running') return { target: { address: found.address, namespace }, ...theirs };
  const logFile = join(dataFolder, 'temporal.log');
  const server = await startDevServer({
    cli: found.path,
    dbFile: join(dataFolder, 'temporal.db'),
    logFile,
    namespace,
    ...(uiPort === undefined ? {} : { uiPort }),
  });
  writeFileSync(addressFile(dataFolder), server.address);
  let asked = false;
  const failed = server.exited.then((code) => (asked ? new Promise<never>(() => undefined) : Promise.reject(new DevServerEnded(code, logFile))));
  failed.catch(() => undefined);
  return {
    target: { address: server.address, namespace, development: true },
    uiUrl: server.uiUrl,
    failed,
    stop() {
      asked = true;
      rmSync(addressFile(dataFolder), { force: true });
      return server.stop();
    },
  };
}
