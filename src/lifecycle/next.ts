import { nextInstant } from './clocks.ts';
import type { Effect } from './effect.ts';
import { dueNotice } from './notices.ts';
import { samePlan, type Plan } from './plan.ts';
import { isGivenUp, type LifeState } from './state.ts';

export type Step =
  | { readonly do: 'effect'; readonly effect: Effect }
  /** Until `at`, or a bell; null: only a bell. */
  | { readonly do: 'wait'; readonly at: number | null }
  | { readonly do: 'close' };

/** The one thing to do now: remove > suspend > provision > resume > change; then what a person has not been told yet. */
export function next(state: LifeState, now: number): Step {
  const { trouble, untold } = state;
  if (state.actual.tenant === 'removed') {
    const last = dueNotice(state, now);
    // One attempt: the stored state shows it as well, and a channel that fails keeps no life open.
    return last && untold === null ? { do: 'effect', effect: { kind: 'notify', notice: last } } : { do: 'close' };
  }
  const effect = wanted(state, now);
  const failing = effect !== null && trouble?.effect === effect.kind ? trouble : null;
  const backOff = failing !== null && (failing.nextTryAt === null || failing.nextTryAt > now);
  if (effect && !backOff) return { do: 'effect', effect };
  const notice = dueNotice(state, now);
  if (notice && (untold === null || untold.nextTryAt <= now)) return { do: 'effect', effect: { kind: 'notify', notice } };
  const ahead = [nextInstant(state, now), failing?.nextTryAt ?? null, notice && untold ? untold.nextTryAt : null].filter((at) => at !== null);
  return { do: 'wait', at: ahead.length > 0 ? Math.min(...ahead) : null };
}

/**
 * Whether what is running must stop for what is wanted now: a release stops everything, a freeze a resume and a change, giving up what
 * builds; a notice waits for anything else.
 */
export function overtaken(running: Effect, state: LifeState, now: number): boolean {
  const { released, frozen } = state.desired;
  const { refusal, tenant } = state.actual;
  switch (running.kind) {
    case 'remove':
    case 'suspend':
      return false;
    case 'notify': {
      const step = next(state, now);
      return step.do === 'effect' && step.effect.kind !== 'notify';
    }
    case 'provision':
      // Built by a person's hand meanwhile: a second tenant would only take its place.
      return released !== null || refusal !== null || tenant === 'open' || tenant === 'closed';
    case 'resume':
      return released !== null || frozen.length > 0;
    case 'order':
    case 'change':
      return released !== null || refusal !== null || (frozen.length > 0 && tenant === 'open');
  }
}

function wanted(state: LifeState, now: number): Effect | null {
  const { desired, actual } = state;
  // A tenant that was begun has a plan: provisioning starts from it.
  const plan = actual.plan ?? desired.plan;
  const frozen = desired.frozen.length > 0;
  if (desired.released) return plan ? leave(state, plan, now) : null;
  if (isGivenUp(state)) return actual.tenant === 'maybe' && actual.unsure && plan ? { kind: 'remove', plan } : null;
  if (actual.tenant === 'none' || actual.tenant === 'maybe') {
    if (!desired.plan) return { kind: 'order', orderId: state.orderId, orderLineId: state.orderLineId };
    return { kind: 'provision', plan: desired.plan, suspended: frozen };
  }
  if (!plan || (actual.tenant !== 'open' && actual.tenant !== 'closed')) return null;
  if (frozen && (actual.tenant === 'open' || actual.unsure)) return { kind: 'suspend', plan };
  if (!frozen && (actual.tenant === 'closed' || actual.unsure)) return { kind: 'resume', plan };
  // One change after the other, so that each order is carried out or refused by itself.
  if (desired.plan && (actual.planUnsure || !samePlan(desired.plan, actual.plan))) return { kind: 'change', from: plan, plan: desired.plan };
  const [order] = desired.orders;
  return order ? { kind: 'order', orderId: order.orderId, orderLineId: order.orderLineId } : null;
}

/** A release ends access at once; the data go when they are due, what was never finished goes now, and what may still land is looked for again. */
function leave({ desired, actual }: LifeState, plan: Plan, now: number): Effect | null {
  const removeAt = desired.released?.removeAt ?? null;
  switch (actual.tenant) {
    case 'open':
      return { kind: 'suspend', plan };
    case 'closed':
      if (actual.unsure) return { kind: 'suspend', plan };
      return removeAt !== null && removeAt <= now && !desired.held ? { kind: 'remove', plan } : null;
    case 'maybe':
      return { kind: 'remove', plan };
    case 'leaving':
      return actual.lookAgainAt !== null && actual.lookAgainAt > now ? null : { kind: 'remove', plan };
    case 'none':
    case 'removed':
      return null;
  }
}
