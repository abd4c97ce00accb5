import type { CommandKind, CommandOutcome } from './command.ts';
import type { Plan } from './plan.ts';
import type { EffectKind } from './effect.ts';
import { DEFAULT_RULES, type Rules } from './rules.ts';

/** Why an instance must not be usable. It is usable exactly when no cause is left. */
export type FreezeCause = 'expiry' | 'violation' | 'clock' | 'quota' | 'person';

/**
 * What is known of the tenant:
 * `none` never begun · `maybe` an attempt began and its end is not known · `open` usable · `closed` data kept, nobody gets in ·
 * `leaving` its removal has begun, or was done while a cut-off attempt to build it may still land · `removed` gone for good.
 */
export type Tenant = 'none' | 'maybe' | 'open' | 'closed' | 'leaving' | 'removed';

export type PersonReason =
  | 'several-products'
  | 'unknown-product'
  | 'order-refused'
  | 'violation-freeze'
  | 'violation-after-renewal'
  | 'stale-status'
  | 'clock-freeze'
  | 'expiry-passed'
  | 'retention-over'
  | 'release-while-paid'
  | 'tenant-missing'
  | 'effect-failing';

/** The whole life of one instance as plain JSON: what the workflow carries and the store keeps. Instants are UTC ms. */
export interface LifeState {
  readonly v: 1;
  readonly instanceId: string;
  readonly orderId: string;
  readonly orderLineId: string;
  /** A revived life is the next generation; the store accepts only the newest. */
  readonly generation: number;
  /** Counts stored states. */
  readonly version: number;
  /** Last command folded into this state. */
  readonly taken: number;
  readonly rules: Rules;
  readonly desired: Desired;
  readonly actual: Actual;
  readonly trouble: Trouble | null;
  readonly needsPerson: { readonly [reason in PersonReason]?: { readonly since: number; readonly detail: string } };
  /** Commands folded but not yet carried out. */
  readonly open: readonly { readonly seq: number; readonly kind: CommandKind }[];
  /** Commands settled since the last stored state. */
  readonly settled: readonly { readonly seq: number; readonly outcome: CommandOutcome; readonly at: number }[];
}

export interface Desired {
  /** `removeAt` null: removal waits for a person. */
  readonly released: { readonly at: number; readonly removeAt: number | null; readonly by: 'marketplace' | 'person' | 'clock' } | null;
  readonly frozen: readonly FreezeCause[];
  readonly plan: Plan | null;
  readonly expireAt: number | null;
  /** A call has said `expireAt`; an estimate of the order query never replaces it. */
  readonly stated: boolean;
  /** Whether our own clock may freeze: not after an unfreeze or a refund, until the next renewal. */
  readonly armed: boolean;
  /** Since when it is frozen for the end of the paid time (`expiry` or `clock`): retention counts from here. */
  readonly endedAt: number | null;
  /** Instant of the newest admitted status call. */
  readonly statusAt: number;
  /** Instant of the last renewal; null again once a violation came after it, for then its UNFREEZE is nothing to wait for. */
  readonly renewedAt: number | null;
}

export interface Actual {
  readonly tenant: Tenant;
  readonly plan: Plan | null;
  /** The provisioner's no for good. */
  readonly refusal: { readonly code: string; readonly message: string; readonly at: number } | null;
  readonly closedAt: number | null;
  /** A suspend or resume began and did not end well: it may have happened all the same, so what is wanted now is done whatever `tenant` says. */
  readonly unsure: boolean;
  /** An attempt to provision is under way or was cut off: until then it may still land, so a removal looks again. */
  readonly lookAgainAt: number | null;
  /** Until when a round that was cut off may still land, building, opening or closing: a later round that ends cleanly does not take it back. */
  readonly cutOffUntil: number | null;
}

/** The effect that keeps failing, and when it is tried again. */
export interface Trouble {
  readonly effect: EffectKind;
  readonly rounds: number;
  readonly since: number;
  readonly nextTryAt: number;
  readonly code: string;
  readonly message: string;
}

export function newLife(identity: { instanceId: string; orderId: string; orderLineId: string }, rules: Rules = DEFAULT_RULES): LifeState {
  return {
    v: 1,
    ...identity,
    generation: 1,
    version: 0,
    taken: 0,
    rules,
    desired: { released: null, frozen: [], plan: null, expireAt: null, stated: false, armed: true, endedAt: null, statusAt: 0, renewedAt: null },
    actual: { tenant: 'none', plan: null, refusal: null, closedAt: null, unsure: false, lookAgainAt: null, cutOffUntil: null },
    trouble: null,
    needsPerson: {},
    open: [],
    settled: [],
  };
}

export function needs(state: LifeState, reason: PersonReason, since: number, detail: string): LifeState {
  if (state.needsPerson[reason]) return state;
  return { ...state, needsPerson: { ...state.needsPerson, [reason]: { since, detail } } };
}

export function noLongerNeeds(state: LifeState, ...reasons: readonly PersonReason[]): LifeState {
  if (!reasons.some((reason) => state.needsPerson[reason])) return state;
  const left = Object.entries(state.needsPerson).filter(([reason]) => !reasons.includes(reason as PersonReason));
  return { ...state, needsPerson: Object.fromEntries(left) };
}
