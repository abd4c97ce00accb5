import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino, type Logger } from 'pino';
import { loadConfig } from '../src/config/load.ts';
import type { ConfigFile, ConfigFor } from '../src/config/types.ts';
import { openStore, type Store } from '../src/store/open.ts';
import type { TemporalTarget } from '../src/temporal/connect.ts';
import { findServer } from '../src/temporal/dev-server/find-server.ts';
import { thisHost } from '../src/temporal/dev-server/host.ts';
import { startDevServer } from '../src/temporal/dev-server/start.ts';
import { freshDatabase, startPostgres } from '../test/support/postgres.ts';
import { startMarketplace, type Marketplace } from './marketplace.ts';
import type { Options } from './options.ts';

/** What a benchmark runs in: a temporary folder, and whatever it starts of the rest. Every benchmark has one of its own, so that none inherits another's rows. */
export interface Setting {
  readonly options: Options;
  /** As `kookeeper api` logs, into nothing. */
  readonly log: Logger;
  progress(text: string): void;
  marketplace(): Marketplace;
  /** A development server of the bench's own, with its database file; never the one that `TEMPORAL_ADDRESS` names. */
  temporal(): Promise<TemporalTarget>;
  /** A migrated, empty database in the folder, or on a PostgreSQL of the bench's own. */
  store(): Promise<Store>;
  config(given: { key: string; ak: string; sk: string; openApi: string }): Promise<ConfigFor<'serve'>>;
  /** Called at the end, the last one first. */
  atEnd(stop: () => Promise<void>): void;
  stop(): Promise<void>;
}

export async function createSetting(options: Options, progress: (text: string) => void): Promise<Setting> {
  const folder = await mkdtemp(join(tmpdir(), 'kookeeper-bench-'));
  const stops: (() => Promise<void>)[] = [() => rm(folder, { recursive: true, force: true })];
  const devNull = pino.destination({ dest: process.platform === 'win32' ? 'NUL' : '/dev/null', sync: true });
  return {
    options,
    log: pino({ level: 'info', base: { component: 'bench' } }, devNull),
    progress,
    marketplace() {
      const marketplace = startMarketplace();
      stops.push(() => marketplace.close());
      return marketplace;
    },
    async temporal() {
      const host = { ...thisHost(), env: { ...process.env, TEMPORAL_ADDRESS: undefined } };
      const found = await findServer({ host, onDownload: (from, version) => progress(`fetching the Temporal CLI ${version} from ${from}`) });
      if (found.kind !== 'cli') throw new Error('the bench starts a Temporal server of its own');
      const server = await startDevServer({ cli: found.path, dbFile: join(folder, 'temporal.db'), logFile: join(folder, 'temporal.log') });
      stops.push(() => server.stop());
      return { address: server.address, namespace: 'default', development: true };
    },
    async store() {
      const store = await openStore(options.database === 'sqlite' ? { kind: 'sqlite', file: join(folder, 'kookeeper.db') } : { kind: 'postgres', url: await emptyPostgres(stops) });
      stops.push(() => store.close());
      await store.migrate();
      return store;
    },
    async config({ key, ak, sk, openApi }) {
      const file = join(folder, 'kookeeper.config.json');
      await writeFile(file, JSON.stringify({ products: 'any' } satisfies ConfigFile));
      const env = { KOOGALLERY_BASE_KEY: key, KOOGALLERY_AK: ak, KOOGALLERY_SK: sk, KOOGALLERY_OPEN_API: openApi, KOOKEEPER_SECRET: newSecret(), PORT: '0', KOOKEEPER_OPERATOR_PORT: '0' };
      return loadConfig({ need: 'serve', cwd: folder, file, env });
    },
    atEnd: (stop) => void stops.push(stop),
    async stop() {
      for (const each of stops.splice(0).toReversed()) await each();
    },
  };
}

export function newSecret(): string {
  return randomBytes(24).toString('hex');
}

async function emptyPostgres(stops: (() => Promise<void>)[]): Promise<string> {
  const postgres = await startPostgres();
  stops.push(() => postgres.stop());
  return freshDatabase(postgres.url);
}
