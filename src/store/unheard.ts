import type { SqlEntityManager } from '@mikro-orm/sql';
import { CHANGE_WINDOW } from '../lifecycle/rules.ts';
import { MailboxCommand } from './entities.ts';
import { append, lockInstance, markAnswered } from './mailbox.ts';

const AT_ONCE = 50;

/**
 * Changes that were carried out after their caller was last told to ask again, and that nobody asked for since: the marketplace may have
 * given the order up and refunded it. Each is put into its instance's mailbox, once, so that a person is told. Answers how many.
 */
export async function tellUnheard(em: SqlEntityManager, now: number): Promise<number> {
  const rows = await em.find(MailboxCommand, { outcome: 'done', answeredAt: { $lt: now - CHANGE_WINDOW } }, { orderBy: { answeredAt: 'asc' }, limit: AT_ONCE });
  for (const { instanceId, seq, settledAt } of rows) {
    await em.fork().transactional(async (tx) => {
      const row = await lockInstance(tx, { id: instanceId });
      await markAnswered(tx, instanceId, seq, null);
      // Nobody is left to look after what has been removed since.
      if (!row?.living) return;
      const detail = `the upgrade of command ${seq} was carried out at ${new Date(settledAt ?? now).toISOString()}, but the marketplace never heard it`;
      await append(tx, row, { at: now, key: null, attempt: 1, by: 'sweeper', instruction: { kind: 'tell', reason: 'change-unheard', detail }, callId: null }, now);
    });
  }
  return rows.length;
}
