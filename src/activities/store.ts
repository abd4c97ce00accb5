import { Context } from '@temporalio/activity';
import type { LifeState } from '../lifecycle/state.ts';
import { catchUp } from '../store/behind.ts';
import { storeState, type StoreAnswer } from '../store/state.ts';
import type { ActivityDeps } from './deps.ts';

/** Stores the workflow's state, or answers the newer one that is already there. `at` is the workflow's own instant, UTC ms. */
export const store =
  ({ store: database }: ActivityDeps) =>
  async ({ state, at }: { state: LifeState; at: number }): Promise<StoreAnswer> => {
    const { instanceId, generation, version, taken, takenAt } = state;
    // Its own last version must be there: a database that was restored meanwhile may hold calls under numbers that this state has taken.
    await catchUp(database.em(), instanceId, { generation, version: version - 1, taken, takenAt }, at);
    return storeState(database.em(), state, Context.current().info.workflowExecution?.runId ?? '', at);
  };
