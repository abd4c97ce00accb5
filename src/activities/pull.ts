import type { Command } from '../lifecycle/command.ts';
import { commandsAfter } from '../store/mailbox.ts';
import type { ActivityDeps } from './deps.ts';

/** Commands of the mailbox above `after`, in order. */
export const pull =
  ({ store }: ActivityDeps) =>
  async ({ instanceId, after }: { instanceId: string; after: number }): Promise<Command[]> =>
    commandsAfter(store.em(), instanceId, after);
