import type { CommandKind, CommandOutcome } from './command.ts';
import type { Plan, RenewedTo } from './plan.ts';
import type { EffectKind } from './effect.ts';
import type { PersonReason } from './person-reasons.ts';
import { DEFAULT_RULES, type Rules } from './rules.ts';

/** Why an instance must not be usable. It is usable exactly when no cause is left. */
export type FreezeCause = 'expiry' | 'violation' | 'clock' | 'quota' | 'person';

/**
 * What is known of the tenant:
 * `none` never begun · `maybe` an attempt began and its end is not known · `open` usable · `closed` data kept, nobody gets in ·
 * `leaving` its removal has begun, or was done while a cut-off attempt to build it may still land · `removed` gone for good.
 */
export type Tenant = 'none' | 'maybe' | 'open' | 'closed' | 'leaving' | 'removed';

/** The whole life of one instance as plain JSON: what the workflow carries and the store keeps. Instants are UTC ms. */
export interface LifeState {
  readonly v: 2;
  readonly instanceId: string;
  readonly orderId: string;
  readonly orderLineId: string;
  /** A revived life is the next generation; the store accepts only the newest. */
  readonly generation: number;
  /** Counts stored states. */
  readonly version: number;
  /** Last command folded into this state. */
  readonly taken: number;
  /** When the last of them was admitted. */
  readonly takenAt: number;
  readonly rules: Rules;
  readonly desired: Desired;
  readonly actual: Actual;
  readonly trouble: Trouble | null;
  /** A notice that could not be sent is tried again, beside everything else. */
  readonly untold: { readonly rounds: number; readonly nextTryAt: number } | null;
  /** Instant of the last notice of each kind that was sent. */
  readonly announced: Readonly<Record<string, number>>;
  readonly needsPerson: { readonly [reason in PersonReason]?: { readonly since: number; readonly detail: string } };
  /** Commands folded but not yet carried out. */
  readonly open: readonly { readonly seq: number; readonly kind: CommandKind }[];
  /** Commands settled since the last stored state. */
  readonly settled: readonly { readonly seq: number; readonly outcome: CommandOutcome; readonly at: number; readonly detail?: string }[];
}

export interface Desired {
  /** `removeAt` null: removal waits for a person. */
  readonly released: { readonly at: number; readonly removeAt: number | null; readonly by: 'marketplace' | 'person' | 'clock' } | null;
  /** A person keeps the data: no removal until that is taken back. */
  readonly held: boolean;
  /** When a create call, or a person, last asked for it: the create window counts from here. Null in lives older than that clock. */
  readonly askedAt: number | null;
  readonly frozen: readonly FreezeCause[];
  readonly plan: Plan | null;
  /** What renewals said before the order query had said what was bought; null once it has. */
  readonly renewedTo: RenewedTo | null;
  /** Orders of admitted changes whose target the order query has not said yet, oldest first. */
  readonly orders: readonly { readonly seq: number; readonly orderId: string; readonly orderLineId: string }[];
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
  /** The same of a change: the tenant may be of another plan than `plan` says. */
  readonly planUnsure: boolean;
  /** An attempt to provision is under way or was cut off: until then it may still land, so a removal looks again. */
  readonly lookAgainAt: number | null;
  /** Until when a round that was cut off may still land, building, opening or closing: a later round that ends cleanly does not take it back. */
  readonly cutOffUntil: number | null;
  /** What was cut off may bring another plan back. */
  readonly changeCutOff: boolean;
}

/** The effect that keeps failing, and when it is tried again. */
export interface Trouble {
  readonly effect: EffectKind;
  readonly rounds: number;
  readonly since: number;
  /** Null: only a command can bring it about. */
  readonly nextTryAt: number | null;
  readonly code: string;
  readonly message: string;
}

export function newLife(identity: { instanceId: string; orderId: string; orderLineId: string }, rules: Rules = DEFAULT_RULES): LifeState {
  return {
    v: 2,
    ...identity,
    generation: 1,
    version: 0,
    taken: 0,
    takenAt: 0,
    rules,
    desired: { released: null, held: false, askedAt: null, frozen: [], plan: null, renewedTo: null, orders: [], expireAt: null, stated: false, armed: true, endedAt: null, statusAt: 0, renewedAt: null },
    actual: { tenant: 'none', plan: null, refusal: null, closedAt: null, unsure: false, planUnsure: false, lookAgainAt: null, cutOffUntil: null, changeCutOff: false },
    trouble: null,
    untold: null,
    announced: {},
    needsPerson: {},
    open: [],
    settled: [],
  };
}

/** Refused, given up, or not ready within the create window: nothing is built without a new word, and what an attempt has left is removed. */
export function isGivenUp({ actual: { refusal, tenant }, needsPerson }: LifeState): boolean {
  return (tenant === 'none' || tenant === 'maybe') && (refusal !== null || needsPerson['create-window-over'] !== undefined);
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
