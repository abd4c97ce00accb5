import { Context } from '@temporalio/activity';
import type { LifeState } from '../lifecycle/state.ts';
import { storeState, type StoreAnswer } from '../store/state.ts';
import type { ActivityDeps } from './deps.ts';

/** Stores the workflow's state, or answers the newer one that is already there. */
export const store =
  ({ store: database }: ActivityDeps) =>
  async ({ state, at }: { state: LifeState; at: number }): Promise<StoreAnswer> =>
    storeState(database.em(), state, Context.current().info.workflowExecution?.runId ?? '', at);
