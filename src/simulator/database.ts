import { MikroORM } from '@mikro-orm/core';
import { Migrator } from '@mikro-orm/migrations';
import { NodeSqliteDialect, SqliteDriver, type SqlEntityManager } from '@mikro-orm/sql';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { ENTITIES } from './entities.ts';
import { Migration20261121Initial } from './migrations/20261121-initial.ts';
import { Migration20261122Terms } from './migrations/20261122-terms.ts';
import { Migration20261123Platform } from './migrations/20261123-platform.ts';
import { Migration20261124Usage } from './migrations/20261124-usage.ts';
import { Migration20261124Arrears } from './migrations/20261124-arrears.ts';

export interface MarketDatabase {
  /** A fresh entity manager: one per piece of work. */
  em(): SqlEntityManager;
  close(): Promise<void>;
}

/** Opens the market's own SQLite file (made with its folder when missing) or `:memory:`, and brings its schema up to date. One process at a time. */
export async function openMarketDatabase(file: string): Promise<MarketDatabase> {
  if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true });
  const orm = await MikroORM.init({
    entities: ENTITIES,
    extensions: [Migrator],
    migrations: {
      migrationsList: [
        { name: '20261121-initial', class: Migration20261121Initial },
        { name: '20261122-terms', class: Migration20261122Terms },
        { name: '20261123-platform', class: Migration20261123Platform },
        { name: '20261124-usage', class: Migration20261124Usage },
        { name: '20261124-arrears', class: Migration20261124Arrears },
      ],
      snapshot: false,
      tableName: 'market_migration',
    },
    allowGlobalContext: false,
    // Only the migrator would use it, to announce itself; errors are thrown, not logged.
    logger: () => undefined,
    driver: SqliteDriver,
    dbName: file,
    driverOptions: new NodeSqliteDialect(file),
  });
  const em = (): SqlEntityManager => orm.em.fork();
  try {
    // The simulator's books may lose their last moments to a power cut; in exchange they cost the seller under test no time.
    for (const pragma of ['journal_mode = WAL', 'synchronous = NORMAL']) await em().getConnection().execute(`pragma ${pragma}`);
    await orm.migrator.up();
  } catch (error) {
    await orm.close(true);
    throw error;
  }
  return { em, close: () => orm.close(true) };
}
