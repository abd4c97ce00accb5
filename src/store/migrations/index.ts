import { Migration20261121Initial as PostgresInitial } from './postgres/20261121-initial.ts';
import { Migration20261121Initial as SqliteInitial } from './sqlite/20261121-initial.ts';

/** In order, and never changed once released. The same entities on both databases; the SQL is each one's own. */
export const MIGRATIONS = {
  sqlite: [{ name: '20261121-initial', class: SqliteInitial }],
  postgres: [{ name: '20261121-initial', class: PostgresInitial }],
};
