import type { Effect, EffectResult } from './effect.ts';
import { renewedPlan, type Plan, type Purchase } from './plan.ts';
import { PERSON_CODES } from './effect.ts';
import { want } from './desired.ts';
import { announce } from './notices.ts';
import { BACK_OFF, FARTHEST_EXPIRY, PROVISION_LIMIT } from './rules.ts';
import { settle } from './settle.ts';
import { needs, noLongerNeeds, type Actual, type LifeState } from './state.ts';

/** The state while an effect is under way: what has begun may have happened, whatever is heard of it. */
export function begin(state: LifeState, effect: Effect, now: number): LifeState {
  const { tenant } = state.actual;
  const built = isBuilt(state);
  // A round that begins past the deadline of what was cut off has the last word.
  const cutOffUntil = state.actual.cutOffUntil !== null && state.actual.cutOffUntil > now ? state.actual.cutOffUntil : null;
  switch (effect.kind) {
    case 'order':
    case 'notify':
      return state;
    case 'provision':
      // Built already only in an adopted state, which was stored while this attempt ran.
      return is(state, built ? { unsure: true, cutOffUntil } : { tenant: 'maybe', lookAgainAt: now + PROVISION_LIMIT, cutOffUntil });
    case 'suspend':
    case 'resume':
      return built ? is(state, { unsure: true, cutOffUntil }) : state;
    case 'change':
      return built ? is(state, { planUnsure: true, cutOffUntil }) : state;
    case 'remove':
      return tenant === 'closed' ? is(state, { tenant: 'leaving' }) : state;
  }
}

/** The state after an effect ended, however it ended. */
export function apply(state: LifeState, effect: Effect, result: EffectResult, now: number): LifeState {
  if (effect.kind === 'notify') return notified(state, effect, result, now);
  if (effect.kind === 'provision' && result.end !== 'done' && isBuilt(state)) return overtakenBuild(state, result, now);
  switch (result.end) {
    case 'done':
      return settle(noLongerNeeds({ ...succeed(state, effect, result, now), trouble: null }, ...CLEARED[effect.kind]), now);
    case 'cancelled':
      // Cancellation is waited for, so this round has ended and nothing of it can land later.
      return effect.kind === 'provision' ? is(state, { lookAgainAt: state.actual.cutOffUntil }) : state;
    case 'refused':
      if (effect.kind === 'change') return settle(refuseChange(state, effect, result, now), now);
      // Only what is bought can be refused for good: what we owe an instance that stands is tried again.
      if (effect.kind !== 'provision') return fail(state, effect, { ...result, end: 'failed', cutOff: false }, now);
      return settle(needs(refuse(state, result, now), 'provision-refused', now, `${result.code} ${result.message}`), now);
    case 'failed':
      // A tenant that is not there lets nobody in: what a suspend is for holds, and a release may go on. Why it is gone, a person must find out.
      if (effect.kind === 'suspend' && result.code === 'tenant-missing') return needs(apply(state, effect, { end: 'done' }, now), 'tenant-missing', now, result.message);
      if (effect.kind === 'order' && isBuilt(state) && isForGood(state, result)) return settle(dropOrder(state, effect, result, now), now);
      return fail(state, effect, result, now);
  }
}

/** The marketplace said no to the question what was bought, or three rounds brought nothing that can be read. */
function isForGood({ trouble }: LifeState, { code }: EffectResult & { end: 'failed' }): boolean {
  if (code === 'order-refused') return true;
  return code === 'ORDER_UNREADABLE' && trouble?.effect === 'order' && trouble.rounds + 1 >= BACK_OFF.tellAfter;
}

/** The order of a change that nobody can read must not stand in the way of the next. */
function dropOrder(state: LifeState, { orderId, orderLineId }: Effect & { kind: 'order' }, { code, message }: EffectResult & { end: 'failed' }, now: number): LifeState {
  const [first, ...rest] = state.desired.orders;
  if (first?.orderId !== orderId || first.orderLineId !== orderLineId) return state;
  const dropped: LifeState = {
    ...noLongerNeeds(want(state, { orders: rest }), 'effect-failing', 'order-refused'),
    trouble: null,
    open: state.open.filter(({ seq }) => seq !== first.seq),
    settled: [...state.settled, { seq: first.seq, outcome: 'failed', at: now, detail: message }],
  };
  return needs(dropped, 'change-refused', now, `what order ${orderId} changes could not be found out: ${code} ${message}`);
}

