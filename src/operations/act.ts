import { mailboxOf, Unreachable, type Bell } from '../delivery/bell.ts';
import type { Instruction } from '../lifecycle/command.ts';
import { findInstance } from '../store/instances.ts';
import type { Store } from '../store/open.ts';
import { postByPerson, type Handover, type Posted } from '../store/post.ts';

/** What a person works with. */
export interface Desk {
  readonly store: Store;
  /** Null: nobody has said where Temporal is. What waits is rung for by the API's sweeper, also when a ring fails. */
  readonly bell: Bell | null;
  /** UTC ms. */
  now(): number;
}

/** `gone`: no workflow carries the instance, its life was lost · `unreachable`: Temporal does not answer · `left`: to the sweeper, which rings within seconds. */
export type Rung = 'rung' | 'gone' | 'unreachable' | 'left';

export type Acted = { readonly instanceId: string; readonly orderLine: string } & ((Posted & { readonly verdict: 'admitted' } & { readonly rung: Rung }) | Exclude<Posted, { verdict: 'admitted' }>);

/**
 * Puts a person's command into the mailbox of the instance with this id or order line, and rings. Null when there is no such instance.
 * Once admitted it is kept whatever becomes of the ring; a database that does not answer is thrown.
 */
export async function act({ store, bell, now }: Desk, name: string, instruction: Instruction, handover?: Handover): Promise<Acted | null> {
  const row = await findInstance(store.em(), name);
  if (!row) return null;
  const who = { instanceId: row.id, orderLine: row.orderLineId };
  const posted = await postByPerson(store.em(), row.id, instruction, now(), handover === undefined ? {} : { handover });
  if (posted.verdict !== 'admitted') return { ...who, ...posted };
  return { ...who, ...posted, rung: bell === null ? 'left' : await ring(bell, mailboxOf(row)) };
}

async function ring(bell: Bell, mailbox: Parameters<Bell['ring']>[0]): Promise<Rung> {
  try {
    return await bell.ring(mailbox);
  } catch (error) {
    // Whatever it was, the command stands, and the sweeper, which logs such errors, tries again.
    return error instanceof Unreachable ? 'unreachable' : 'left';
  }
}
