import type { Command } from '../lifecycle/command.ts';
import { catchUp, type Carried } from '../store/behind.ts';
import { commandsAfter } from '../store/mailbox.ts';
import type { ActivityDeps } from './deps.ts';

/** Commands of the mailbox above `after`, in order. */
export const pull =
  ({ store, now }: ActivityDeps) =>
  async ({ instanceId, after, carried }: { instanceId: string; after: number; carried: Carried }): Promise<Command[]> => {
    await catchUp(store.em(), instanceId, carried, now());
    return commandsAfter(store.em(), instanceId, after);
  };
