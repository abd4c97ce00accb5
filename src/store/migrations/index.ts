import { Migration20261121Initial as PostgresInitial } from './postgres/20261121-initial.ts';
import { Migration20261122Life as PostgresLife } from './postgres/20261122-life.ts';
import { Migration20261121Initial as SqliteInitial } from './sqlite/20261121-initial.ts';
import { Migration20261122Life as SqliteLife } from './sqlite/20261122-life.ts';

/** In order, and never changed once released. The same entities on both databases; the SQL is each one's own. */
export const MIGRATIONS = {
  sqlite: [
    { name: '20261121-initial', class: SqliteInitial },
    { name: '20261122-life', class: SqliteLife },
  ],
  postgres: [
    { name: '20261121-initial', class: PostgresInitial },
    { name: '20261122-life', class: PostgresLife },
  ],
};
