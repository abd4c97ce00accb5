import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool, PoolClient } from 'pg';
import { onConnection } from './connection.ts';
import { tenantNames } from './names.ts';

/**
 * Runs `work` while nobody else changes this tenant, in this process or another. The lock belongs to the connection, not to a transaction:
 * ending the sessions comes after the commit and must be over before the next verb begins. It needs a direct connection, or a pooler that
 * keeps sessions together.
 */
export async function onTenant<T>(
  pool: Pool,
  instanceId: string,
  signal: AbortSignal,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  const { lock } = tenantNames(instanceId);
  return onConnection(pool, signal, async (client) => {
    await client.query('SELECT pg_advisory_lock($1::bigint)', [lock]);
    const result = await work(client);
    await client.query('SELECT pg_advisory_unlock($1::bigint)', [lock]);
    return result;
  });
}

/**
 * What the server knows of the tenant: its role, by a comment of ours. Roles belong to the whole server, so a role of that name that
 * serves another database, or was made by somebody else, is an error and never adopted.
 */
export async function findRole(client: PoolClient, instanceId: string): Promise<'open' | 'suspended' | 'absent'> {
  const { role } = tenantNames(instanceId);
  const { rows } = await client.query<{ rolcanlogin: boolean; comment: string | null; database: string }>(
    `SELECT rolcanlogin, shobj_description(oid, 'pg_authid') AS comment, current_database() AS database
     FROM pg_roles WHERE rolname = $1`,
    [role],
  );
  const row = rows[0];
  if (row === undefined) return 'absent';
  if (row.comment !== roleComment(instanceId, row.database)) {
    throw new Error(`the role ${role} exists but is not the tenant of instance ${instanceId} in database ${row.database}`);
  }
  return row.rolcanlogin ? 'open' : 'suspended';
}

/** The comment that marks a role as ours. */
export function roleComment(instanceId: string, database: string): string {
  return `kookeeper tenant of instance ${instanceId} in database ${database}`;
}

/** How often to look for sessions, and how long to wait in between, in milliseconds. */
const LOOKS = 60;
const PAUSE_MS = 50;

/**
 * Ends every session of the tenant, in any database, and returns when none is left. A login under way when NOLOGIN was committed shows
 * only after a moment, therefore two looks in a row must find nothing. Sessions that do not end within 3 seconds are an error.
 */
export async function endSessions(client: PoolClient, instanceId: string, signal: AbortSignal): Promise<void> {
  const { role } = tenantNames(instanceId);
  let quiet = 0;
  for (let look = 0; look < LOOKS; look += 1) {
    const { rowCount } = await client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1', [role]);
    quiet = rowCount === 0 ? quiet + 1 : 0;
    if (quiet === 2) return;
    await sleep(PAUSE_MS, undefined, { signal });
  }
  throw new Error(`sessions of the role ${role} do not end`);
}
