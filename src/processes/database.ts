import type { Config } from '../config/types.ts';
import { openReachableStore } from '../store/open-reachable.ts';
import { assertSchema, type Store } from '../store/open.ts';

/**
 * Opens the database for a process that serves. SQLite is brought up to date here, since nobody else uses the file;
 * a PostgreSQL schema is only checked: `kookeeper migrate` changes it, once, however many processes start. Throws SchemaTooOld, DatabaseUnusable.
 */
export async function openDatabase({ database }: Pick<Config, 'database'>): Promise<Store> {
  const store = await openReachableStore(database);
  try {
    if (database.kind === 'sqlite') await store.migrate();
    else await assertSchema(store);
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}
