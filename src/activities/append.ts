import type { Instruction } from '../lifecycle/command.ts';
import { postByPerson, type Posted } from '../store/post.ts';
import type { ActivityDeps } from './deps.ts';

/** Puts a person's command into the mailbox, judged as the CLI's are: the updates of the Temporal UI take the same road. */
export const append =
  ({ store, now }: ActivityDeps) =>
  async ({ instanceId, instruction }: { instanceId: string; instruction: Instruction }): Promise<Posted> =>
    postByPerson(store.em(), instanceId, instruction, now());
