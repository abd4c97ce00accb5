import { SqliteDialect, type Driver, type SqliteDatabase } from 'kysely';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { releasing } from './releasing.ts';

/** How long a statement waits for another process's write lock, ms. It blocks this process, so it stays well below the marketplace's 5 s. */
export const BUSY_TIMEOUT = 1_500;

const PRAGMAS = ['journal_mode = WAL', 'synchronous = FULL', 'foreign_keys = ON'];

/**
 * Kysely's SQLite dialect over `node:sqlite`, so that no native module is needed. It differs from MikroORM's own bridge in three points:
 * transactions begin IMMEDIATE (a deferred one fails, instead of waiting, when it turns into a writer beside another process),
 * the busy time-out is set, and a transaction that could not begin gives the connection back. No statement is kept: MikroORM writes the values into the text, so hardly one comes twice, and
 * keeping them would keep bodies and sealed data in memory.
 */
export class NodeSqliteDialect extends SqliteDialect {
  constructor(file: string) {
    super({ database: () => Promise.resolve(openDatabase(file)) });
  }

  override createDriver(): Driver {
    return releasing(super.createDriver());
  }
}

function openDatabase(file: string): SqliteDatabase {
  const database = new DatabaseSync(file, { timeout: BUSY_TIMEOUT });
  try {
    for (const pragma of PRAGMAS) database.exec(`pragma ${pragma}`);
  } catch (error) {
    database.close();
    throw error;
  }
  return {
    prepare(sql) {
      const statement = database.prepare(sql === 'begin' ? 'begin immediate' : sql);
      return {
        reader: /^\s*(select|pragma|explain|with)/i.test(sql) || /\breturning\b/i.test(sql),
        all: (parameters) => statement.all(...(parameters as SQLInputValue[])),
        run: (parameters) => statement.run(...(parameters as SQLInputValue[])),
        iterate: (parameters) => statement.iterate(...(parameters as SQLInputValue[])),
      };
    },
    close() {
      database.close();
    },
  };
}