function refuse(state: LifeState, { code, message }: EffectResult & { end: 'refused' }, now: number): LifeState {
  const refused = is(state, { refusal: { code, message, at: now }, lookAgainAt: state.actual.cutOffUntil });
  return noLongerNeeds({ ...refused, trouble: null }, 'effect-failing', 'unknown-product');
}

const CLEARED = {
  order: ['effect-failing', 'order-refused', 'keys-refused'],
  provision: ['effect-failing', 'unknown-product', 'provision-refused', 'create-window-over'],
  suspend: ['effect-failing', 'unknown-product', 'tenant-missing'],
  resume: ['effect-failing', 'unknown-product', 'tenant-missing'],
  change: ['effect-failing', 'unknown-product', 'tenant-missing', 'change-refused'],
  remove: ['effect-failing', 'unknown-product', 'tenant-missing'],
} as const;

function succeed(state: LifeState, effect: Exclude<Effect, { kind: 'notify' }>, result: EffectResult & { end: 'done' }, now: number): LifeState {
  switch (effect.kind) {
    case 'order': {
      const { purchase, rules } = result;
      if (!purchase) return state;
      // The clocks of a later plan count once the tenant is of it.
      const first = state.desired.plan === null;
      return oddities(bought(first ? { ...state, rules: rules ?? state.rules } : state, effect, purchase), purchase, first, now);
    }
    case 'provision': {
      // What came too late, or was given up by a person meanwhile, stands all the same: somebody must look whether it is still paid for.
      const late = state.needsPerson['create-window-over'] !== undefined || state.actual.refusal !== null;
      const told = late ? needs(state, 'built-late', now, 'built after the marketplace may have refunded the order') : state;
      return is(told, {
        refusal: null, tenant: effect.suspended ? 'closed' : 'open', plan: effect.plan, closedAt: effect.suspended ? now : null, unsure: false, lookAgainAt: state.actual.cutOffUntil });
    }
    case 'change':
      // A build that was cut off before may still land, and bring its own plan back.
      return is({ ...state, rules: result.rules ?? state.rules }, { plan: effect.plan, planUnsure: false, changeCutOff: state.actual.cutOffUntil !== null });
    case 'suspend':
      return is(state, { tenant: 'closed', closedAt: state.actual.closedAt ?? now, unsure: false });
    case 'resume':
      return is(state, { tenant: 'open', closedAt: null, unsure: false });
    case 'remove': {
      const { lookAgainAt, cutOffUntil } = state.actual;
      // Of a purchase that was refused or given up: an attempt that was cut off may still land, and is looked for again then.
      if (!state.desired.released && cutOffUntil !== null && cutOffUntil > now) return is(state, { unsure: false });
      // It may be asked for anew.
      if (!state.desired.released) return is(state, { tenant: 'none', plan: null, unsure: false, lookAgainAt: null, cutOffUntil: null });
      // A provisioning that was cut off may still land: the tenant counts as gone only once a removal looked after its deadline.
      if (lookAgainAt !== null && lookAgainAt > now) return is(state, { tenant: 'leaving' });
      return is(state, { tenant: 'removed', lookAgainAt: null, cutOffUntil: null });
    }
  }
}

function fail(state: LifeState, effect: Exclude<Effect, { kind: 'notify' }>, result: EffectResult & { end: 'failed' }, now: number): LifeState {
  const before = state.trouble?.effect === effect.kind ? state.trouble : null;
  const rounds = (before?.rounds ?? 0) + 1;
  const person = PERSON_CODES[result.code as keyof typeof PERSON_CODES];
  const waits = effect.kind === 'provision' && state.rules.onFailing === 'wait' && rounds >= BACK_OFF.tellAfter;
  const nextTryAt = waits ? null : now + (person ? BACK_OFF.limit : backOff(rounds));
  const { code, message } = result;
  const failed: LifeState = { ...state, trouble: { effect: effect.kind, rounds, since: before?.since ?? now, nextTryAt, code, message } };
  const cutOffUntil = result.cutOff ? mayLandUntil(state, effect, now) : state.actual.cutOffUntil;
  const changeCutOff = state.actual.changeCutOff || (result.cutOff && effect.kind === 'change');
  const known = is(failed, { cutOffUntil, changeCutOff, ...(effect.kind === 'provision' ? { lookAgainAt: cutOffUntil } : {}) });
  if (person) return needs(known, person, now, result.message);
  return rounds >= BACK_OFF.tellAfter ? needs(known, 'effect-failing', now, `${effect.kind} keeps failing: ${result.message}`) : known;
}

