import type { SqlEntityManager } from '@mikro-orm/sql';
import { Breaker } from './entities.ts';

/** The gateway locks an AK after five failures in a row (open-api.md 6.2): one failure opens, then at most three careful tries, ten minutes apart. */
export const HALF_OPEN_AFTER = 10 * 60_000;
export const HALF_OPEN_TRIES = 3;

/** `trial`: the caller's success closes the breaker. */
export type BreakerState = { readonly open: false; readonly trial: boolean } | { readonly open: true; readonly reason: string; readonly nextTryAt: number | null };

/** Asks for leave to call. While open, one caller per `HALF_OPEN_AFTER` gets it, three times at most; new keys start afresh. */
export async function askBreaker(em: SqlEntityManager, name: string, keys: string, now: number): Promise<BreakerState> {
  const row = await em.findOne(Breaker, { name });
  if (!row) return { open: false, trial: false };
  if (row.keys !== keys) {
    await em.nativeDelete(Breaker, { name, keys: row.keys });
    return { open: false, trial: false };
  }
  if (row.tries >= HALF_OPEN_TRIES) return { open: true, reason: row.reason, nextTryAt: null };
  if (row.nextTryAt > now) return { open: true, reason: row.reason, nextTryAt: row.nextTryAt };
  // The one whose update finds the row unchanged may try.
  const won = await em.nativeUpdate(Breaker, { name, tries: row.tries, nextTryAt: row.nextTryAt }, { tries: row.tries + 1, nextTryAt: now + HALF_OPEN_AFTER });
  return won > 0 ? { open: false, trial: true } : { open: true, reason: row.reason, nextTryAt: now + HALF_OPEN_AFTER };
}

export async function openBreaker(em: SqlEntityManager, name: string, keys: string, reason: string, now: number): Promise<void> {
  const row = { name, keys, reason, openedAt: now, tries: 0, nextTryAt: now + HALF_OPEN_AFTER };
  await em.createQueryBuilder(Breaker).insert(row).onConflict('name').ignore().execute('run');
}

export async function closeBreaker(em: SqlEntityManager, name: string): Promise<void> {
  await em.nativeDelete(Breaker, { name });
}

export async function readBreaker(em: SqlEntityManager, name: string): Promise<{ reason: string; openedAt: number } | null> {
  return em.findOne(Breaker, { name });
}
