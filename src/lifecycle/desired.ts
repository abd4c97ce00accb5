import type { PersonReason } from './person-reasons.ts';
import { noLongerNeeds, type Desired, type FreezeCause, type LifeState } from './state.ts';

export function want(state: LifeState, desired: Partial<Desired>): LifeState {
  return { ...state, desired: { ...state.desired, ...desired } };
}

export function addCause(state: LifeState, cause: FreezeCause, at: number): LifeState {
  const { frozen, endedAt } = state.desired;
  if (frozen.includes(cause)) return state;
  return want(state, { frozen: [...frozen, cause].toSorted(), endedAt: isEnd(cause) ? (endedAt ?? at) : endedAt });
}

/** What a person was told because of a cause, and what its end answers. */
export const TOLD: Readonly<Record<FreezeCause, readonly PersonReason[]>> = {
  expiry: ['expiry-passed'],
  clock: ['clock-freeze'],
  violation: ['violation-freeze', 'violation-after-renewal'],
  quota: [],
  person: [],
};

/** Takes causes away, and what was told because of them. */
export function thaw(state: LifeState, causes: readonly FreezeCause[]): LifeState {
  const left = state.desired.frozen.filter((cause) => !causes.includes(cause));
  const told = causes.flatMap((cause) => TOLD[cause]);
  if (left.some(isEnd)) return noLongerNeeds(want(state, { frozen: left }), ...told);
  return noLongerNeeds(want(state, { frozen: left, endedAt: null }), ...told, 'retention-over');
}

function isEnd(cause: FreezeCause): boolean {
  return cause === 'expiry' || cause === 'clock';
}
