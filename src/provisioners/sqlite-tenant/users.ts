import { createHash, randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { RandomBytes } from '../password.ts';
import { verifyPassword } from './password-hash.ts';
import { visitTenant, type Visit } from './tenant-file.ts';

/** How long a login lasts, in milliseconds. */
export const SESSION_MS = 12 * 60 * 60 * 1000;

/** A login: the token is what the user's browser keeps, the file knows only its digest. */
export interface Session {
  readonly token: string;
  readonly userName: string;
}

export interface LogIn {
  readonly userName: string;
  readonly password: string;
  /** Now, in milliseconds UTC. */
  readonly now: number;
  readonly random?: RandomBytes;
}

/**
 * Checks a user's password and opens a session; the value is null when name or password are wrong. A suspended tenant answers
 * `suspended` whatever the password. The slow hash runs outside the transaction, so tenant and password are looked at again after it.
 */
export async function logIn(folder: string, instanceId: string, attempt: LogIn): Promise<Visit<Session | null>> {
  const before = visitTenant(folder, instanceId, (db) => passwordHash(db, attempt.userName));
  if (before.tenant !== 'open') return before;
  const hash = before.value;
  if (hash === null || !(await verifyPassword(attempt.password, hash))) return { tenant: 'open', value: null };
  return visitTenant(folder, instanceId, (db) => {
    if (passwordHash(db, attempt.userName) !== hash) return null;
    const token = Buffer.from((attempt.random ?? randomBytes)(32)).toString('base64url');
    db.prepare('DELETE FROM session WHERE expires_at <= ?').run(attempt.now);
    db.prepare('INSERT INTO session (token_digest, user_name, expires_at) VALUES (?, ?, ?)').run(
      digest(token),
      attempt.userName,
      attempt.now + SESSION_MS,
    );
    return { token, userName: attempt.userName };
  });
}

/** Who holds this session token at `now` (milliseconds UTC); null when nobody does, or no longer. */
export function sessionUser(db: DatabaseSync, token: string, now: number): string | null {
  const row = db.prepare('SELECT user_name FROM session WHERE token_digest = ? AND expires_at > ?').get(digest(token), now);
  return row === undefined ? null : String(row['user_name']);
}

/** Ends one session; a success when it has ended already. */
export function endSession(db: DatabaseSync, token: string): void {
  db.prepare('DELETE FROM session WHERE token_digest = ?').run(digest(token));
}

/** Ends everybody's sessions. */
export function endSessions(db: DatabaseSync): void {
  db.exec('DELETE FROM session');
}

/** Replaces a user's password hash, adding the user if somebody removed it. Sessions are left to the caller. */
export function setPasswordHash(db: DatabaseSync, userName: string, hash: string): void {
  db.prepare(
    'INSERT INTO user (name, password_hash) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET password_hash = excluded.password_hash',
  ).run(userName, hash);
}

function passwordHash(db: DatabaseSync, userName: string): string | null {
  const row = db.prepare('SELECT password_hash FROM user WHERE name = ?').get(userName);
  return row === undefined ? null : String(row['password_hash']);
}

function digest(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

/** How many users the tenant has. */
export function countUsers(db: DatabaseSync): number {
  return Number(db.prepare('SELECT count(*) AS users FROM user').get()?.['users']);
}
