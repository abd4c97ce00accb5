import type { Effect, EffectResult } from './effect.ts';
import { PERSON_CODES } from './effect.ts';
import { want } from './fold.ts';
import { BACK_OFF, PROVISION_LIMIT } from './rules.ts';
import { settle } from './settle.ts';
import { needs, noLongerNeeds, type Actual, type LifeState } from './state.ts';

/** The state while an effect is under way: what has begun may have happened, whatever is heard of it. */
export function begin(state: LifeState, effect: Effect, now: number): LifeState {
  const { tenant } = state.actual;
  const built = tenant === 'open' || tenant === 'closed';
  // A round that begins past the deadline of what was cut off has the last word.
  const cutOffUntil = state.actual.cutOffUntil !== null && state.actual.cutOffUntil > now ? state.actual.cutOffUntil : null;
  switch (effect.kind) {
    case 'order':
      return state;
    case 'provision':
      // Built already only in an adopted state, which was stored while this attempt ran.
      return is(state, built ? { unsure: true, cutOffUntil } : { tenant: 'maybe', lookAgainAt: now + PROVISION_LIMIT, cutOffUntil });
    case 'suspend':
    case 'resume':
      return built ? is(state, { unsure: true, cutOffUntil }) : state;
    case 'remove':
      return tenant === 'closed' ? is(state, { tenant: 'leaving' }) : state;
  }
}

/** The state after an effect ended, however it ended. */
export function apply(state: LifeState, effect: Effect, result: EffectResult, now: number): LifeState {
  switch (result.end) {
    case 'done':
      return settle(noLongerNeeds({ ...succeed(state, effect, result, now), trouble: null }, ...CLEARED[effect.kind]), now);
    case 'cancelled':
      // Cancellation is waited for, so this round has ended and nothing of it can land later.
      return effect.kind === 'provision' ? is(state, { lookAgainAt: state.actual.cutOffUntil }) : state;
    case 'refused':
      // Only a purchase can be refused for good: what we owe an instance that stands is tried again.
      if (effect.kind !== 'provision') return fail(state, effect, { ...result, end: 'failed', cutOff: false }, now);
      return settle({ ...is(state, { refusal: { code: result.code, message: result.message, at: now }, lookAgainAt: state.actual.cutOffUntil }), trouble: null }, now);
    case 'failed':
      // A tenant that is not there lets nobody in: what a suspend is for holds, and a release may go on. Why it is gone, a person must find out.
      if (effect.kind === 'suspend' && result.code === 'tenant-missing') return needs(apply(state, effect, { end: 'done' }, now), 'tenant-missing', now, result.message);
      return fail(state, effect, result, now);
  }
}

const CLEARED = {
  order: ['effect-failing', 'order-refused'],
  provision: ['effect-failing', 'unknown-product'],
  suspend: ['effect-failing', 'unknown-product', 'tenant-missing'],
  resume: ['effect-failing', 'unknown-product', 'tenant-missing'],
  remove: ['effect-failing', 'unknown-product', 'tenant-missing'],
} as const;

function succeed(state: LifeState, effect: Effect, result: EffectResult & { end: 'done' }, now: number): LifeState {
  switch (effect.kind) {
    case 'order': {
      const { purchase, rules } = result;
      if (!purchase) return state;
      const expireAt = state.desired.stated ? state.desired.expireAt : purchase.expireAt;
      const known = want({ ...state, rules: rules ?? state.rules }, { plan: purchase.plan, expireAt });
      return purchase.products > 1 ? needs(known, 'several-products', now, `the order line holds ${purchase.products} products, served as one instance`) : known;
    }
    case 'provision':
      return is(state, { tenant: effect.suspended ? 'closed' : 'open', plan: effect.plan, closedAt: effect.suspended ? now : null, unsure: false, lookAgainAt: state.actual.cutOffUntil });
    case 'suspend':
      return is(state, { tenant: 'closed', closedAt: state.actual.closedAt ?? now, unsure: false });
    case 'resume':
      return is(state, { tenant: 'open', closedAt: null, unsure: false });
    case 'remove': {
      const { lookAgainAt } = state.actual;
      // A provisioning that was cut off may still land: the tenant counts as gone only once a removal looked after its deadline.
      if (lookAgainAt !== null && lookAgainAt > now) return is(state, { tenant: 'leaving' });
      return is(state, { tenant: 'removed', lookAgainAt: null, cutOffUntil: null });
    }
  }
}

function fail(state: LifeState, effect: Effect, result: EffectResult & { end: 'failed' }, now: number): LifeState {
  const before = state.trouble?.effect === effect.kind ? state.trouble : null;
  const rounds = (before?.rounds ?? 0) + 1;
  const person = PERSON_CODES[result.code as keyof typeof PERSON_CODES];
  const wait = person ? BACK_OFF.limit : Math.min(BACK_OFF.first * 2 ** (rounds - 1), BACK_OFF.limit);
  const { code, message } = result;
  const failed: LifeState = { ...state, trouble: { effect: effect.kind, rounds, since: before?.since ?? now, nextTryAt: now + wait, code, message } };
  const cutOffUntil = result.cutOff ? mayLandUntil(state, effect, now) : state.actual.cutOffUntil;
  const known = is(failed, effect.kind === 'provision' ? { lookAgainAt: cutOffUntil, cutOffUntil } : { cutOffUntil });
  if (person) return needs(known, person, now, result.message);
  return rounds >= BACK_OFF.tellAfter ? needs(known, 'effect-failing', now, `${effect.kind} keeps failing: ${result.message}`) : known;
}

/** Until when a round that was cut off just now may still change the tenant. */
function mayLandUntil({ actual }: LifeState, { kind }: Effect, now: number): number | null {
  if (kind === 'provision') return actual.lookAgainAt;
  return kind === 'suspend' || kind === 'resume' ? now + PROVISION_LIMIT : actual.cutOffUntil;
}

function is(state: LifeState, actual: Partial<Actual>): LifeState {
  return { ...state, actual: { ...state.actual, ...actual } };
}
