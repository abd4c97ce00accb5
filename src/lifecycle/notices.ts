import type { LifeState } from './state.ts';

/** Something a person is told once: what it is, and the instant it is about (UTC ms). */
export interface Notice {
  /** `expiry-warning`, or a reason why a person is needed. */
  readonly kind: string;
  readonly instant: number;
  /** Plain English; nothing personal. */
  readonly detail: string;
}

const EXPIRY_WARNING = 'expiry-warning';

/** When the coming end is announced; null when there is none to announce, or it was. */
export function warnAt({ desired, actual, rules, announced }: LifeState): number | null {
  const { expireAt, released } = desired;
  const built = actual.tenant === 'open' || actual.tenant === 'closed';
  if (expireAt === null || released || !built || announced[EXPIRY_WARNING] === expireAt) return null;
  return expireAt - rules.warn;
}

/** The next notice to send now, or null. An end that has passed needs no warning. */
export function dueNotice(state: LifeState, now: number): Notice | null {
  const { needsPerson, announced, desired } = state;
  for (const [kind, { since, detail }] of Object.entries(needsPerson)) {
    if (announced[kind] !== since) return { kind, instant: since, detail };
  }
  const at = warnAt(state);
  if (at === null || at > now || desired.expireAt === null || desired.expireAt <= now) return null;
  return { kind: EXPIRY_WARNING, instant: desired.expireAt, detail: `the paid time ends at ${new Date(desired.expireAt).toISOString()}${desired.stated ? '' : ' (estimated)'}` };
}

export function announce(state: LifeState, { kind, instant }: Notice): LifeState {
  return { ...state, untold: null, announced: { ...state.announced, [kind]: instant } };
}
