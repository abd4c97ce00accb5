import { chmodSync, closeSync, existsSync, fsyncSync, linkSync, mkdirSync, openSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { SCHEMA } from './schema.ts';
import { inTransaction, tenantPath } from './tenant-file.ts';
import type { TenantPlan } from './tenant-plan.ts';

/** What SQLite may leave beside a database that was not closed in order. */
const COMPANIONS = ['-journal', '-wal', '-shm'];

/** What a new tenant begins with. */
export interface Foundation {
  readonly instanceId: string;
  readonly plan: TenantPlan;
  readonly state: 'open' | 'suspended';
  readonly userName: string;
  readonly passwordHash: string;
}

/**
 * Builds the tenant's file under a name of its own and links it into place, so it exists whole or not at all.
 * False when one was there already: a link, unlike a rename, never replaces it. The folder must be on a disk with hard links.
 */
export function buildTenantFile(folder: string, foundation: Foundation, suffix: string): boolean {
  const path = tenantPath(folder, foundation.instanceId);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const draft = join(folder, `${draftPrefix(foundation.instanceId)}${suffix}`);
  try {
    writeDraft(draft, foundation);
    // A journal left by a removed predecessor would be played back into the new file; one beside a living file is in use.
    if (existsSync(path)) return false;
    removeCompanions(path);
    linkSync(draft, path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
    removeCompanions(draft);
  }
  syncFolder(folder);
  return true;
}

/** Deletes the tenant's file, what SQLite left beside it, and drafts that a killed process left. Nothing there is a success. */
export function deleteTenantFile(folder: string, instanceId: string): void {
  const path = tenantPath(folder, instanceId);
  rmSync(path, { force: true });
  removeCompanions(path);
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return;
    throw error;
  }
  for (const name of names) {
    if (name.startsWith(draftPrefix(instanceId))) rmSync(join(folder, name), { force: true });
  }
  syncFolder(folder);
}

/** The dots keep drafts of one id from being taken for those of a longer id, and any of them for a tenant. */
function draftPrefix(instanceId: string): string {
  return `.${instanceId}.draft.`;
}

function writeDraft(draft: string, foundation: Foundation): void {
  const db = new DatabaseSync(draft);
  try {
    chmodSync(draft, 0o600);
    inTransaction(db, () => {
      db.exec(SCHEMA);
      db.prepare('INSERT INTO tenant (only_row, instance_id, state, plan) VALUES (1, ?, ?, ?)').run(
        foundation.instanceId,
        foundation.state,
        JSON.stringify(foundation.plan),
      );
      db.prepare('INSERT INTO user (name, password_hash) VALUES (?, ?)').run(foundation.userName, foundation.passwordHash);
    });
  } finally {
    db.close();
  }
}

function removeCompanions(path: string): void {
  for (const companion of COMPANIONS) rmSync(`${path}${companion}`, { force: true });
}

/** A power cut must not undo what was answered for: names are data of the folder. Windows has no such call. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
