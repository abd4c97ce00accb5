import type { TemporalTarget } from '../src/temporal/connect.ts';
import { findServer } from '../src/temporal/dev-server/find-server.ts';
import { thisHost } from '../src/temporal/dev-server/host.ts';
import { startDevServer, type DevServer } from '../src/temporal/dev-server/start.ts';

/** A development server that can be stopped and started again with the same database file on the same port. */
export interface TemporalServer {
  readonly target: TemporalTarget;
  /** Of the server itself, as long as it runs. */
  pid(): number;
  /** Resolves when the server is gone. May be called twice. */
  stop(): Promise<void>;
  /** Resolves when it answers again. */
  start(): Promise<void>;
}

export interface TemporalFiles {
  readonly dbFile: string;
  readonly logFile: string;
  progress(text: string): void;
}

export async function startTemporalServer({ dbFile, logFile, progress }: TemporalFiles): Promise<TemporalServer> {
  const host = { ...thisHost(), env: { ...process.env, TEMPORAL_ADDRESS: undefined } };
  const found = await findServer({ host, onDownload: (from, version) => progress(`fetching the Temporal CLI ${version} from ${from}`) });
  if (found.kind !== 'cli') throw new Error('the bench starts a Temporal server of its own');
  const files = { cli: found.path, dbFile, logFile };
  let server: DevServer = await startDevServer(files);
  const port = Number(new URL(`http://${server.address}`).port);
  return {
    target: { address: server.address, namespace: 'default', development: true },
    pid: () => server.pid,
    stop: () => server.stop(),
    async start() {
      server = await startDevServer({ ...files, port });
    },
  };
}
