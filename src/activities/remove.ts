import type { Plan } from '../lifecycle/plan.ts';
import { dropSealed } from '../store/sealed.ts';
import { atWork } from './at-work.ts';
import type { ActivityDeps } from './deps.ts';
import { provisionerOf } from './tenant.ts';

/** Removes the tenant with its data, and what we had sealed of it. */
export const remove =
  (deps: ActivityDeps) =>
  async ({ instanceId, plan }: { instanceId: string; plan: Plan }): Promise<void> =>
    atWork(async (signal) => {
      await provisionerOf(deps, plan).remove(instanceId, { signal });
      await dropSealed(deps.store.em(), instanceId);
    });
