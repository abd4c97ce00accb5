import { CompiledQuery, type Kysely } from 'kysely';
import { ENTITIES } from '../../src/store/entities.ts';
import { openStore, type Store } from '../../src/store/open.ts';
import { createSealer, type Sealer } from '../../src/store/sealer.ts';

/** What one schedule after another is played on: a migrated database in memory, emptied in between. */
export interface Bench {
  readonly store: Store;
  readonly sealer: Sealer;
  empty(): Promise<void>;
  /** Rows of a statement with bound values only: kept prepared, where MikroORM's own would be parsed each time. */
  rows<T extends object>(sql: string, ...values: readonly (string | number)[]): Promise<T[]>;
  close(): Promise<void>;
}

const TABLES = ENTITIES.map(({ tableName }) => tableName);

export async function openBench(): Promise<Bench> {
  const store = await openStore({ kind: 'sqlite', file: ':memory:' });
  await store.migrate();
  const db: Kysely<object> = store.em().getKysely();
  const rows = async <T extends object>(sql: string, ...values: readonly (string | number)[]): Promise<T[]> => (await db.executeQuery<T>(CompiledQuery.raw(sql, [...values]))).rows;
  return {
    store,
    sealer: createSealer(['a secret of the seeded tests only, long enough']),
    async empty() {
      for (const table of TABLES) await rows(`delete from ${table} where 1 = ?`, 1);
    },
    rows,
    close: () => store.close(),
  };
}
