import type { SqlEntityManager } from '@mikro-orm/sql';
import { Instance } from './entities.ts';

/** A life that must have a workflow. */
export interface Living {
  readonly instanceId: string;
  readonly orderLineKey: string;
  /** It was known to be lost. */
  readonly lost: boolean;
}

/** A page of the living that were last stored before `before` (UTC ms) and had a command taken: younger ones may be on their way. By id, so that a walk over all meets each once. */
export async function livingAfter(em: SqlEntityManager, after: string, before: number, limit: number): Promise<Living[]> {
  const where = { living: true, id: { $gt: after }, createdAt: { $lt: before }, updatedAt: { $lt: before } };
  const rows = await em.find(Instance, where, { fields: ['id', 'orderLineKey', 'lostSince'], orderBy: { id: 'asc' }, limit });
  return rows.map(({ id, orderLineKey, lostSince }) => ({ instanceId: id, orderLineKey, lost: (lostSince ?? null) !== null }));
}

/** Those of the order line keys that have no row. */
export async function withoutRow(em: SqlEntityManager, orderLineKeys: readonly string[]): Promise<string[]> {
  const rows = await em.find(Instance, { orderLineKey: { $in: [...orderLineKeys] } }, { fields: ['orderLineKey'] });
  const known = new Set(rows.map(({ orderLineKey }) => orderLineKey));
  return orderLineKeys.filter((key) => !known.has(key));
}

/** Notes that no workflow runs for a living row. False when that was known, or the life has ended. */
export async function markLost(em: SqlEntityManager, instanceId: string, now: number): Promise<boolean> {
  return (await em.nativeUpdate(Instance, { id: instanceId, living: true, lostSince: null }, { lostSince: now })) > 0;
}

/** A workflow of it was found running, or was started anew. */
export async function markFound(em: SqlEntityManager, instanceId: string): Promise<void> {
  await em.nativeUpdate(Instance, { id: instanceId, lostSince: { $ne: null } }, { lostSince: null });
}

/** Those known to be lost. */
export async function countLost(em: SqlEntityManager): Promise<number> {
  return em.count(Instance, { lostSince: { $ne: null } });
}
