import { MikroORM } from '@mikro-orm/core';
import { Migrator } from '@mikro-orm/migrations';
import { SqliteDriver, type AbstractSqlDriver, type SqlEntityManager } from '@mikro-orm/sql';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Database } from '../config/types.ts';
import { ENTITIES } from './entities.ts';
import { MIGRATIONS } from './migrations/index.ts';
import { BUSY_TIMEOUT, NodeSqliteDialect } from './node-sqlite.ts';

/** Several processes may start on an empty database at once: each waits for the others this often, this long, ms. */
const MIGRATION_ATTEMPTS = 10;
const MIGRATION_PAUSE = 200;

/** What the room's functions work on: a fork for one call, or a transaction of it. */
export type Em = SqlEntityManager;

export interface Store {
  readonly kind: Database['kind'];
  /** A fresh entity manager: one per call or activity. */
  em(): SqlEntityManager;
  /** Names of the migrations that the database lacks. */
  pending(): Promise<readonly string[]>;
  migrate(): Promise<readonly string[]>;
  /** Rejects when the database does not answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** The database is older than this release: `kookeeper migrate` brings it up to date. */
export class SchemaTooOld extends Error {
  override readonly name = 'SchemaTooOld';
  readonly code = 'SCHEMA_TOO_OLD';
  constructor(pending: readonly string[]) {
    super(`the database schema is older than this release (${pending.join(', ')} not applied): run \`kookeeper migrate\`, then start again`);
  }
}

/** Opens the database; creates the SQLite file and its folder, never the PostgreSQL database. Asserts SQLite's pragmas. */
export async function openStore(database: Database): Promise<Store> {
  const orm = await init(database);
  try {
    if (database.kind === 'sqlite') await assertPragmas(orm.em.fork(), database.file);
  } catch (error) {
    await orm.close(true);
    throw error;
  }
  const migrator = orm.migrator;
  const pending = async (): Promise<readonly string[]> => (await migrator.getPending()).map(({ name }) => name);
  return {
    kind: database.kind,
    em: () => orm.em.fork(),
    pending,
    async migrate() {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return (await migrator.up()).map(({ name }) => name);
        } catch (error) {
          // Another process that started at the same moment may have done it first, or be in the middle of it.
          if ((await pending()).length === 0) return [];
          if (attempt === MIGRATION_ATTEMPTS) throw error;
          await new Promise((resolve) => setTimeout(resolve, MIGRATION_PAUSE));
        }
      }
    },
    ping: async () => {
      await orm.em.fork().getConnection().execute('select 1');
    },
    close: () => orm.close(true),
  };
}

/** Refuses to go on with a schema that lacks a migration. */
export async function assertSchema(store: Store): Promise<void> {
  const pending = await store.pending();
  if (pending.length > 0) throw new SchemaTooOld(pending);
}

async function init(database: Database): Promise<MikroORM<AbstractSqlDriver>> {
  const common = {
    entities: ENTITIES,
    extensions: [Migrator],
    migrations: { migrationsList: MIGRATIONS[database.kind], snapshot: false, tableName: 'kookeeper_migration' },
    // Rows are read afresh in every call; nothing may be remembered between two of them.
    allowGlobalContext: false,
    // Only the migrator would use it, to announce what `migrate` returns anyway; errors are thrown, not logged.
    logger: () => undefined,
  };
  if (database.kind === 'sqlite') {
    if (database.file !== ':memory:') mkdirSync(dirname(database.file), { recursive: true });
    return MikroORM.init<AbstractSqlDriver>({ ...common, driver: SqliteDriver, dbName: database.file, driverOptions: new NodeSqliteDialect(database.file) });
  }
  const { ReleasingPostgreSqlDriver } = await import('./postgres-driver.ts');
  return MikroORM.init<AbstractSqlDriver>({ ...common, driver: ReleasingPostgreSqlDriver, clientUrl: database.url });
}

async function assertPragmas(em: SqlEntityManager, file: string): Promise<void> {
  const read = async (name: string): Promise<unknown> => {
    const [row] = await em.getConnection().execute<Record<string, unknown>[]>(`pragma ${name}`);
    return row && Object.values(row)[0];
  };
  const wanted: readonly [string, unknown][] = [
    ['journal_mode', file === ':memory:' ? 'memory' : 'wal'],
    ['synchronous', 2],
    ['foreign_keys', 1],
    ['busy_timeout', BUSY_TIMEOUT],
  ];
  for (const [name, value] of wanted) {
    const actual = await read(name);
    if (actual !== value) throw new Error(`SQLite pragma ${name} is ${String(actual)}, not ${String(value)}: ${file} may lie on a file system without locks`);
  }
}
