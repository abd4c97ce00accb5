import { existsSync } from 'node:fs';

import { loadConfig } from '../config/load.ts';
import { openReachableStore } from '../store/open-reachable.ts';
import { assertSchema, type Store } from '../store/open.ts';
import { CommandError } from './command-error.ts';
import type { Context } from './command.ts';
import { EXIT } from './exit-code.ts';

/** Opens the configured database for a command that reads it, and makes none. Throws ConfigError, SchemaTooOld, CommandError. */
export async function withStore<T>({ env, cwd }: Context, work: (store: Store) => Promise<T>): Promise<T> {
  const { database } = await loadConfig({ env, cwd, need: 'operate' });
  if (database.kind === 'sqlite' && database.file !== ':memory:' && !existsSync(database.file)) {
    const message = `there is no database at ${database.file}: \`kookeeper serve\` makes it. Is it elsewhere? Set KOOKEEPER_DATA or DATABASE_URL as \`serve\` has it`;
    throw new CommandError('NO_DATABASE', message, EXIT.badInput);
  }
  const store = await openReachableStore(database);
  try {
    await assertSchema(store);
    return await work(store);
  } finally {
    await store.close();
  }
}
