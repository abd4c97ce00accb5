import type { Plan } from '../lifecycle/plan.ts';
import { checkAccess } from '../provisioners/access.ts';
import { putSealed } from '../store/sealed.ts';
import { atWork } from './at-work.ts';
import type { ActivityDeps } from './deps.ts';
import { provisionerOf } from './tenant.ts';

/** Builds the tenant, or adopts what an earlier attempt built, and seals its access data into the store. */
export const provision =
  (deps: ActivityDeps) =>
  async ({ instanceId, plan, suspended }: { instanceId: string; plan: Plan; suspended: boolean }): Promise<void> =>
    atWork(async (signal) => {
      const access = checkAccess(await provisionerOf(deps, plan).create({ instanceId, plan, settings: deps.settingsFor(plan), suspended }, { signal }));
      await putSealed(deps.store.em(), deps.sealer, instanceId, 'access', JSON.stringify(access), deps.now());
    });
