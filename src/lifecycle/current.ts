import { DEFAULT_RULES, type Rules } from './rules.ts';
import type { Actual, Desired, LifeState } from './state.ts';

type Later<T, Keys extends keyof T> = Omit<T, Keys> & Partial<Pick<T, Keys>>;

/** A state as release 0.1.0 carried and stored it: the same without what came later. */
export type LifeStateV1 = Omit<LifeState, 'v' | 'desired' | 'actual' | 'rules' | 'untold' | 'announced' | 'takenAt'> & {
  readonly v: 1;
  readonly rules: Later<Rules, 'onFailing'>;
  readonly desired: Later<Desired, 'held' | 'askedAt' | 'renewedTo' | 'orders'>;
  readonly actual: Later<Actual, 'planUnsure' | 'changeCutOff'>;
};

/** A state of this release or an older one. */
export type StoredState = LifeState | LifeStateV1;

/** The state in today's form. Whatever reads a stored or carried one goes through here; an older form stays readable for ever. */
export function currentState(stored: StoredState): LifeState {
  if (stored.v === 2) return stored;
  const { desired, actual, needsPerson } = stored;
  const told = Object.entries(needsPerson).map(([reason, { since }]) => [reason, since] as const);
  return {
    ...stored,
    v: 2,
    rules: { ...DEFAULT_RULES, ...stored.rules },
    desired: { held: false, askedAt: null, renewedTo: null, orders: [], ...desired },
    actual: { planUnsure: false, changeCutOff: false, ...actual },
    takenAt: 0,
    untold: null,
    // Told in the log before there were notices.
    announced: Object.fromEntries(told),
  };
}
