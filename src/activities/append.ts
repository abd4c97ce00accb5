import type { Instruction } from '../lifecycle/command.ts';
import { postByPerson, type Posted } from '../store/post.ts';
import type { ActivityDeps } from './deps.ts';

export interface Append {
  readonly instanceId: string;
  readonly instruction: Instruction;
  /** The update that asks: appended once, whatever is repeated (a lost answer, a lost workflow task, the run after a continue-as-new). */
  readonly updateId: string | null;
  readonly withoutAccess: boolean;
}

/** Puts a person's command into the mailbox, judged as the CLI's are: the updates of the Temporal UI take the same road. */
export const append =
  ({ store, now }: ActivityDeps) =>
  async ({ instanceId, instruction, updateId, withoutAccess }: Append): Promise<Posted> =>
    postByPerson(store.em(), instanceId, instruction, now(), { key: updateId === null ? null : `update/${updateId}`, ...(withoutAccess ? { handover: 'nothing' } : {}) });
