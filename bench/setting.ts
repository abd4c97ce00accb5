import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino, type Logger } from 'pino';
import { loadConfig } from '../src/config/load.ts';
import type { ConfigFile, ConfigFor, Database } from '../src/config/types.ts';
import { openStore, type Store } from '../src/store/open.ts';
import type { TemporalTarget } from '../src/temporal/connect.ts';
import { freshDatabase, startPostgres, type TestPostgres } from '../test/support/postgres.ts';
import { startMarketplace, type Marketplace } from './marketplace.ts';
import type { DatabaseKind, Options } from './options.ts';
import { startTemporalServer, type TemporalServer } from './temporal-server.ts';

/** What a benchmark runs in: a temporary folder, and whatever it starts of the rest. Every benchmark has one of its own, so that none inherits another's rows. */
export interface Setting {
  readonly options: Options;
  /** As `kookeeper api` logs, into nothing. */
  readonly log: Logger;
  progress(text: string): void;
  marketplace(): Marketplace;
  /** A development server of the bench's own, with its database file; never the one that `TEMPORAL_ADDRESS` names. Every call starts another. */
  temporalServer(): Promise<TemporalServer>;
  temporal(): Promise<TemporalTarget>;
  /** Where an empty database is: a new file in the folder, or a database on a PostgreSQL of the bench's own, one for all. */
  database(): Promise<Database>;
  /** Migrated. */
  store(database?: Database): Promise<Store>;
  /** Path of a file of the bench's own, gone at the end. */
  file(name: string): string;
  config(given: { key: string; ak: string; sk: string; openApi: string }): Promise<ConfigFor<'serve'>>;
  /** Called at the end, the last one first. */
  atEnd(stop: () => Promise<void>): void;
  stop(): Promise<void>;
}

export async function createSetting(options: Options, kind: DatabaseKind, progress: (text: string) => void): Promise<Setting> {
  const folder = await mkdtemp(join(tmpdir(), 'kookeeper-bench-'));
  const stops: (() => Promise<void>)[] = [() => rm(folder, { recursive: true, force: true })];
  const devNull = pino.destination({ dest: process.platform === 'win32' ? 'NUL' : '/dev/null', sync: true });
  let postgres: Promise<TestPostgres> | undefined;
  let made = 0;
  const temporalServer = async (): Promise<TemporalServer> => {
    made += 1;
    const server = await startTemporalServer({ dbFile: join(folder, `temporal-${made}.db`), logFile: join(folder, `temporal-${made}.log`), progress });
    stops.push(() => server.stop());
    return server;
  };
  const database = async (): Promise<Database> => {
    made += 1;
    if (kind === 'sqlite') return { kind, file: join(folder, `kookeeper-${made}.db`) };
    postgres ??= startPostgres().then((server) => {
      stops.push(() => server.stop());
      return server;
    });
    return { kind, url: await freshDatabase((await postgres).url) };
  };
  return {
    options,
    log: pino({ level: 'info', base: { component: 'bench' } }, devNull),
    progress,
    marketplace() {
      const marketplace = startMarketplace();
      stops.push(() => marketplace.close());
      return marketplace;
    },
    temporalServer,
    temporal: async () => (await temporalServer()).target,
    database,
    async store(given) {
      const store = await openStore(given ?? (await database()));
      stops.push(() => store.close());
      await store.migrate();
      return store;
    },
    file: (name) => join(folder, name),
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
