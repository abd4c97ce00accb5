import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { requireInstanceId } from '../instance-id.ts';
import { SCHEMA_VERSION } from './schema.ts';

/** How long a call waits for another process's transaction on the same file. */
const BUSY_MS = 2_000;

/** SQLite's refusal to write to a file that was deleted while it was open (https://sqlite.org/rescode.html#readonly_dbmoved). */
const SQLITE_READONLY_DBMOVED = 1032;

/** Where a tenant's file is. Throws InstanceIdUnsafe, so no id can point out of the folder. */
export function tenantPath(folder: string, instanceId: string): string {
  requireInstanceId(instanceId);
  return join(folder, `${instanceId}.sqlite`);
}

/**
 * Runs `work` in one write transaction on the tenant's file and closes the file again; undefined when there is no such tenant,
 * also when it was removed in between.
 *
 * The file is opened for each visit: nobody holds a removed file open, and thousands of tenants cost no file handles.
 * SQLite's default rollback journal is kept rather than WAL, so at rest a tenant is exactly one file.
 */
export function inTenant<T>(folder: string, instanceId: string, work: (db: DatabaseSync) => T): T | undefined {
  const path = tenantPath(folder, instanceId);
  const db = openExisting(path);
  if (db === undefined) return undefined;
  try {
    requireOurs(db, instanceId);
    return inTransaction(db, () => work(db));
  } catch (error) {
    if (isMoved(error)) return undefined;
    throw error;
  } finally {
    db.close();
  }
}

/** What a visit to a tenant as one of its users met: its value, or the reason nobody gets in. */
export type Visit<T> = { readonly tenant: 'open'; readonly value: T } | { readonly tenant: 'suspended' | 'absent' };

/** As `inTenant`, for the tenant's users: the state is read in the same transaction, so nothing is done in a suspended tenant. */
export function visitTenant<T>(folder: string, instanceId: string, work: (db: DatabaseSync) => T): Visit<T> {
  const visit = inTenant(folder, instanceId, (db): Visit<T> => {
    return tenantState(db) === 'suspended' ? { tenant: 'suspended' } : { tenant: 'open', value: work(db) };
  });
  return visit ?? { tenant: 'absent' };
}

/** Whether users are let in. */
export function tenantState(db: DatabaseSync): 'open' | 'suspended' {
  return db.prepare('SELECT state FROM tenant').get()?.['state'] === 'open' ? 'open' : 'suspended';
}

/** Runs `work` between BEGIN IMMEDIATE and COMMIT; an error rolls back and is thrown on. */
export function inTransaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    // A failed COMMIT may have ended the transaction already.
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

function openExisting(path: string): DatabaseSync | undefined {
  if (!existsSync(path)) return undefined;
  // mode=rw: a file removed since the look above must not come back empty.
  const address = pathToFileURL(path);
  address.searchParams.set('mode', 'rw');
  try {
    return new DatabaseSync(address, { timeout: BUSY_MS });
  } catch (error) {
    if (!existsSync(path)) return undefined;
    throw error;
  }
}

/** A file of another version, or one copied or folded by a case-insensitive disk to this name, must not be served as this tenant. */
function requireOurs(db: DatabaseSync, instanceId: string): void {
  const version = db.prepare('PRAGMA user_version').get()?.['user_version'];
  if (version !== SCHEMA_VERSION) {
    throw new Error(`the tenant file of ${instanceId} has schema version ${String(version)}; this program knows ${SCHEMA_VERSION}`);
  }
  if (db.prepare('SELECT instance_id FROM tenant').get()?.['instance_id'] !== instanceId) {
    throw new Error(`the tenant file of ${instanceId} belongs to another instance`);
  }
}

function isMoved(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === SQLITE_READONLY_DBMOVED;
}
