import { loadConfig } from '../config/load.ts';
import { assertSchema, openStore, type Store } from '../store/open.ts';
import type { Context } from './command.ts';

/** Opens the configured database for a command that reads it. Throws ConfigError, SchemaTooOld. */
export async function withStore<T>({ env, cwd }: Context, work: (store: Store) => Promise<T>): Promise<T> {
  const { database } = await loadConfig({ env, cwd, need: 'operate' });
  const store = await openStore(database);
  try {
    await assertSchema(store);
    return await work(store);
  } finally {
    await store.close();
  }
}
