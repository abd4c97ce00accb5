import { MikroORM } from '@mikro-orm/core';
import { Migrator } from '@mikro-orm/migrations';
import { SqliteDriver, type AbstractSqlDriver } from '@mikro-orm/sql';
import { PostgreSqlDriver } from '@mikro-orm/postgresql';
import { expect, it } from 'vitest';
import type { Database } from '../../src/config/types.ts';
import { ENTITIES } from '../../src/store/entities.ts';
import { MIGRATIONS } from '../../src/store/migrations/index.ts';
import { NodeSqliteDialect } from '../../src/store/node-sqlite.ts';
import { assertSchema, openStore } from '../../src/store/open.ts';
import { onBoth, onBothEmpty } from './databases.ts';

async function orm(at: Database): Promise<MikroORM<AbstractSqlDriver>> {
  const common = { entities: ENTITIES, extensions: [Migrator], schemaGenerator: { skipTables: ['kookeeper_migration'] }, logger: () => undefined };
  return at.kind === 'sqlite'
    ? MikroORM.init<AbstractSqlDriver>({ ...common, driver: SqliteDriver, dbName: at.file, driverOptions: new NodeSqliteDialect(at.file) })
    : MikroORM.init<AbstractSqlDriver>({ ...common, driver: PostgreSqlDriver, clientUrl: at.url });
}

onBothEmpty('migrations', (kind, at) => {
  const names = MIGRATIONS[kind].map(({ name }) => name);

  it('bring an empty database up to date, and do nothing the second time', async () => {
    const store = await openStore(at());
    try {
      expect(await store.pending()).toEqual(names);
      expect(await store.migrate()).toEqual(names);
      expect(await store.pending()).toEqual([]);
      expect(await store.migrate()).toEqual([]);
      await expect(assertSchema(store)).resolves.toBeUndefined();
    } finally {
      await store.close();
    }
  });

  it('stay applied for the next process', async () => {
    const first = await openStore(at());
    await first.migrate();
    await first.close();
    const second = await openStore(at());
    try {
      expect(await second.pending()).toEqual([]);
    } finally {
      await second.close();
    }
  });

  it('are asked for by name when the schema is older than the release', async () => {
    const store = await openStore(at());
    try {
      await expect(assertSchema(store)).rejects.toMatchObject({
        code: 'SCHEMA_TOO_OLD',
        message: `the database schema is older than this release (${names.join(', ')} not applied): run \`kookeeper migrate\`, then start again`,
      });
    } finally {
      await store.close();
    }
  });

  it('fail with the database error when they cannot be applied, and leave the schema as old as it was', async () => {
    const store = await openStore(at());
    try {
      await store.em().getConnection().execute('create table sealed (other int)');
      await expect(store.migrate()).rejects.toThrow(/already exists/);
      expect(await store.pending()).toEqual(names);
    } finally {
      await store.close();
    }
  });
});

onBoth('migrations and entities', (database) => {
  it('describe the same tables: MikroORM finds nothing to change', async () => {
    const own = await orm(database.at);
    try {
      expect(await own.schema.getUpdateSchemaSQL({ wrap: false })).toBe('');
      // The comparison sees a difference when there is one.
      await own.em.fork().getConnection().execute('alter table sealed drop column sealed_at');
      expect(await own.schema.getUpdateSchemaSQL({ wrap: false })).toContain('sealed_at');
    } finally {
      await own.close(true);
    }
  });
});

it('have the same names on both databases', () => {
  expect(MIGRATIONS.sqlite.map(({ name }) => name)).toEqual(MIGRATIONS.postgres.map(({ name }) => name));
});
