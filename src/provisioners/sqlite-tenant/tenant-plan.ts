import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { Plan } from '../../lifecycle/plan.ts';
import type { ChangeCheck } from '../provisioner.ts';
import { countUsers } from './users.ts';

/** What the seller may say of a product under `plan`. */
const settingsSchema = z.strictObject({ users: z.int().positive().nullable().exactOptional() });

/** What a tenant has bought, as its file keeps it. */
export interface TenantPlan extends Plan {
  /** How many users it may have: the linear attribute of the demo app. null: as many as it likes. */
  readonly users: number | null;
}

/** `settings.users` wins over the bought quantity. Throws TenantSettingsWrong. */
export function tenantPlan(plan: Plan, settings: Readonly<Record<string, unknown>>): TenantPlan {
  const { success, data } = settingsSchema.safeParse(settings);
  if (!success) throw new TenantSettingsWrong(plan);
  return { ...plan, users: data.users === undefined ? plan.quantity : data.users };
}

/** The configuration says something under a product's `plan` that `sqlite-tenant` does not understand. Nothing was built or changed. */
export class TenantSettingsWrong extends Error {
  override readonly name = 'TenantSettingsWrong';
  readonly code = 'TENANT_SETTINGS_WRONG';
  constructor({ productId, skuCode }: Plan) {
    super(`\`plan\` of product ${productId}, SKU ${skuCode} in the configuration: sqlite-tenant knows \`users\` alone, a whole number from 1 or null`);
  }
}

export function storePlan(db: DatabaseSync, plan: TenantPlan): void {
  db.prepare('UPDATE tenant SET plan = ?').run(JSON.stringify(plan));
}

export function readPlan(db: DatabaseSync): TenantPlan {
  const plan = JSON.parse(String(db.prepare('SELECT plan FROM tenant').get()?.['plan'])) as Plan & Partial<TenantPlan>;
  // Files of the first release have the bought quantity alone.
  return { ...plan, users: plan.users === undefined ? plan.quantity : plan.users };
}

/** Whether the tenant as it is has room in the target: fewer users than there are would shut somebody out. */
export function fits(db: DatabaseSync, { users }: TenantPlan): ChangeCheck {
  const inUse = countUsers(db);
  if (users === null || inUse <= users) return { allowed: true };
  return { allowed: false, reason: `${inUse} users are in use, the target has ${users}` };
}

/** Pay-per-use: what was used is reported, not what was bought. */
export function isMetered({ chargingMode }: Pick<Plan, 'chargingMode'>): boolean {
  return chargingMode === 'ON_DEMAND' || chargingMode === 'ON_DEMAND_PKG';
}
