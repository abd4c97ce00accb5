import type { Plan } from '../lifecycle/plan.ts';
import type { Provisioner } from '../provisioners/provisioner.ts';
import type { ActivityDeps } from './deps.ts';
import { permanent } from './failure.ts';

/** The provisioner of the plan's product. Without one a person has to add the product to the configuration; nothing is guessed. */
export function provisionerOf({ provisionerFor }: ActivityDeps, plan: Plan): Provisioner {
  const provisioner = provisionerFor(plan);
  if (!provisioner) throw permanent('unknown-product', `the configuration names no provisioner for product ${plan.productId}, SKU ${plan.skuCode}: add it to the file that KOOKEEPER_CONFIG names`);
  return provisioner;
}
