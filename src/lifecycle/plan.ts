/** What the buyer bought, as far as provisioning needs it. Never holds personal data. */
export interface Plan {
  readonly skuCode: string;
  readonly productId: string;
  /** Bought quantity of a linear attribute ("number of users"); null when the product has none. */
  readonly quantity: number | null;
  /** `PERIOD`, `ONE_TIME`, `ON_DEMAND`, `ON_DEMAND_PKG`, or a word we do not know yet, kept as it came. */
  readonly chargingMode: string;
  readonly trial: boolean;
}

/** Result of asking the marketplace what an order line holds. */
export interface Purchase {
  readonly plan: Plan;
  /** End of validity as the order query estimates it, UTC ms; null for one-time and pay-per-use. */
  readonly expireAt: number | null;
  /** More than one product in the line: all are ours to serve as one instance, and a person is told. */
  readonly products: number;
  /** Words of the order query that this release does not know. */
  readonly unfamiliar?: string;
}

/** Whether a tenant of one is a tenant of the other. */
export function samePlan(a: Plan | null, b: Plan | null): boolean {
  if (a === null || b === null) return a === b;
  return a.skuCode === b.skuCode && a.productId === b.productId && a.quantity === b.quantity && a.chargingMode === b.chargingMode && a.trial === b.trial;
}

/** What renewals said of the plan: another period's product, and that a trial became formal. */
export interface RenewedTo {
  readonly productId: string | null;
  readonly formal: boolean;
}

export function renewedPlan(plan: Plan, { productId, formal }: RenewedTo): Plan {
  return { ...plan, productId: productId ?? plan.productId, trial: plan.trial && !formal };
}
