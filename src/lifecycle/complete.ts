import { apply } from './apply.ts';
import type { Effect } from './effect.ts';
import type { LifeState } from './state.ts';

/** What a person can have done by hand: the effect that keeps failing, or the purchase that was refused. The order query has no other source. */
export function completable(state: LifeState): Effect | null {
  const { desired, actual, trouble } = state;
  const plan = actual.plan ?? desired.plan;
  if (!plan) return null;
  // Nobody has said that it was built closed: what must not be usable is closed by ourselves.
  if (actual.refusal || trouble?.effect === 'provision') return desired.plan && { kind: 'provision', plan: desired.plan, suspended: false };
  const failing = trouble?.effect;
  if (failing === 'suspend' || failing === 'resume' || failing === 'remove') return { kind: failing, plan };
  return failing === 'change' && desired.plan ? { kind: 'change', from: plan, plan: desired.plan } : null;
}

/** The state after a person did by hand what kept failing. */
export function complete(state: LifeState, at: number): LifeState {
  const effect = completable(state);
  if (!effect) return state;
  return apply({ ...state, actual: { ...state.actual, refusal: null } }, effect, { end: 'done' }, at);
}
