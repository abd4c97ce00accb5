import type { Plan } from '../lifecycle/plan.ts';
import type { Rules } from '../lifecycle/rules.ts';
import { atWork } from './at-work.ts';
import type { ActivityDeps } from './deps.ts';
import { permanent } from './failure.ts';
import { provisionerOf } from './tenant.ts';

/** Makes the tenant one of another plan, at the provisioner that keeps it; answers the clocks that hold from then on. */
export const change =
  (deps: ActivityDeps) =>
  async ({ instanceId, from, plan }: { instanceId: string; from: Plan; plan: Plan }): Promise<{ rules: Rules }> =>
    atWork(async (signal) => {
      const keeper = provisionerOf(deps, from);
      if (provisionerOf(deps, plan) !== keeper) throw permanent('refused:000104', `SKU ${plan.skuCode} is served by another provisioner than ${from.skuCode}: a tenant cannot move`);
      await keeper.change({ instanceId, plan, settings: deps.settingsFor(plan) }, { signal });
      return { rules: deps.rulesFor(plan) };
    });
