import type { Database } from '../config/types.ts';
import { openStore, type Store } from './open.ts';

/** The configured database cannot be opened or does not answer; nothing was read or written. */
export class DatabaseUnusable extends Error {
  override readonly name = 'DatabaseUnusable';
  readonly code = 'DATABASE_UNUSABLE';
  constructor(database: Database, cause: unknown) {
    const which = database.kind === 'sqlite' ? `the SQLite database ${database.file} (DATABASE_URL, or KOOKEEPER_DATA)` : 'the PostgreSQL database that DATABASE_URL names';
    super(`${which} cannot be used: ${reasonOf(cause)}. Check the address, that it is there, and that this user may open it`, { cause });
  }
}

/** Opens the database and makes sure that it answers, so that whoever starts a command reads which setting to look at. Throws DatabaseUnusable. */
export async function openReachableStore(database: Database): Promise<Store> {
  let store: Store | null = null;
  try {
    store = await openStore(database);
    await store.ping();
    return store;
  } catch (error) {
    await store?.close();
    throw new DatabaseUnusable(database, error);
  }
}

/** Several addresses tried and refused come as an error without words of its own. */
function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const inner: unknown = cause instanceof AggregateError ? cause.errors[0] : undefined;
  return cause.message || (inner instanceof Error ? inner.message : cause.name);
}
