import { ENTITIES } from '../../src/store/entities.ts';
import { openStore, type Store } from '../../src/store/open.ts';
import { createSealer, type Sealer } from '../../src/store/sealer.ts';

/** What one schedule after another is played on: a migrated database in memory, emptied in between. */
export interface Bench {
  readonly store: Store;
  readonly sealer: Sealer;
  empty(): Promise<void>;
  close(): Promise<void>;
}

export async function openBench(): Promise<Bench> {
  const store = await openStore({ kind: 'sqlite', file: ':memory:' });
  await store.migrate();
  return {
    store,
    sealer: createSealer(['a secret of the seeded tests only, long enough']),
    async empty() {
      const connection = store.em().getConnection();
      for (const { tableName } of ENTITIES) await connection.execute(`delete from ${tableName}`);
    },
    close: () => store.close(),
  };
}
