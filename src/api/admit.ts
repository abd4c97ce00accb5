import { mailboxOf, type Mailbox } from '../delivery/bell.ts';
import type { Ask, Outcome } from '../marketplace/dialect.ts';
import type { InstanceRow } from '../store/entities.ts';
import { appendFirst, findByKey, insertInstance, lockInstance, markAnswered, type Letter } from '../store/mailbox.ts';
import type { Em } from '../store/open.ts';
import { post } from '../store/post.ts';
import type { Sealer } from '../store/sealer.ts';

export type CommandAsk = Extract<Ask, { kind: 'command' }>;

export interface Admission {
  readonly outcome: Outcome;
  readonly instanceId: string | null;
  /** Number of the command that was appended, or of the one that this call repeats. */
  readonly seq: number | null;
  /** Whom to ring for after the commit. */
  readonly ring: Mailbox | null;
}

export interface Admit {
  readonly em: Em;
  readonly sealer: Sealer;
  readonly kit: string;
  readonly callId: string;
  /** The call's own instant, UTC ms. */
  readonly at: number;
  readonly now: number;
}

/** Judges a command against everything promised before it and appends it to the mailbox. Runs inside the call's transaction. */
export async function admit(context: Admit, ask: CommandAsk): Promise<Admission> {
  const { em, sealer, kit, callId, at, now } = context;
  const letter: Letter = { at, key: ask.key, attempt: 1, by: 'marketplace', instruction: ask.instruction, callId };
  if ('orderLineKey' in ask.target) {
    const { orderLineKey, orderId, orderLineId } = ask.target;
    const made = await insertInstance(em, { id: sealer.instanceId(orderLineKey), kit, orderLineKey, orderId, orderLineId }, now);
    if (made) {
      await appendFirst(em, made.id, letter, now);
      return { outcome: { is: 'admitted', instanceId: made.id }, instanceId: made.id, seq: 1, ring: mailboxOf(made) };
    }
  }
  const row = await lockInstance(em, 'orderLineKey' in ask.target ? { orderLineKey: ask.target.orderLineKey } : { id: ask.target.instanceId });
  if (!row) return { outcome: { is: 'unknown' }, instanceId: null, seq: null, ring: null };
  return judgeFor(context, row, letter);
}

async function judgeFor({ em, now }: Admit, row: InstanceRow, letter: Letter): Promise<Admission> {
  const told = (outcome: Outcome, seq: number | null = null): Admission => ({ outcome, instanceId: row.id, seq, ring: row.waiting ? mailboxOf(row) : null });
  const earlier = letter.key === null ? null : await findByKey(em, row.id, letter.key);
  // A change is asked for again until it is done: the repeat is the poll. Anything else is promised by its first answer.
  const isChange = letter.instruction.kind === 'change';
  if (earlier && (isChange ? earlier.outcome === 'done' || earlier.outcome === null : earlier.outcome !== 'failed')) {
    const pending = isChange && earlier.outcome === null;
    if (isChange) await markAnswered(em, row.id, earlier.seq, pending ? now : null);
    return told({ is: pending ? 'admitted' : 'done', instanceId: row.id }, earlier.seq);
  }

  const { judgement, seq } = await post(em, row, { ...letter, attempt: (earlier?.attempt ?? 0) + 1 }, now);
  // Until its outcome is told, the record says "ask again": whoever never does is told of by the sweeper.
  if (isChange && seq !== null) await markAnswered(em, row.id, seq, now);
  switch (judgement.verdict) {
    case 'running':
      return told({ is: 'admitted', instanceId: row.id });
    case 'done':
      return told({ is: 'done', instanceId: row.id });
    case 'unknown':
      return told({ is: 'unknown' });
    case 'later':
    case 'no':
      return told({ is: 'later', message: judgement.message });
    case 'refused':
      return told({ is: 'failed', code: judgement.code, message: judgement.message });
    case 'admit':
      return { outcome: { is: 'admitted', instanceId: row.id }, instanceId: row.id, seq, ring: mailboxOf(row) };
  }
}
