import type { Plan } from '../lifecycle/plan.ts';
import type { ChangeCheck } from '../provisioners/provisioner.ts';
import { atWork } from './at-work.ts';
import type { ActivityDeps } from './deps.ts';
import { provisionerOf } from './tenant.ts';

/** Asks the provisioner whether a change would lose data or service. Changes nothing. */
export const check =
  (deps: ActivityDeps) =>
  async ({ instanceId, from, plan }: { instanceId: string; from: Plan; plan: Plan }): Promise<ChangeCheck> =>
    atWork(async (signal) => {
      const keeper = provisionerOf(deps, from);
      const target = deps.provisionerFor(plan);
      if (!target) return { allowed: false, reason: `product ${plan.productId}, SKU ${plan.skuCode} is not offered` };
      if (target !== keeper) return { allowed: false, reason: `SKU ${plan.skuCode} is served in another way than ${from.skuCode}` };
      return keeper.check({ instanceId, plan, settings: deps.settingsFor(plan) }, { signal });
    });
