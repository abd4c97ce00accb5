import type { Plan } from '../lifecycle/plan.ts';
import { atWork } from './at-work.ts';
import type { ActivityDeps } from './deps.ts';
import { provisionerOf } from './tenant.ts';

/** Ends access to the tenant at once and keeps its data. */
export const suspend =
  (deps: ActivityDeps) =>
  async ({ instanceId, plan }: { instanceId: string; plan: Plan }): Promise<void> =>
    atWork(async (signal) => provisionerOf(deps, plan).suspend(instanceId, { signal }));
