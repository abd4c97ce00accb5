import { SqliteDialect, type SqliteDatabase, type SqliteStatement } from 'kysely';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';

/** How long a statement waits for another process's write lock, ms. It blocks this process, so it stays well below the marketplace's 5 s. */
export const BUSY_TIMEOUT = 1_500;

const PRAGMAS = ['journal_mode = WAL', 'synchronous = FULL', 'foreign_keys = ON'];

/**
 * Kysely's SQLite dialect over `node:sqlite`, so that no native module is needed. It differs from MikroORM's own bridge in three points:
 * transactions begin IMMEDIATE (a deferred one fails, instead of waiting, when it turns into a writer beside another process),
 * the busy time-out is set, and statements are prepared once.
 */
export class NodeSqliteDialect extends SqliteDialect {
  constructor(file: string) {
    super({ database: () => Promise.resolve(openDatabase(file)) });
  }
}

function openDatabase(file: string): SqliteDatabase {
  const database = new DatabaseSync(file, { timeout: BUSY_TIMEOUT });
  for (const pragma of PRAGMAS) database.exec(`pragma ${pragma}`);
  const prepared = new Map<string, SqliteStatement>();
  return {
    prepare(sql) {
      const known = prepared.get(sql);
      if (known) return known;
      const statement = database.prepare(sql === 'begin' ? 'begin immediate' : sql);
      const made: SqliteStatement = {
        reader: /^\s*(select|pragma|explain|with)/i.test(sql) || /\breturning\b/i.test(sql),
        all: (parameters) => statement.all(...(parameters as SQLInputValue[])),
        run: (parameters) => statement.run(...(parameters as SQLInputValue[])),
        iterate: (parameters) => statement.iterate(...(parameters as SQLInputValue[])),
      };
      // Batches of different lengths are different texts: keep the ones that come again.
      if (prepared.size < 500) prepared.set(sql, made);
      return made;
    },
    close() {
      database.close();
    },
  };
}
