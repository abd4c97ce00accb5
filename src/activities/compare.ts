import { Context } from '@temporalio/activity';
import { atWork } from './at-work.ts';
import type { ActivityDeps } from './deps.ts';

/** So many are named in the log; the count is the workflow's result. */
const TOLD = 20;

/** Looks for lives whose workflow is gone, and says so in the log: only a person may revive them. */
export const compare =
  ({ lostLives }: ActivityDeps) =>
  async (): Promise<{ living: number; lost: number; rowless: number }> =>
    atWork(async () => {
      const { living, lost, rowless } = await lostLives((after) => Context.current().heartbeat(after));
      for (const instanceId of lost) Context.current().log.error('the workflow of this instance is gone: run `kookeeper instance revive`', { instanceId });
      for (const orderLine of rowless.slice(0, TOLD)) Context.current().log.error('a workflow has no row: the database is older than it is', { orderLine });
      return { living, lost: lost.length, rowless: rowless.length };
    });
