import type { Pool, PoolClient } from 'pg';
import { inTransaction, onConnection } from './connection.ts';

/** What the adapter must know of its server before it makes tenants. */
export interface Server {
  readonly database: string;
  readonly superuser: boolean;
}

/** Any number that no tenant's lock is likely to be. */
const PREPARE_LOCK = 7_305_118_440;

/**
 * Takes the right of everybody to the schema `public` away, once per database, so that a tenant's role reaches no schema but its own.
 * Tables of other programs in `public` stay usable for their owners and for roles with grants of their own on the schema.
 */
export async function prepareServer(pool: Pool, signal: AbortSignal): Promise<Server> {
  return onConnection(pool, signal, async (client) => {
    await inTransaction(client, () => closePublicSchema(client));
    const { rows } = await client.query<Server>(
      'SELECT current_database() AS database, rolsuper AS superuser FROM pg_roles WHERE rolname = current_user',
    );
    const server = rows[0];
    if (server === undefined) throw new Error('the user of adminUrl is not in pg_roles');
    return server;
  });
}

async function closePublicSchema(client: PoolClient): Promise<void> {
  await client.query('SELECT pg_advisory_xact_lock($1)', [PREPARE_LOCK]);
  if (!(await publicSchemaIsOpen(client))) return;
  await client.query('REVOKE ALL ON SCHEMA public FROM PUBLIC');
  if (!(await publicSchemaIsOpen(client))) return;
  throw new Error('the schema "public" stays open to tenants: make the user of adminUrl the owner of that database');
}

async function publicSchemaIsOpen(client: PoolClient): Promise<boolean> {
  const { rows } = await client.query<{ open: boolean }>(
    `SELECT count(*) > 0 AS open FROM pg_namespace
     WHERE nspname = 'public' AND has_schema_privilege('public', oid, 'USAGE, CREATE')`,
  );
  return rows[0]?.open === true;
}
