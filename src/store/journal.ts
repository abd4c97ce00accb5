import { LockMode } from '@mikro-orm/core';
import type { SqlEntityManager } from '@mikro-orm/sql';
import { Call, Nonce, Refusal, type CallRow, type RefusalRow } from './entities.ts';
import { insertRow } from './insert-row.ts';
import { storable } from './storable.ts';

/** Nonces are remembered this long: well past the ±60 s in which a stamp is fresh (architecture §5). */
export const NONCE_LIFE = 10 * 60_000;

/** The newest refused calls are kept, so that a flood of them cannot fill the disk. */
export const REFUSALS_KEPT = 5_000;

/** Refused bodies are kept up to this length only. */
export const REFUSED_BODY = 4_096;

/** Claims the nonce inside the call's transaction. Answers what the nonce was first used for, when it was. */
export async function claimNonce(
  em: SqlEntityManager,
  claim: { kit: string; nonce: string; bodyHash: string; callId: string; now: number },
): Promise<{ bodyHash: string; callId: string } | null> {
  const { kit, nonce, bodyHash, callId, now } = claim;
  const row = { kit, nonce, bodyHash, callId, expiresAt: now + NONCE_LIFE };
  if (await insertRow(em, Nonce, row, 'ignore')) return null;
  // Locked, so that of two callers who find it expired only one may have it.
  const known = await em.findOneOrFail(Nonce, { kit, nonce }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  if (known.expiresAt > now) return { bodyHash: known.bodyHash, callId: known.callId };
  await em.nativeUpdate(Nonce, { kit, nonce }, { bodyHash, callId, expiresAt: now + NONCE_LIFE });
  return null;
}

export async function recordCall(em: SqlEntityManager, row: CallRow): Promise<void> {
  await insertRow(em, Call, row);
}

/** Puts the answer that is about to leave into the record, where it differs from what was promised at the commit. */
export async function amendCall(em: SqlEntityManager, id: string, { resultCode, resultMsg }: { resultCode: string; resultMsg: string }): Promise<void> {
  await em.nativeUpdate(Call, { id }, { resultCode, resultMsg });
}

/** A refused body may hold anything. */
export async function recordRefusal(em: SqlEntityManager, row: RefusalRow): Promise<void> {
  await em.insert(Refusal, { ...row, query: storable(row.query), body: storable(row.body.slice(0, REFUSED_BODY)) });
}

/** What was found out about a refusal after its answer had left. */
export async function putMistake(em: SqlEntityManager, id: string, mistake: string): Promise<void> {
  await em.nativeUpdate(Refusal, { id }, { mistake });
}

/** Forgets old nonces, calls and refusals. Returns how many rows went. */
export async function pruneJournal(em: SqlEntityManager, now: number, keepCalls: number): Promise<number> {
  const nonces = await em.nativeDelete(Nonce, { expiresAt: { $lt: now } });
  const calls = await em.nativeDelete(Call, { receivedAt: { $lt: now - keepCalls } });
  const [oldestKept] = await em.find(Refusal, {}, { orderBy: { receivedAt: 'desc' }, offset: REFUSALS_KEPT, limit: 1 });
  const refusals = oldestKept ? await em.nativeDelete(Refusal, { receivedAt: { $lte: oldestKept.receivedAt } }) : 0;
  return nonces + calls + refusals;
}

export interface CallFilter {
  readonly instanceId?: string;
  readonly verb?: string;
  readonly kind?: 'live' | 'test';
  readonly before?: number;
  readonly limit: number;
}

/** Newest first. */
export async function listCalls(em: SqlEntityManager, filter: CallFilter): Promise<CallRow[]> {
  const { instanceId, verb, kind, before, limit } = filter;
  const where = {
    ...(instanceId === undefined ? {} : { instanceId }),
    ...(verb === undefined ? {} : { verb }),
    ...(kind === undefined ? {} : { kind }),
    ...(before === undefined ? {} : { receivedAt: { $lt: before } }),
  };
  return em.find(Call, where, { orderBy: { receivedAt: 'desc', id: 'desc' }, limit });
}

export async function listRefusals(em: SqlEntityManager, limit: number): Promise<RefusalRow[]> {
  return em.find(Refusal, {}, { orderBy: { receivedAt: 'desc', id: 'desc' }, limit });
}

export async function findCall(em: SqlEntityManager, id: string): Promise<CallRow | null> {
  return em.findOne(Call, { id });
}

export async function findRefusal(em: SqlEntityManager, id: string): Promise<RefusalRow | null> {
  return em.findOne(Refusal, { id });
}
