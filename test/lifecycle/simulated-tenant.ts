import type { Effect, EffectResult } from '../../src/lifecycle/effect.ts';
import type { Notice } from '../../src/lifecycle/notices.ts';
import type { Plan, Purchase } from '../../src/lifecycle/plan.ts';
import type { SimulatedClock } from './simulated-clock.ts';

/** How one round of an effect goes. Durations in ms from its begin, or from the cancellation. */
export interface Round {
  /** Default 1 second. */
  readonly takes?: number;
  /** Default: done. */
  readonly result?: EffectResult;
  /** When the tenant really changes: default with a result that is done, else never. After `takes` for an attempt that lands late. */
  readonly lands?: number | null;
  /** What a cancellation comes to. Default: `cancelled` at once, nothing lands any more; null: too late, it ends as it would have. */
  readonly onCancel?: { readonly takes?: number; readonly result?: EffectResult; readonly lands?: boolean } | null;
}

/** The rounds of each kind, in order; beyond them everything is done. A function decides by itself. */
export type Rounds = ((effect: Effect, nth: number) => Round | undefined) | { readonly [kind in Effect['kind']]?: readonly Round[] };

export interface Performed {
  readonly effect: Effect;
  readonly beganAt: number;
  endedAt: number | null;
  end: EffectResult['end'] | null;
  cancelledAt: number | null;
}

export interface SimulatedTenant {
  /** What really is, whatever the life believes. */
  status(): 'absent' | 'open' | 'suspended';
  /** Everything done to the world; what a person was told is apart. */
  readonly performed: readonly Performed[];
  readonly told: readonly { readonly at: number; readonly notice: Notice }[];
  /** Plan that the tenant is of. */
  plan(): Plan | null;
  /** Instants of every time it was built anew, and removed with its data. */
  readonly builds: readonly number[];
  readonly removals: readonly number[];
  effect(effect: Effect, alive: () => boolean): { readonly result: Promise<EffectResult>; cancel(): void };
}

/** The world of one instance: an order query and a provisioner that keeps the port (safe to repeat, adopts what is there). */
export function simulatedTenant(clock: SimulatedClock, purchase: Purchase, rounds: Rounds): SimulatedTenant {
  let status: 'absent' | 'open' | 'suspended' = 'absent';
  const performed: Performed[] = [];
  const told: { at: number; notice: Notice }[] = [];
  let plan: Plan | null = null;
  const builds: number[] = [];
  const removals: number[] = [];
  const roundOf = (effect: Effect): Round => {
    const nth = performed.filter((earlier) => earlier.effect.kind === effect.kind).length;
    return (typeof rounds === 'function' ? rounds(effect, nth) : rounds[effect.kind]?.[nth]) ?? {};
  };

  function land(effect: Effect): void {
    if (effect.kind === 'provision') {
      if (status === 'absent') builds.push(clock.now());
      status = effect.suspended ? 'suspended' : 'open';
      plan = effect.plan;
    } else if (effect.kind === 'remove') {
      if (status !== 'absent') removals.push(clock.now());
      status = 'absent';
    } else if (effect.kind === 'change') {
      if (status !== 'absent') plan = effect.plan;
    } else if (effect.kind !== 'order' && effect.kind !== 'notify' && status !== 'absent') {
      status = effect.kind === 'suspend' ? 'suspended' : 'open';
    }
  }

  const missing = (effect: Effect, result: EffectResult): EffectResult =>
    (effect.kind === 'suspend' || effect.kind === 'resume' || effect.kind === 'change') && result.end === 'done' && status === 'absent'
      ? { end: 'failed', code: 'tenant-missing', message: 'no tenant', cutOff: false }
      : result;

  return {
    status: () => status,
    performed,
    told,
    plan: () => plan,
    builds,
    removals,
    effect(effect, alive) {
      if (effect.kind === 'notify') {
        told.push({ at: clock.now(), notice: effect.notice });
        return { result: Promise.resolve({ end: 'done' }), cancel: () => undefined };
      }
      const { takes = 1000, result = effect.kind === 'order' ? { end: 'done', purchase } : { end: 'done' }, lands = result.end === 'done' ? takes : null, onCancel = {} } = roundOf(effect);
      const record: Performed = { effect, beganAt: clock.now(), endedAt: null, end: null, cancelledAt: null };
      performed.push(record);
      const { promise, resolve } = Promise.withResolvers<EffectResult>();
      let landing = lands !== null;
      const end = (with_: EffectResult): void => {
        if (record.endedAt !== null) return;
        const ended = missing(effect, with_);
        record.endedAt = clock.now();
        record.end = ended.end;
        if (alive()) resolve(ended);
      };
      // Landing and result at the same instant are one event, or the seed could give the result first.
      if (lands !== null && lands !== takes) {
        clock.at(clock.now() + lands, () => {
          if (landing) land(effect);
        });
      }
      clock.at(clock.now() + takes, () => {
        if (record.endedAt !== null || (record.cancelledAt !== null && onCancel !== null)) return;
        const ended = missing(effect, result);
        if (landing && lands === takes) land(effect);
        end(ended);
      });
      return {
        result: promise,
        cancel() {
          if (record.endedAt !== null || record.cancelledAt !== null) return;
          record.cancelledAt = clock.now();
          if (onCancel === null) return;
          clock.at(clock.now() + (onCancel.takes ?? 0), () => {
            landing = false;
            if (onCancel.lands) land(effect);
            end(onCancel.result ?? { end: 'cancelled' });
          });
        },
      };
    },
  };
}
