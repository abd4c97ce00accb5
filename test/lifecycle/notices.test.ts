import { describe, expect, it } from 'vitest';
import type { Effect } from '../../src/lifecycle/effect.ts';
import { tick } from '../../src/lifecycle/clocks.ts';
import { next, overtaken } from '../../src/lifecycle/next.ts';
import { announce, dueNotice, warnAt, type Notice } from '../../src/lifecycle/notices.ts';
import type { LifeState } from '../../src/lifecycle/state.ts';
import { active, bought, creating, CUT_OFF, DAY, did, DONE, ERROR, failed, FREEZE, frozen, HOUR, MINUTE, NO, NOW, ORDER, PROVISION, RELEASE, released, renew, SECOND, shorten, SUSPEND, take } from './samples.ts';
import { simulate } from './simulated-core.ts';

const END = NOW + 30 * DAY;
const WARN = END - 7 * DAY;
const warning = (end = END, estimated = ''): Notice => ({ kind: 'expiry-warning', instant: end, detail: `the paid time ends at ${new Date(end).toISOString()}${estimated}` });
const telling = (notice: Notice): Effect => ({ kind: 'notify', notice });
const told = (state: LifeState, now: number): LifeState => {
  const step = next(state, now);
  if (step.do !== 'effect' || step.effect.kind !== 'notify') throw new Error('there is nothing to tell');
  return did(state, step.effect, DONE, now);
};

describe('the warning before the end', () => {
  it('comes seven days before it, not a millisecond earlier, and once', () => {
    const state = active({ stated: END });
    expect(next(state, NOW)).toEqual({ do: 'wait', at: WARN });
    expect(next(state, WARN - 1)).toEqual({ do: 'wait', at: WARN });
    expect(next(state, WARN)).toEqual({ do: 'effect', effect: telling(warning()) });
    const warned = told(state, WARN);
    expect(next(warned, WARN)).toEqual({ do: 'wait', at: END + 8 * DAY });
    expect(dueNotice(warned, END - 1)).toBeNull();
  });

  it('says of an end that only the order query knows that it is an estimate', () => {
    expect(dueNotice(active({ expireAt: END }), WARN)).toEqual(warning(END, ' (estimated)'));
    expect(dueNotice(active({ stated: END }), WARN)).toEqual(warning());
  });

  it('comes as long before it as the product says', () => {
    expect(warnAt(active({ stated: END, rules: { warn: HOUR } }))).toBe(END - HOUR);
  });

  it('comes again for the end of a renewal, and not again for the same one', () => {
    const renewed = take(told(active({ stated: END }), WARN), renew(END + 30 * DAY), WARN + 1);
    expect(warnAt(renewed)).toBe(WARN + 30 * DAY);
    expect(dueNotice(renewed, WARN + 30 * DAY)?.instant).toBe(END + 30 * DAY);
    expect(warnAt(take(told(active({ stated: END }), WARN), renew(END), WARN + 1))).toBeNull();
  });

  it('comes for an end that was moved back, and for none that has passed', () => {
    expect(dueNotice(take(active({ stated: END }), shorten(NOW + DAY)), NOW)?.instant).toBe(NOW + DAY);
    expect(dueNotice(take(active({ stated: END }), shorten(NOW - 1)), NOW)).toBeNull();
    expect(dueNotice(active({ stated: END }), END)).toBeNull();
  });

  it.each([
    ['without an end', active({ expireAt: null })],
    ['while it is being made', did(creating(), ORDER, bought(END))],
    ['of a refused order', failed()],
    ['of a released instance', take(active({ stated: END }), RELEASE)],
  ])('never comes %s', (_, state) => {
    expect(warnAt(state)).toBeNull();
  });

  it('comes for a frozen instance: it can still be renewed', () => {
    expect(dueNotice({ ...frozen({ stated: END }), needsPerson: {} }, WARN)).toEqual(warning());
  });
});

