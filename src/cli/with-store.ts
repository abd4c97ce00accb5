import { existsSync } from 'node:fs';

import { loadConfig } from '../config/load.ts';
import type { Config } from '../config/types.ts';
import { temporalBell } from '../delivery/temporal-bell.ts';
import type { Desk } from '../operations/act.ts';
import { operatorTarget } from '../processes/temporal.ts';
import { openReachableStore } from '../store/open-reachable.ts';
import { assertSchema, type Store } from '../store/open.ts';
import { isStated, lazyClient } from '../temporal/connect.ts';
import { lifeTaskQueue } from '../workflows/task-queues.ts';
import { CommandError } from './command-error.ts';
import type { Context } from './command.ts';
import { EXIT } from './exit-code.ts';

/** Opens the configured database for a command that reads it, and makes none. Throws ConfigError, SchemaTooOld, CommandError. */
export async function withStore<T>({ env, cwd }: Context, work: (store: Store) => Promise<T>): Promise<T> {
  return withDatabase(await loadConfig({ env, cwd, need: 'operate' }), work);
}

/** The same with a bell, if somebody has said where Temporal is, for a command that changes something. Temporal may be down. */
export async function withDesk<T>({ env, cwd }: Context, work: (desk: Desk) => Promise<T>): Promise<T> {
  const config = await loadConfig({ env, cwd, need: 'operate' });
  const target = { ...operatorTarget(config), env };
  return withDatabase(config, async (store) => {
    if (!isStated(target)) return work({ store, bell: null, now: () => Date.now() });
    const temporal = lazyClient(target);
    try {
      return await work({ store, bell: temporalBell(temporal.client, lifeTaskQueue), now: () => Date.now() });
    } finally {
      await temporal.close();
    }
  });
}

async function withDatabase<T>({ database }: Pick<Config, 'database'>, work: (store: Store) => Promise<T>): Promise<T> {
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