/** The first order says what to build, a later one what the tenant is to become; its end stays what the calls have stated. */
function bought(state: LifeState, { orderId, orderLineId }: Effect & { kind: 'order' }, purchase: Purchase): LifeState {
  const { plan, stated, expireAt, orders, renewedTo } = state.desired;
  if (plan === null) {
    const { plan: asBought } = purchase;
    return want(state, { plan: renewedTo ? renewedPlan(asBought, renewedTo) : asBought, renewedTo: null, expireAt: stated ? expireAt : purchase.expireAt });
  }
  const [first, ...rest] = orders;
  if (first?.orderId !== orderId || first.orderLineId !== orderLineId) return state;
  // An order of a change does not say whether the instance is a trial.
  return want(state, { plan: { ...purchase.plan, trial: plan.trial }, orders: rest });
}

/** What a person must know of an order that is served all the same. */
function oddities(state: LifeState, { products, unfamiliar, expireAt }: Purchase, first: boolean, now: number): LifeState {
  let told = state;
  if (products > 1) told = needs(told, 'several-products', now, `the order line holds ${products} products, served as one instance`);
  if (unfamiliar !== undefined) told = needs(told, 'unfamiliar-order', now, `the order query says ${unfamiliar}`);
  const far = first && expireAt !== null && expireAt > now + FARTHEST_EXPIRY;
  return far ? needs(told, 'odd-expiry', now, `the order query names the end ${new Date(expireAt).toISOString()}`) : told;
}

/** The plan stays what it was. The caller of an upgrade is told; a renewal was promised already, so a person is. */
function refuseChange(state: LifeState, effect: Effect & { kind: 'change' }, { code, message }: { code: string; message: string }, now: number): LifeState {
  const waiting = new Set(state.desired.orders.map(({ seq }) => seq));
  const refused = state.open.filter(({ seq, kind }) => (kind === 'change' || kind === 'renewChange') && !waiting.has(seq));
  const before: LifeState = {
    ...noLongerNeeds(is(want(state, { plan: restored(state, effect) }), { planUnsure: false }), 'effect-failing', 'unknown-product'),
    trouble: null,
    open: state.open.filter(({ seq }) => !refused.some((command) => command.seq === seq)),
    settled: [...state.settled, ...refused.map(({ seq }) => ({ seq, outcome: 'failed' as const, at: now, detail: message }))],
  };
  return refused.length > 0 && refused.every(({ kind }) => kind === 'change') ? before : needs(before, 'change-refused', now, `${code} ${message}`);
}

/** What a renewal said while the change was under way is no part of what was refused. */
function restored({ desired, actual }: LifeState, { plan: refused }: Effect & { kind: 'change' }): Plan | null {
  if (!desired.plan || !actual.plan) return actual.plan;
  const { productId, trial } = desired.plan;
  return { ...actual.plan, ...(productId === refused.productId ? {} : { productId }), ...(trial === refused.trial ? {} : { trial }) };
}

/** A notice that is not heard is tried again for as long as it is true; it holds up nothing and is no reason for another notice. */
function notified(state: LifeState, { notice }: Effect & { kind: 'notify' }, { end }: EffectResult, now: number): LifeState {
  if (end === 'done') return announce(state, notice);
  if (end === 'cancelled') return state;
  const rounds = (state.untold?.rounds ?? 0) + 1;
  return { ...state, untold: { rounds, nextTryAt: now + backOff(rounds) } };
}

function backOff(rounds: number): number {
  return Math.min(BACK_OFF.first * 2 ** (rounds - 1), BACK_OFF.limit);
}

/** Until when a round that was cut off just now may still change the tenant. */
function mayLandUntil({ actual }: LifeState, { kind }: Effect, now: number): number | null {
  if (kind === 'provision') return actual.lookAgainAt;
  return kind === 'suspend' || kind === 'resume' || kind === 'change' ? now + PROVISION_LIMIT : actual.cutOffUntil;
}

/** A person completed the purchase while this attempt ran, or the adopted state had it built: the tenant stands whatever the attempt says, which may still land if it was cut off. */
function overtakenBuild(state: LifeState, result: EffectResult, now: number): LifeState {
  const cutOffUntil = result.end === 'failed' && result.cutOff ? now + PROVISION_LIMIT : state.actual.cutOffUntil;
  return is(state, { cutOffUntil, lookAgainAt: cutOffUntil });
}

function isBuilt({ actual: { tenant } }: LifeState): boolean {
  return tenant === 'open' || tenant === 'closed';
}

function is(state: LifeState, actual: Partial<Actual>): LifeState {
  return { ...state, actual: { ...state.actual, ...actual } };
}
