import type { Phase } from '../lifecycle/phase.ts';
import type { InstanceRow } from '../store/entities.ts';
import { listInstances as read, type InstanceFilter } from '../store/instances.ts';
import type { Store } from '../store/open.ts';

/** An instance as a person sees it in a list. Instants are UTC ms. */
export interface InstanceSummary {
  readonly instanceId: string;
  readonly orderLine: string;
  readonly phase: Phase;
  readonly needsPerson: readonly string[];
  readonly skuCode: string | null;
  readonly productId: string | null;
  readonly expireAt: number | null;
  /** Commands that no workflow has taken yet. */
  readonly waiting: number;
  readonly createdAt: number;
  /** Since when it is known that no workflow carries it; null while one does. */
  readonly lostSince: number | null;
}

/** Shown among the reasons; no state can hold it. */
export const LOST = 'lost';

/** Newest first. */
export async function listInstances(store: Store, filter: InstanceFilter): Promise<InstanceSummary[]> {
  return (await read(store.em(), filter)).map(summaryOf);
}

export function summaryOf(row: InstanceRow): InstanceSummary {
  const { id, orderLineId, phase, state, skuCode, productId, expireAt, lastSeq, taken, createdAt, lostSince } = row;
  return {
    instanceId: id,
    orderLine: orderLineId,
    phase,
    // A life that nothing carries cannot say so itself.
    needsPerson: [...Object.keys(state.needsPerson), ...(lostSince ? [LOST] : [])],
    skuCode: skuCode ?? null,
    productId: productId ?? null,
    expireAt: expireAt ?? null,
    waiting: lastSeq - taken,
    createdAt,
    lostSince: lostSince ?? null,
  };
}
