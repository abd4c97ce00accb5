import { describe, expect, it } from 'vitest';
import { instantsOf, nextInstant, tick } from '../../src/lifecycle/clocks.ts';
import { next } from '../../src/lifecycle/next.ts';
import { PROVISION_LIMIT } from '../../src/lifecycle/rules.ts';
import type { LifeState } from '../../src/lifecycle/state.ts';
import { active, bought, creating, CUT_OFF, DAY, did, failed, FREEZE, frozen, heard, HOUR, NOW, ORDER, PROVISION, RELEASE, RELEASE_UNNAMED, REMOVE, RESUME, renew, shorten, SUSPEND, take, UNFREEZE } from './samples.ts';

const END = NOW + 30 * DAY;
const causes = (state: LifeState): readonly string[] => state.desired.frozen;
const told = (state: LifeState): string[] => Object.keys(state.needsPerson).toSorted();

describe('our own freeze', () => {
  it.each([
    ['8 days after an end that a call has stated', heard(active({ stated: END })), END + 8 * DAY],
    ['30 days after an end that was only estimated', heard(active({ expireAt: END })), END + 30 * DAY],
  ])('comes %s, not a millisecond earlier, and is told', (_, state, at) => {
    expect(nextInstant(state, NOW)).toBe(at);
    expect(tick(state, at - 1)).toBe(state);
    const over = tick(state, at);
    expect([causes(over), told(over), over.desired.endedAt]).toEqual([['clock'], ['clock-freeze'], at]);
    expect(tick(over, at + 1)).toBe(over);
  });

  it.each([
    ['without an end', active({ expireAt: null })],
    ['after a refund', take(active({ stated: END }), shorten(NOW))],
    ['after an unfreeze', take(frozen({ causes: ['expiry'], stated: END }), UNFREEZE)],
    ['when the marketplace has frozen for the expiry', take(active({ stated: END }), FREEZE, END)],
    ['of a released instance', take(active({ stated: END }), RELEASE)],
    ['of an order that was refused', failed({ stated: END })],
  ])('never comes %s', (_, state) => {
    expect(instantsOf(state).freezeAt).toBeNull();
    expect(causes(tick(state, NOW + 9999 * DAY))).not.toContain('clock');
  });

  it('is armed again by the next renewal, at its end', () => {
    const state = heard(take(take(active({ stated: END }), shorten(NOW)), renew(END + DAY)));
    expect(nextInstant(state, NOW)).toBe(END + 9 * DAY);
  });

  it('adds its cause to a violation', () => {
    expect(causes(tick(frozen({ stated: END }), END + 8 * DAY))).toEqual(['clock', 'violation']);
  });

  it('settles what waits for an access that it ends', () => {
    const opening = did(take(frozen({ causes: ['expiry'], stated: NOW }), renew(END)), RESUME, CUT_OFF);
    expect(opening.open.map(({ kind }) => kind)).toEqual(['renew']);
    expect(tick(opening, END + 8 * DAY)).toMatchObject({ open: [], settled: [{ outcome: 'done', at: END + 8 * DAY }] });
  });

  it('set to tell only tells, once per paid time', () => {
    const state = active({ stated: END, rules: { onExpiry: 'tell' } });
    const over = tick(state, END + 8 * DAY);
    expect([causes(over), told(over), nextInstant(over, END + 8 * DAY)]).toEqual([[], ['expiry-passed'], null]);
    const renewed = heard(take(over, renew(END + 40 * DAY), END + 9 * DAY));
    expect([told(renewed), nextInstant(renewed, END + 9 * DAY)]).toEqual([[], END + 48 * DAY]);
  });
});

describe('retention', () => {
  const over = NOW + 15 * DAY;

  it('ends 15 days after the freeze at the end of the paid time: a person is told, the data stay', () => {
    const state = frozen({ causes: ['expiry'], expireAt: NOW });
    expect(nextInstant(state, NOW)).toBe(over);
    expect(tick(state, over - 1)).toBe(state);
    const told15 = tick(state, over);
    expect([told(told15), told15.desired.released, nextInstant(told15, over)]).toEqual([['retention-over'], null, null]);
  });

  it('set to release releases, and the data go after keep', () => {
    const state = tick(frozen({ causes: ['clock'], stated: NOW, rules: { onRetention: 'release' } }), over);
    expect(state.desired.released).toEqual({ at: over, removeAt: over + 3 * DAY, by: 'clock' });
    expect(nextInstant(state, over)).toBe(over + 3 * DAY);
  });

  it('set to release leaves nothing for a person to look at, for ever', () => {
    const byClock = tick(active({ stated: END, rules: { onRetention: 'release' } }), END + 8 * DAY);
    expect(told(byClock)).toEqual(['clock-freeze']);
    const over15 = tick(did(byClock, SUSPEND, { end: 'done' }, END + 8 * DAY), END + 23 * DAY);
    expect([told(over15), over15.desired.released?.by]).toEqual([[], 'clock']);
  });

  it('counts from the freeze at the end, not from an earlier violation', () => {
    const violated = did(take(active({ stated: END }), FREEZE, NOW), SUSPEND);
    const ended = take(violated, FREEZE, END);
    expect(instantsOf(ended).retentionOverAt).toBe(END + 15 * DAY);
    expect(instantsOf(violated).retentionOverAt).toBeNull();
  });

  it('counts from the end of access when that came late, and is not over before access ended', () => {
    const freezing = take(active({ stated: NOW }), FREEZE, NOW);
    expect(instantsOf(freezing).retentionOverAt).toBeNull();
    expect(instantsOf(did(freezing, SUSPEND, { end: 'done' }, NOW + DAY)).retentionOverAt).toBe(NOW + 16 * DAY);
  });

  it('starts anew at the next freeze', () => {
    const back = did(take(tick(frozen({ causes: ['expiry'], stated: NOW }), over), renew(END), over), RESUME, { end: 'done' }, over);
    expect(told(back)).toEqual([]);
    const again = did(take(back, FREEZE, END), SUSPEND, { end: 'done' }, END);
    expect(instantsOf(again).retentionOverAt).toBe(END + 15 * DAY);
  });
});