describe('a reason why a person is needed', () => {
  const stuck = (): LifeState => take(active({ stated: END }), FREEZE);

  it('is told once, after what has to be done', () => {
    expect(next(stuck(), NOW)).toEqual({ do: 'effect', effect: { kind: 'suspend', plan: expect.anything() } });
    const closed = did(stuck(), SUSPEND);
    const { detail } = closed.needsPerson['violation-freeze']!;
    expect(next(closed, NOW)).toEqual({ do: 'effect', effect: telling({ kind: 'violation-freeze', instant: NOW, detail }) });
    expect(dueNotice(told(closed, NOW), NOW)).toBeNull();
  });

  it('that ended and came again is told again', () => {
    const first = announce(failed(), { kind: 'provision-refused', instant: NOW, detail: '' });
    expect(dueNotice(first, NOW)).toBeNull();
    const again = did(take(first, { kind: 'retry' }, NOW + HOUR, { by: 'person' }), PROVISION, NO, NOW + HOUR);
    expect(dueNotice(again, NOW + HOUR)).toMatchObject({ kind: 'provision-refused', instant: NOW + HOUR });
  });

  it('is told while what fails waits for its next try', () => {
    const failing = [1, 2, 3].reduce((state) => did(state, PROVISION, ERROR), did(creating(), ORDER, bought(END)));
    expect(next(failing, NOW)).toMatchObject({ effect: { kind: 'notify', notice: { kind: 'effect-failing' } } });
    expect(next(failing, NOW + DAY)).toMatchObject({ effect: { kind: 'provision' } });
  });

  it('that came with the very end is told before the life closes, and a channel that fails keeps no life open', () => {
    const gone = { ...did(released(), { kind: 'remove', plan: released().actual.plan! }), needsPerson: { 'release-while-paid': { since: NOW, detail: 'too late' } } };
    expect(next(gone, NOW)).toEqual({ do: 'effect', effect: telling({ kind: 'release-while-paid', instant: NOW, detail: 'too late' }) });
    expect(next(told(gone, NOW), NOW)).toEqual({ do: 'close' });
    expect(next(did(gone, telling({ kind: 'release-while-paid', instant: NOW, detail: 'too late' }), ERROR), NOW)).toEqual({ do: 'close' });
  });
});

describe('a notice that is not heard', () => {
  const NOTICE = telling(warning());
  const unheard = (): LifeState => did(active({ stated: END }), NOTICE, ERROR, WARN);

  it('is tried again after 30 seconds, doubling to ten minutes, and nobody is needed for that', () => {
    let state = active({ stated: END });
    const waits: number[] = [];
    for (let round = 0; round < 7; round++) {
      state = did(state, NOTICE, ERROR, WARN);
      waits.push((state.untold!.nextTryAt - WARN) / SECOND);
    }
    expect(waits).toEqual([30, 60, 120, 240, 480, 600, 600]);
    expect([state.needsPerson, state.trouble]).toEqual([{}, null]);
    expect(told(state, WARN + HOUR)).toMatchObject({ untold: null, announced: { 'expiry-warning': END } });
  });

  it.each([ERROR, CUT_OFF, NO])('waits for its next try after %o', (result) => {
    const state = did(active({ stated: END }), NOTICE, result, WARN);
    expect(next(state, WARN)).toEqual({ do: 'wait', at: WARN + 30 * SECOND });
    expect(next(state, WARN + 30 * SECOND)).toEqual({ do: 'effect', effect: NOTICE });
  });

  it('holds up nothing, and stops for what is to be done', () => {
    const freezing = take(unheard(), FREEZE, WARN);
    expect(next(freezing, WARN)).toMatchObject({ effect: { kind: 'suspend' } });
    expect([overtaken(NOTICE, unheard(), WARN), overtaken(NOTICE, freezing, WARN)]).toEqual([false, true]);
    expect(did(unheard(), NOTICE, { end: 'cancelled' }, WARN).untold).toEqual({ rounds: 1, nextTryAt: WARN + 30 * SECOND });
  });

  it('is tried at once when a person says so', () => {
    expect(next(take(unheard(), { kind: 'retry' }, WARN + 1, { by: 'person' }), WARN + 1)).toEqual({ do: 'effect', effect: NOTICE });
  });

  it('that has passed meanwhile is not told any more', () => {
    expect(dueNotice(unheard(), END)).toBeNull();
    expect(next(unheard(), END)).toEqual({ do: 'wait', at: END + 8 * DAY });
  });
});

describe('over a life', () => {
  it('a person hears of each end once, through every restart of the run', async () => {
    const life = simulate({ purchase: { expireAt: null }, continueAfter: 2 });
    life.call({ kind: 'create', orderId: 'CS1', orderLineId: 'CS1-000001' });
    await life.clock.runTo(NOW + MINUTE);
    life.call(renew(END));
    await life.clock.runTo(WARN + DAY);
    life.call(renew(END + 30 * DAY));
    await life.clock.runTo(END + 60 * DAY);
    expect(life.tenant.told.map(({ at, notice }) => [notice.kind, at])).toEqual([
      ['expiry-warning', WARN],
      ['expiry-warning', WARN + 30 * DAY],
      ['clock-freeze', END + 38 * DAY + SECOND],
      ['retention-over', END + 53 * DAY + SECOND],
    ]);
    expect(life.runs.length).toBeGreaterThan(1);
  });

  it('our own clock tells at its instant although it has nothing else to wait for', () => {
    const over = tick(active({ stated: END, rules: { onExpiry: 'tell' } }), END + 8 * DAY);
    expect(next(over, END + 8 * DAY)).toMatchObject({ effect: { kind: 'notify', notice: { kind: 'expiry-passed', instant: END + 8 * DAY } } });
  });
});
