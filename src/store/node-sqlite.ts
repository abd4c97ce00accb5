import { SqliteDialect, type Driver, type SqliteDatabase, type SqliteStatement } from 'kysely';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { releasing } from './releasing.ts';

/** How long a statement waits for another process's write lock, ms. It blocks this process, so it stays well below the marketplace's 5 s. */
export const BUSY_TIMEOUT = 1_500;

const PRAGMAS = ['journal_mode = WAL', 'synchronous = FULL', 'foreign_keys = ON'];

/**
 * Kysely's SQLite dialect over `node:sqlite`, so that no native module is needed. It differs from MikroORM's own bridge in three points:
 * transactions begin IMMEDIATE (a deferred one fails, instead of waiting, when it turns into a writer beside another process),
 * the busy time-out is set, and a transaction that could not begin gives the connection back. Only statements with bound values are kept: MikroORM writes the values into the text, so hardly
 * one of its own comes twice, and keeping them would keep bodies and sealed data in memory.
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
  const kept = new Map<string, SqliteStatement>();
  const transaction = prepare(database, 'begin immediate');
  const begin = oneWaits(database, () => transaction.run([]));
  return {
    prepare(sql) {
      if (sql === 'begin') return { ...transaction, run: begin };
      const known = kept.get(sql);
      if (known) return known;
      const statement = prepare(database, sql);
      if (hasBoundValuesOnly(sql)) kept.set(sql, statement);
      return statement;
    },
    close() {
      database.close();
    },
  };
}

/**
 * A wait for another process's lock blocks this process, and those queued behind it would each wait as long again: after one has waited in
 * vain, the others try without waiting until one succeeds.
 */
function oneWaits<T>(database: DatabaseSync, begin: () => T): () => T {
  let inVain = false;
  return () => {
    if (inVain) database.exec('pragma busy_timeout = 0');
    const impatient = inVain;
    inVain = true;
    try {
      const begun = begin();
      inVain = false;
      return begun;
    } finally {
      if (impatient) database.exec(`pragma busy_timeout = ${BUSY_TIMEOUT}`);
    }
  };
}

function prepare(database: DatabaseSync, sql: string): SqliteStatement {
  const statement = database.prepare(sql);
  return {
    reader: /^\s*(select|pragma|explain|with)/i.test(sql) || /\breturning\b/i.test(sql),
    all: (parameters) => statement.all(...(parameters as SQLInputValue[])),
    run: (parameters) => statement.run(...(parameters as SQLInputValue[])),
    iterate: (parameters) => statement.iterate(...(parameters as SQLInputValue[])),
  };
}

/** Placeholders and no quoted text: such texts stand in our code, so there are only a few. */
function hasBoundValuesOnly(sql: string): boolean {
  return sql.includes('?') && !sql.includes("'");
}
