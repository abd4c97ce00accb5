import { nextInstant } from './clocks.ts';
import type { Effect } from './effect.ts';
import type { Plan } from './plan.ts';
import type { LifeState } from './state.ts';

export type Step =
  | { readonly do: 'effect'; readonly effect: Effect }
  /** Until `at`, or a bell; null: only a bell. */
  | { readonly do: 'wait'; readonly at: number | null }
  | { readonly do: 'close' };

/** The one thing to do now: remove > suspend > provision > resume. */
export function next(state: LifeState, now: number): Step {
  if (state.actual.tenant === 'removed') return { do: 'close' };
  const effect = wanted(state, now);
  const later = nextInstant(state, now);
  if (!effect) return { do: 'wait', at: later };
  const { trouble } = state;
  if (trouble?.effect === effect.kind && trouble.nextTryAt > now) return { do: 'wait', at: Math.min(trouble.nextTryAt, later ?? Infinity) };
  return { do: 'effect', effect };
}

/** Whether what is running must stop for what is wanted now: a release stops everything, a freeze stops a resume. */
export function overtaken(running: Effect, state: LifeState): boolean {
  const { released, frozen } = state.desired;
  if (running.kind === 'remove' || running.kind === 'suspend') return false;
  return released !== null || (frozen.length > 0 && running.kind === 'resume');
}

function wanted(state: LifeState, now: number): Effect | null {
  const { desired, actual } = state;
  // A tenant that was begun has a plan: provisioning starts from it.
  const plan = actual.plan ?? desired.plan;
  const frozen = desired.frozen.length > 0;
  if (desired.released) return plan ? leave(state, plan, now) : null;
  if (actual.refusal) return null;
  if (actual.tenant === 'none' || actual.tenant === 'maybe') {
    if (!desired.plan) return { kind: 'order', orderId: state.orderId, orderLineId: state.orderLineId };
    return { kind: 'provision', plan: desired.plan, suspended: frozen };
  }
  if (!plan || (actual.tenant !== 'open' && actual.tenant !== 'closed')) return null;
  if (frozen) return actual.tenant === 'open' || actual.unsure ? { kind: 'suspend', plan } : null;
  return actual.tenant === 'closed' || actual.unsure ? { kind: 'resume', plan } : null;
}

/** A release ends access at once; the data go when they are due, what was never finished goes now, and what may still land is looked for again. */
function leave({ desired, actual }: LifeState, plan: Plan, now: number): Effect | null {
  const removeAt = desired.released?.removeAt ?? null;
  switch (actual.tenant) {
    case 'open':
      return { kind: 'suspend', plan };
    case 'closed':
      if (actual.unsure) return { kind: 'suspend', plan };
      return removeAt !== null && removeAt <= now ? { kind: 'remove', plan } : null;
    case 'maybe':
      return { kind: 'remove', plan };
    case 'leaving':
      return actual.lookAgainAt !== null && actual.lookAgainAt > now ? null : { kind: 'remove', plan };
    case 'none':
    case 'removed':
      return null;
  }
}
