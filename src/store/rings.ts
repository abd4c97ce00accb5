import type { SqlEntityManager } from '@mikro-orm/sql';
import { Instance } from './entities.ts';

/** A mailbox with commands that the workflow has not taken yet. */
export interface Waiting {
  readonly instanceId: string;
  readonly orderLineKey: string;
  readonly orderId: string;
  readonly orderLineId: string;
  readonly neverTaken: boolean;
  readonly rings: number;
  readonly ringAt: number;
}

/** Mailboxes whose next ring is due, oldest first. */
export async function dueForRing(em: SqlEntityManager, now: number, limit: number): Promise<Waiting[]> {
  const rows = await em.find(
    Instance,
    { waiting: true, ringAt: { $lte: now } },
    { fields: ['id', 'orderLineKey', 'orderId', 'orderLineId', 'taken', 'rings', 'ringAt'], orderBy: { ringAt: 'asc' }, limit },
  );
  return rows.map(({ id, orderLineKey, orderId, orderLineId, taken, rings, ringAt }) => ({ instanceId: id, orderLineKey, orderId, orderLineId, neverTaken: taken === 0, rings, ringAt }));
}

/** Puts the next ring off, unless the mailbox was taken, rung for by somebody else or written to since `waiting` was read: a new command must not inherit the delay. */
export async function postponeRing(em: SqlEntityManager, { instanceId, rings, ringAt }: Waiting, until: number): Promise<void> {
  await em.nativeUpdate(Instance, { id: instanceId, waiting: true, rings, ringAt }, { rings: rings + 1, ringAt: until });
}

/** Since when the oldest untaken command has been waiting, UTC ms; null when nothing waits. */
export async function waitingSince(em: SqlEntityManager): Promise<number | null> {
  const oldest = await em.findOne(Instance, { waiting: true }, { fields: ['waitingSince'], orderBy: { waitingSince: 'asc' } });
  return oldest?.waitingSince ?? null;
}