describe('a violation', () => {
  it('that still stands an hour after a renewal is told', () => {
    const state = take(frozen({ stated: END }), renew(END + DAY), NOW + DAY);
    expect(instantsOf(state).violationTellAt).toBe(NOW + DAY + HOUR);
    expect(told(tick(state, NOW + DAY + HOUR - 1))).toEqual([]);
    const late = tick(state, NOW + DAY + HOUR);
    expect([told(late), causes(late)]).toEqual([['violation-after-renewal'], ['violation']]);
    expect(told(take(late, UNFREEZE, NOW + 2 * DAY))).toEqual([]);
  });

  it('that came after the renewal has no UNFREEZE to wait for', () => {
    const state = take(take(active({ stated: END }), renew(END + DAY), NOW), FREEZE, NOW + DAY);
    expect(instantsOf(state).violationTellAt).toBeNull();
    const overtaken = take(take(active({ stated: END }), renew(END + DAY), NOW + DAY), FREEZE, NOW + DAY - 1);
    expect(instantsOf(overtaken).violationTellAt).toBe(NOW + DAY + HOUR);
  });
});

describe('removal', () => {
  it('comes keep after the release, once access has ended', () => {
    const state = take(active(), RELEASE);
    expect(instantsOf(state).removeAt).toBeNull();
    expect(instantsOf(did(state, SUSPEND)).removeAt).toBe(NOW + 3 * DAY);
  });

  it('that waits for a person has no instant', () => {
    expect(nextInstant(did(take(active({ stated: END }), RELEASE_UNNAMED), SUSPEND), NOW)).toBeNull();
  });

  it('looks again past the deadline of an attempt that was cut off', () => {
    const cut = did(did(creating(), ORDER, bought(END)), PROVISION, CUT_OFF);
    const gone = did(take(cut, RELEASE), REMOVE);
    expect(gone.actual.tenant).toBe('leaving');
    expect(nextInstant(gone, NOW)).toBe(cut.actual.lookAgainAt);
    expect(cut.actual.lookAgainAt).toBeGreaterThan(NOW);
  });
});

describe('what was cut off', () => {
  it.each([
    ['a provision', did(did(creating(), ORDER, bought(null)), PROVISION, CUT_OFF), PROVISION],
    ['a resume', did(take(frozen({ expireAt: null }), UNFREEZE), RESUME, CUT_OFF), RESUME],
  ])('%s may undo a later freeze: access is ended again past its deadline', (_, cut, effect) => {
    const opened = did(cut, effect);
    const state = did(take(opened, FREEZE, NOW + 2), SUSPEND, { end: 'done' }, NOW + 2);
    expect(next(state, NOW + 2)).toEqual({ do: 'wait', at: NOW + PROVISION_LIMIT });
    const later = tick(state, NOW + PROVISION_LIMIT);
    expect(next(later, NOW + PROVISION_LIMIT)).toEqual({ do: 'effect', effect: SUSPEND });
    const sure = did(later, SUSPEND, { end: 'done' }, NOW + PROVISION_LIMIT);
    expect(next(sure, NOW + PROVISION_LIMIT)).toEqual({ do: 'wait', at: null });
    // Nobody had seen it open: it has been closed since the first time.
    expect(sure.actual.closedAt).toBe(NOW + 2);
  });
});

it('nothing is ever due again at an instant that has been dealt with', () => {
  for (const state of [active({ stated: END }), frozen({ causes: ['expiry'], stated: NOW }), active({ stated: END, rules: { onExpiry: 'tell' } }), frozen({ causes: ['clock'], rules: { onRetention: 'release' } })]) {
    let now = NOW;
    let current = state;
    for (let steps = 0; steps < 9; steps++) {
      const at = nextInstant(current, now);
      if (at === null) break;
      expect(at).toBeGreaterThan(now);
      now = at;
      current = tick(current, now);
      expect(tick(current, now)).toBe(current);
    }
    expect(nextInstant(current, now)).toBeNull();
  }
});
