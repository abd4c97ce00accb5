import { addCause } from './desired.ts';
import { warnAt } from './notices.ts';
import { releasedBy } from './released.ts';
import { VIOLATION_AFTER_RENEWAL } from './rules.ts';
import { settle } from './settle.ts';
import { isGivenUp, needs, type LifeState } from './state.ts';

/** The instants our own clock acts on; null where it has nothing to do. */
export interface Instants {
  readonly freezeAt: number | null;
  readonly retentionOverAt: number | null;
  readonly removeAt: number | null;
  readonly violationTellAt: number | null;
  /** What was cut off can no longer land: from here on it is seen to that access is as it must be. */
  readonly lookAgainAt: number | null;
  /** The coming end is announced. */
  readonly warnAt: number | null;
  /** The marketplace may refund what is not ready: nothing new is begun without a person. */
  readonly createWindowOverAt: number | null;
}

export function instantsOf(state: LifeState): Instants {
  const { desired, actual, rules, needsPerson } = state;
  const { expireAt, frozen, released, askedAt } = desired;
  const unbuilt = actual.tenant === 'none' || actual.tenant === 'maybe';
  const atEnd = frozen.includes('expiry') || frozen.includes('clock');
  const clockWaits = desired.armed && expireAt !== null && !released && !atEnd && !actual.refusal && !needsPerson['expiry-passed'];
  // Closed earlier for another reason, or closed late: retention counts from when both hold.
  const keptSince = atEnd && actual.tenant === 'closed' ? Math.max(actual.closedAt ?? 0, desired.endedAt ?? 0) : null;
  return {
    freezeAt: clockWaits ? expireAt + (desired.stated ? rules.graceStated : rules.graceEstimated) : null,
    retentionOverAt: keptSince !== null && !released && !needsPerson['retention-over'] ? keptSince + rules.retention : null,
    removeAt: released ? removalAt(desired.held ? null : released.removeAt, actual.lookAgainAt, actual.tenant) : null,
    violationTellAt:
      frozen.includes('violation') && desired.renewedAt !== null && !needsPerson['violation-after-renewal'] ? desired.renewedAt + VIOLATION_AFTER_RENEWAL : null,
    // A purchase that was given up may still be built by an attempt before: what it left is removed.
    lookAgainAt: actual.tenant === 'open' || actual.tenant === 'closed' || isGivenUp(state) ? actual.cutOffUntil : null,
    warnAt: warnAt(state),
    createWindowOverAt: unbuilt && askedAt !== null && !released && !actual.refusal && !needsPerson['create-window-over'] ? askedAt + rules.createWindow : null,
  };
}

function removalAt(removeAt: number | null, lookAgainAt: number | null, tenant: string): number | null {
  if (tenant === 'closed') return removeAt;
  // A hold keeps data: what has begun to leave, or may still land, is none.
  return tenant === 'leaving' ? lookAgainAt : null;
}

/** What the passing of time alone changes. The caller has pulled the mailbox first: a waiting renewal beats our clock. */
export function tick(state: LifeState, now: number): LifeState {
  const { freezeAt, retentionOverAt, violationTellAt, lookAgainAt, createWindowOverAt } = instantsOf(state);
  let next = state;
  if (freezeAt !== null && freezeAt <= now) {
    next =
      state.rules.onExpiry === 'freeze'
        ? needs(addCause(next, 'clock', now), 'clock-freeze', now, 'frozen by our own clock: no renewal and no freeze came from the marketplace')
        : needs(next, 'expiry-passed', now, 'expiry and grace are over; the product is set to tell only');
  }
  if (retentionOverAt !== null && retentionOverAt <= now) {
    next =
      state.rules.onRetention === 'hold' || state.desired.held
        ? needs(next, 'retention-over', now, 'retention is over and the marketplace has not released the instance: the data are kept')
        : releasedBy(next, { at: now, removeAt: now + state.rules.keep, by: 'clock' });
  }
  if (violationTellAt !== null && violationTellAt <= now) {
    next = needs(next, 'violation-after-renewal', now, 'renewed, but the violation freeze still stands');
  }
  if (lookAgainAt !== null && lookAgainAt <= now) next = { ...next, actual: { ...next.actual, unsure: true, planUnsure: next.actual.planUnsure || next.actual.changeCutOff, cutOffUntil: null, changeCutOff: false } };
  if (createWindowOverAt !== null && createWindowOverAt <= now) {
    next = needs(next, 'create-window-over', now, 'not ready within the create window: the marketplace may refund the order, so nothing new is begun');
    // An attempt that failed may have happened all the same, and nobody was let in.
    if (next.actual.tenant === 'maybe') next = { ...next, actual: { ...next.actual, unsure: true } };
  }
  return next === state ? state : settle(next, now);
}

/** The next instant at which anything can change by itself; null: only a command can. */
export function nextInstant(state: LifeState, now: number): number | null {
  const ahead = Object.values(instantsOf(state)).filter((at): at is number => at !== null && at > now);
  return ahead.length > 0 ? Math.min(...ahead) : null;
}
