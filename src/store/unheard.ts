import type { SqlEntityManager } from '@mikro-orm/sql';
import type { Instruction } from '../lifecycle/command.ts';
import { CHANGE_WINDOW } from '../lifecycle/rules.ts';
import { MailboxCommand } from './entities.ts';
import { append, lockInstance } from './mailbox.ts';

const AT_ONCE = 50;

/**
 * Changes that were carried out, or refused, after their caller was last told to ask again, and that nobody asked for since: the marketplace may have
 * given the order up and refunded it. Each is put into its instance's mailbox, once, so that a person is told. Answers how many.
 */
export async function tellUnheard(em: SqlEntityManager, now: number): Promise<number> {
  const rows = await em.find(MailboxCommand, { answeredAt: { $lt: now - CHANGE_WINDOW }, outcome: { $in: ['done', 'failed'] } }, { orderBy: { answeredAt: 'asc' }, limit: AT_ONCE });
  for (const { instanceId, seq, settledAt, answeredAt, outcome, detail: why } of rows) {
    await em.fork().transactional(async (tx) => {
      const row = await lockInstance(tx, { id: instanceId });
      // Somebody asked meanwhile, or another process tells it.
      if ((await tx.nativeUpdate(MailboxCommand, { instanceId, seq, answeredAt }, { answeredAt: null })) === 0) return;
      // Nobody is left to look after what has been removed since.
      if (!row?.living) return;
      const when = new Date(settledAt ?? now).toISOString();
      const instruction: Instruction =
        outcome === 'done'
          ? { kind: 'tell', reason: 'change-unheard', detail: `the upgrade of command ${seq} was carried out at ${when}, but the marketplace never heard it` }
          : { kind: 'tell', reason: 'change-refused', detail: `the upgrade of command ${seq} was refused at ${when}, but the marketplace never heard it: ${why ?? ''}` };
      await append(tx, row, { at: now, key: null, attempt: 1, by: 'sweeper', instruction, callId: null }, now);
    });
  }
  return rows.length;
}
