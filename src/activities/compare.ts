import { Context } from '@temporalio/activity';
import { atWork } from './at-work.ts';
import type { ActivityDeps } from './deps.ts';

/** Looks for lives whose workflow is gone, and says so in the log: only a person may revive them. */
export const compare =
  ({ lostLives }: ActivityDeps) =>
  async (): Promise<{ living: number; lost: number }> =>
    atWork(async () => {
      const { living, lost } = await lostLives((after) => Context.current().heartbeat(after));
      for (const instanceId of lost) Context.current().log.error('the workflow of this instance is gone: run `kookeeper instance revive`', { instanceId });
      return { living, lost: lost.length };
    });
