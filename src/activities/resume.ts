import type { Plan } from '../lifecycle/plan.ts';
import { atWork } from './at-work.ts';
import type { ActivityDeps } from './deps.ts';
import { provisionerOf } from './tenant.ts';

/** Opens access to the tenant again. */
export const resume =
  (deps: ActivityDeps) =>
  async ({ instanceId, plan }: { instanceId: string; plan: Plan }): Promise<void> =>
    atWork(async (signal) => provisionerOf(deps, plan).resume(instanceId, { signal }));
