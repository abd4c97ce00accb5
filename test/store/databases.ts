import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, inject } from 'vitest';
import type { Database } from '../../src/config/types.ts';
import { ENTITIES } from '../../src/store/entities.ts';
import { openStore, type Em, type Store } from '../../src/store/open.ts';
import { dropDatabase, freshDatabase } from '../support/postgres.ts';

/** A database that is empty at the beginning of each test. */
export interface TestDatabase {
  readonly at: Database;
  /** Migrated. */
  readonly store: Store;
  em(): Em;
  /**
   * Does the work so many times at once, by turns as two processes with connections of their own, all of them open already. On SQLite the two
   * are one: a second connection in one process would wait for the first with the whole process stopped; `processes.test.ts` has real ones.
   */
  atOnce<T>(times: number, work: (store: Store, index: number) => Promise<T>): Promise<T[]>;
  /** Texts of the SQL statements that the work sends, without begin and commit. */
  statements(work: () => Promise<unknown>): Promise<string[]>;
}

export async function emptyDatabase(kind: Database['kind']): Promise<{ at: Database; remove(): Promise<void> }> {
  if (kind === 'postgres') {
    const url = await freshDatabase(inject('postgresUrl'));
    return { at: { kind, url }, remove: () => dropDatabase(url) };
  }
  const folder = await mkdtemp(join(tmpdir(), 'kookeeper-store-'));
  return { at: { kind, file: join(folder, 'kookeeper.db') }, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** Runs the same tests on a real SQLite file and on a real PostgreSQL, each with a migrated database of its own that is emptied between two tests. */
export function onBoth(rules: string, suite: (database: TestDatabase) => void): void {
  describe.each(['sqlite', 'postgres'] as const)(`${rules} (%s)`, (kind) => {
    let opened: { at: Database; stores: [Store, Store]; remove(): Promise<void> };
    beforeAll(async () => {
      const { at, remove } = await emptyDatabase(kind);
      const store = await openStore(at);
      await store.migrate();
      opened = { at, stores: [store, kind === 'sqlite' ? store : await openStore(at)], remove };
    });
    beforeEach(async () => {
      for (const { tableName } of ENTITIES) await opened.stores[0].em().getConnection().execute(`delete from ${tableName}`);
    });
    afterAll(async () => {
      for (const store of new Set(opened.stores)) await store.close();
      await opened.remove();
    });
    suite({
      get at() {
        return opened.at;
      },
      get store() {
        return opened.stores[0];
      },
      em: () => opened.stores[0].em(),
      async atOnce(times, work) {
        const each = <T>(what: (store: Store, index: number) => Promise<T>) =>
          Promise.all(Array.from({ length: times }, (_, index) => what(opened.stores[index % 2] ?? opened.stores[0], index)));
        await each((store) => store.ping());
        return each(work);
      },
      async statements(work) {
        const texts: string[] = [];
        const { config } = opened.stores[0].em();
        config.set('onQuery', (sql) => {
          texts.push(sql);
          return sql;
        });
        await work();
        config.set('onQuery', (sql) => sql);
        return texts;
      },
    });
  });
}

/** Runs the same tests with an empty database that nothing was done to yet. */
export function onBothEmpty(rules: string, suite: (kind: Database['kind'], at: () => Database) => void): void {
  describe.each(['sqlite', 'postgres'] as const)(`${rules} (%s)`, (kind) => {
    let empty: Awaited<ReturnType<typeof emptyDatabase>>;
    beforeEach(async () => {
      empty = await emptyDatabase(kind);
    });
    afterEach(() => empty.remove());
    suite(kind, () => empty.at);
  });
}
