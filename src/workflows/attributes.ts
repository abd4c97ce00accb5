import type { SearchAttributeUpdatePair } from '@temporalio/common';
import { phaseOf } from '../lifecycle/phase.ts';
import type { LifeState } from '../lifecycle/state.ts';
import { KooExpireAt, KooInstance, KooNeedsPerson, KooPhase, KooProduct } from './search-attributes.ts';

/** What operators filter by in the Temporal UI. Plain text at the server: ids and states only. */
export function attributesOf(state: LifeState): SearchAttributeUpdatePair[] {
  const { plan, expireAt } = state.desired;
  return [
    { key: KooInstance, value: state.instanceId },
    { key: KooProduct, value: plan?.productId ?? null },
    { key: KooPhase, value: phaseOf(state) },
    { key: KooExpireAt, value: expireAt === null ? null : new Date(expireAt) },
    { key: KooNeedsPerson, value: Object.keys(state.needsPerson).length > 0 },
  ];
}
