import type { SqlEntityManager } from '@mikro-orm/sql';
import type { LifeState } from '../lifecycle/state.ts';
import { Instance, MailboxCommand } from './entities.ts';
import { append, lockInstance } from './mailbox.ts';

export type Carried = Pick<LifeState, 'generation' | 'version' | 'taken' | 'takenAt'>;

/**
 * A database restored from a backup that is older than the workflow gives out numbers again which the workflow has taken already, and would
 * never be read there. What came in since (it is younger than the last command taken) gets numbers of its own; a person is told, because what
 * was admitted between backup and loss is known to the workflow alone. Answers whether the database was behind. The instants are those of the
 * API processes: their clocks must not differ by more than lies between the loss and the first call after it.
 */
export async function catchUp(em: SqlEntityManager, instanceId: string, { generation, version, taken, takenAt }: Carried, now: number): Promise<boolean> {
  const seen = await em.findOne(Instance, { id: instanceId }, { fields: ['generation', 'version'] });
  if (!seen || seen.generation !== generation || seen.version >= version) return false;
  return em.fork().transactional(async (tx) => {
    const row = await lockInstance(tx, { id: instanceId });
    if (!row || row.generation !== generation || row.version >= version) return false;
    const unread = await tx.find(MailboxCommand, { instanceId, $or: [{ seq: { $gt: taken } }, { receivedAt: { $gt: takenAt } }] }, { orderBy: { seq: 'asc' } });
    const last = taken + unread.length;
    // From the last on, so that no number is taken twice on the way: every new one is at least the old one.
    for (const [index, { seq }] of [...unread.entries()].toReversed()) await tx.nativeUpdate(MailboxCommand, { instanceId, seq }, { seq: taken + 1 + index });
    await tx.nativeUpdate(Instance, { id: instanceId }, { version, taken, lastSeq: last });
    const detail = `the database is older than the workflow: ${unread.length} calls since its restoration were put behind what the workflow had taken`;
    await append(tx, { ...row, lastSeq: last }, { at: now, key: null, attempt: 1, by: 'sweeper', instruction: { kind: 'tell', reason: 'store-behind', detail }, callId: null }, now);
    return true;
  });
}
