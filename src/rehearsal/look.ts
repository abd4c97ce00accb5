import { phaseOf, type Phase } from '../lifecycle/phase.ts';
import type { LifeState } from '../lifecycle/state.ts';
import { showInstance } from '../operations/show-instance.ts';
import type { TenantStatus } from '../provisioners/provisioner.ts';
import type { Stage } from './stage.ts';

/** What there is to see of the instance at one moment, each part asked of who has it. */
export interface Look {
  /** UTC ms, by the rehearsal's clock. */
  readonly at: number;
  /** As the store has it; null while no create was accepted. */
  readonly state: LifeState | null;
  readonly phase: Phase | null;
  readonly frozenFor: readonly string[];
  readonly needsPerson: readonly string[];
  /** As its provisioner has it, whatever the engine believes. */
  readonly tenant: TenantStatus;
  /** The end that the marketplace has in its books, UTC ms. */
  readonly paidUntil: number | null;
  /** What the marketplace takes the purchase for. */
  readonly standing: string;
}

export async function look({ clock, store, market, tenants, order }: Pick<Stage, 'clock' | 'store' | 'market' | 'tenants' | 'order'>): Promise<Look> {
  const { orderLineId } = order();
  const record = await showInstance(store, orderLineId);
  const { asset } = await market.look(order().orderId);
  const state = record?.state ?? null;
  return {
    at: clock.now(),
    state,
    phase: state && phaseOf(state),
    frozenFor: state?.desired.frozen ?? [],
    needsPerson: record?.reasons.map(({ reason }) => reason) ?? [],
    tenant: record === null ? 'absent' : await tenants.seen(record.instanceId),
    paidUntil: asset.expireAt,
    standing: asset.status,
  };
}
