import type { Plan, Purchase } from '../lifecycle/plan.ts';
import type { Rules } from '../lifecycle/rules.ts';
import type { Channel } from '../notices/notice.ts';
import type { Provisioner } from '../provisioners/provisioner.ts';
import type { Sealer } from '../store/sealer.ts';
import type { Store } from '../store/open.ts';

/** What the activities need of the process they run in. Everything is a parameter, so that a test can be a process of its own. */
export interface ActivityDeps {
  readonly store: Store;
  readonly sealer: Sealer;
  /** UTC ms. Only for when a row was written: business instants come from the workflow. */
  now(): number;
  readonly orders: OrderSource;
  /** The provisioner that serves a plan; null when the configuration names none for it. */
  provisionerFor(plan: Plan): Provisioner | null;
  /** What the configuration says of the plan's product, for its provisioner alone. */
  settingsFor(plan: Plan): Readonly<Record<string, unknown>>;
  /** How a person is told. */
  readonly channels: readonly Channel[];
  /** Compares living rows with open workflows, and answers the ids newly found lost, and the order lines of workflows without a row. */
  lostLives(seen: (after: string) => void): Promise<{ readonly living: number; readonly lost: readonly string[]; readonly rowless: readonly string[] }>;
  /** The clocks of the plan's product. */
  rulesFor(plan: Plan): Rules;
}

/** The marketplace's order query (open-api.md §3). */
export interface OrderSource {
  /** Fingerprint of the AK/SK in use: a breaker opened with other keys does not count. */
  readonly keys: string;
  query(order: { orderId: string; orderLineId: string; signal: AbortSignal }): Promise<{ purchase: Purchase; personal: string | null }>;
}
