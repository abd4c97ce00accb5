import { apply, begin } from '../../src/lifecycle/apply.ts';
import type { Command, Instruction } from '../../src/lifecycle/command.ts';
import type { Effect, EffectResult } from '../../src/lifecycle/effect.ts';
import { fold } from '../../src/lifecycle/fold.ts';
import type { Phase } from '../../src/lifecycle/phase.ts';
import type { Plan } from '../../src/lifecycle/plan.ts';
import { DEFAULT_RULES, type Rules } from '../../src/lifecycle/rules.ts';
import { newLife, type FreezeCause, type LifeState } from '../../src/lifecycle/state.ts';

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** 2026-11-21T00:00:00Z */
export const NOW = 1_795_219_200_000;
export const IDENTITY = { instanceId: 'i-1', orderId: 'CS1', orderLineId: 'CS1-000001' };
export const PLAN: Plan = { skuCode: 'sku-1', productId: 'OFFI1', quantity: 5, chargingMode: 'PERIOD', trial: false };
export const NO = { end: 'refused', code: '000106', message: 'sold out' } as const;
export const ERROR = { end: 'failed', code: 'ECONNRESET', message: 'connection reset', cutOff: false } as const;
export const CUT_OFF = { end: 'failed', code: 'timed-out', message: 'cut off', cutOff: true } as const;
export const DONE = { end: 'done' } as const;

export const CREATE: Instruction = { kind: 'create', orderId: IDENTITY.orderId, orderLineId: IDENTITY.orderLineId };
export const FREEZE: Instruction = { kind: 'freeze' };
export const UNFREEZE: Instruction = { kind: 'unfreeze' };
export const RELEASE: Instruction = { kind: 'release', unsubscribed: true };
export const RELEASE_UNNAMED: Instruction = { kind: 'release', unsubscribed: false };
export const renew = (expireAt: number, changes: { productId?: string; formal?: boolean } = {}): Instruction => ({ kind: 'renew', expireAt, productId: null, formal: false, ...changes });
/** The order of an upgrade; each number is an order of its own. */
export const upgrade = (number = 2): Instruction => ({ kind: 'change', ...orderOf(number) });
export const renewChange = (expireAt: number, number = 2, productId: string | null = null): Instruction => ({ kind: 'renewChange', expireAt, productId, ...orderOf(number) });
export const shorten = (expireAt: number): Instruction => ({ kind: 'shorten', expireAt });

/** Takes one instruction in as the mailbox would number it; its own instant is `NOW` unless said otherwise. */
export function take(state: LifeState, instruction: Instruction, at: number = NOW, changes: Partial<Command> = {}): LifeState {
  return fold(state, { seq: state.taken + 1, at, receivedAt: at, key: null, attempt: 1, by: 'marketplace', instruction, ...changes });
}

/** Begins an effect and ends it at the same instant. */
export function did(state: LifeState, effect: Effect, result: EffectResult = DONE, now: number = NOW): LifeState {
  return apply(begin(state, effect, now), effect, result, now);
}

function orderOf(number: number): { readonly orderId: string; readonly orderLineId: string } {
  return { orderId: `CS${number}`, orderLineId: `CS${number}-000001` };
}

/** What `upgrade(2)` and `renewChange(…, 2)` bring unless said otherwise. */
export const BIGGER: Plan = { ...PLAN, skuCode: 'sku-2', quantity: 9 };
export const CHANGE = { kind: 'change', from: PLAN, plan: BIGGER } as const satisfies Effect;
/** The order query of an upgrade's own order. */
export const asking = (number = 2): Effect => ({ kind: 'order', ...orderOf(number) });
export const answered = (plan: Plan = BIGGER): EffectResult => ({ end: 'done', purchase: { plan, expireAt: NOW + 30 * DAY, products: 1 } });

export const ORDER: Effect = { kind: 'order', orderId: IDENTITY.orderId, orderLineId: IDENTITY.orderLineId };
export const PROVISION = { kind: 'provision', plan: PLAN, suspended: false } as const satisfies Effect;
export const SUSPEND: Effect = { kind: 'suspend', plan: PLAN };
export const RESUME: Effect = { kind: 'resume', plan: PLAN };
export const REMOVE: Effect = { kind: 'remove', plan: PLAN };

export const bought = (expireAt: number | null, products = 1): EffectResult => ({ end: 'done', purchase: { plan: PLAN, expireAt, products } });

/** A person has heard everything there is to tell, the coming end included. */
export function heard(state: LifeState): LifeState {
  const told = Object.entries(state.needsPerson).map(([reason, { since }]) => [reason, since] as const);
  const { expireAt } = state.desired;
  return { ...state, announced: Object.fromEntries([...told, ...(expireAt === null ? [] : [['expiry-warning', expireAt] as const])]) };
}

export interface Situation {
  readonly rules?: Partial<Rules>;
  /** Estimated paid end; null for none. */
  readonly expireAt?: number | null;
  /** Paid end that a renewal has stated. */
  readonly stated?: number;
  readonly causes?: readonly FreezeCause[];
}

/** Bought at `NOW` and asked for, nothing built yet. */
export function creating({ rules = {} }: Situation = {}): LifeState {
  return take(newLife(IDENTITY, { ...DEFAULT_RULES, ...rules }), CREATE);
}

export function active({ expireAt = NOW + 365 * DAY, stated, ...situation }: Situation = {}): LifeState {
  const built = did(did(creating(situation), ORDER, bought(expireAt)), PROVISION);
  return { ...(stated === undefined ? built : take(built, renew(stated, { formal: true }))), settled: [] };
}

/** Closed at `NOW` for these causes, however they came. */
export function frozen({ causes = ['violation'], ...situation }: Situation = {}): LifeState {
  const before = active(situation);
  const ended = causes.includes('expiry') || causes.includes('clock');
  return { ...did({ ...before, desired: { ...before.desired, frozen: causes, endedAt: ended ? NOW : null } }, SUSPEND), settled: [] };
}

export function failed(situation: Situation = {}): LifeState {
  return { ...did(did(creating(situation), ORDER, bought(NOW + 365 * DAY)), PROVISION, NO), settled: [] };
}

export function released(situation: Situation = {}): LifeState {
  return { ...did(take(active(situation), RELEASE), SUSPEND), settled: [] };
}

export const IN: Readonly<Record<Phase, (situation?: Situation) => LifeState>> = { creating, active, frozen, released, failed };
