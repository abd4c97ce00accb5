import { describe, expect, it } from 'vitest';
import { fold, foldAll } from '../../src/lifecycle/fold.ts';
import type { LifeState } from '../../src/lifecycle/state.ts';
import { active, bought, creating, CREATE, DAY, did, ERROR, failed, FREEZE, frozen, HOUR, MINUTE, NOW, ORDER, PLAN, PROVISION, RELEASE, RELEASE_UNNAMED, released, RESUME, renew, shorten, SUSPEND, take, UNFREEZE } from './samples.ts';

const told = (state: LifeState): string[] => Object.keys(state.needsPerson).toSorted();
const causes = (state: LifeState): readonly string[] => state.desired.frozen;
const END = NOW + 365 * DAY;
const person = { by: 'person' } as const;

describe('a renewal', () => {
  it('never moves the end back', () => {
    expect(take(active({ stated: END }), renew(END - DAY)).desired.expireAt).toBe(END);
    expect(take(active({ stated: END }), renew(END + DAY)).desired.expireAt).toBe(END + DAY);
  });

  it('from trial to formal sets the end as given, and the product', () => {
    const trial = active({ stated: END });
    const { expireAt, plan } = take({ ...trial, desired: { ...trial.desired, plan: { ...PLAN, trial: true } } }, renew(END - DAY, { formal: true, productId: 'OFFI2' })).desired;
    expect(expireAt).toBe(END - DAY);
    expect(plan).toEqual({ ...PLAN, productId: 'OFFI2', trial: false });
  });

  it('thaws expiry and clock if the new end lies ahead of its own instant, not of its arrival', () => {
    const state = frozen({ causes: ['clock', 'expiry', 'person', 'violation'], stated: NOW });
    expect(causes(take(state, renew(NOW + DAY), NOW + DAY - 1, { receivedAt: NOW + 9 * DAY }))).toEqual(['person', 'violation']);
    expect(causes(take(state, renew(NOW + DAY), NOW + DAY))).toEqual(['clock', 'expiry', 'person', 'violation']);
  });

  it('answers what our clock told a person', () => {
    const state = frozen({ causes: ['clock'], stated: NOW });
    const asked = { ...state, needsPerson: { 'clock-freeze': { since: NOW, detail: '' }, 'retention-over': { since: NOW, detail: '' }, 'expiry-passed': { since: NOW, detail: '' } } };
    expect(told(take(asked, renew(END)))).toEqual([]);
  });

  it('in the mailbox before the purchase is known keeps its end: the estimate never replaces a stated one', () => {
    const { desired } = did(take(creating(), renew(END)), ORDER, bought(NOW + 30 * DAY));
    expect(desired).toMatchObject({ expireAt: END, stated: true, plan: PLAN });
    expect(did(creating(), ORDER, bought(NOW + 30 * DAY)).desired).toMatchObject({ expireAt: NOW + 30 * DAY, stated: false });
  });
});

describe('a renewal before the purchase is known', () => {
  const TRIAL = { ...PLAN, trial: true };
  const purchased = (state: LifeState): LifeState => did(state, ORDER, { end: 'done', purchase: { plan: TRIAL, expireAt: null, products: 1 } });

  it('is not forgotten: the tenant is built formal, and of the product it named', () => {
    const { plan, renewedTo } = purchased(take(creating(), renew(END, { formal: true, productId: 'OFFI2' }))).desired;
    expect(plan).toEqual({ ...PLAN, productId: 'OFFI2' });
    expect(renewedTo).toBeNull();
  });

  it('and a later one that names no product keep what the first named', () => {
    const twice = take(take(creating(), renew(END, { formal: true, productId: 'OFFI2' })), renew(END + DAY));
    expect(purchased(twice).desired.plan).toEqual({ ...PLAN, productId: 'OFFI2' });
  });

  it('that says nothing of the plan leaves it as bought', () => {
    expect(purchased(take(creating(), renew(END))).desired.plan).toEqual(TRIAL);
  });
});

describe('an end that cannot be meant', () => {
  const FAR = Date.UTC(2200, 0, 1);

  it.each([
    ['in the past', renew(NOW - DAY, { formal: true }), NOW - DAY],
    ['in 2200', renew(FAR), FAR],
    ['in 2200, of a refund', shorten(FAR), FAR],
  ])('%s is followed, and a person is told which', (_, instruction, end) => {
    const state = take(active({ stated: END }), instruction);
    expect([state.desired.expireAt, told(state)]).toEqual([end, ['odd-expiry']]);
    expect(state.needsPerson['odd-expiry']?.detail).toContain(new Date(end).toISOString());
  });

  it('in the past of an older renewal moves nothing back, and is told all the same', () => {
    const state = take(active({ stated: END }), renew(NOW - DAY));
    expect([state.desired.expireAt, told(state)]).toEqual([END, ['odd-expiry']]);
  });

  it('far away is put right by the next renewal, which ends the reason', () => {
    const state = take(take(active({ stated: END }), renew(FAR)), renew(END + DAY));
    expect([state.desired.expireAt, told(state)]).toEqual([END + DAY, []]);
  });

  it('in the past of a refund is an ordinary one', () => {
    expect(told(take(active({ stated: END }), shorten(NOW - DAY)))).toEqual([]);
  });

  it('in the past thaws nothing', () => {
    expect(causes(take(frozen({ causes: ['expiry'], stated: NOW }), renew(NOW - DAY)))).toEqual(['expiry']);
  });

  it('far away in the order query is told, too', () => {
    const state = did(creating(), ORDER, bought(FAR));
    expect([state.desired.expireAt, told(state)]).toEqual([FAR, ['odd-expiry']]);
  });
});

describe('a shortened end', () => {
  it('never thaws and never freezes, not even in the past, and disarms our clock until the next renewal', () => {
    const early = take(active({ stated: END }), shorten(NOW - DAY));
    expect(early.desired).toMatchObject({ expireAt: NOW - DAY, frozen: [], armed: false });
    expect(take(early, renew(NOW)).desired).toMatchObject({ expireAt: NOW, armed: true });
    expect(causes(take(frozen({ causes: ['expiry'], stated: NOW }), shorten(END)))).toEqual(['expiry']);
  });
});

describe("the marketplace's freeze", () => {
  it('is of the expiry from 48 hours before it by its own instant, else a violation that is told', () => {
    const state = active({ stated: END });
    const late = take(state, FREEZE, END - 48 * HOUR);
    expect([causes(late), told(late)]).toEqual([['expiry'], []]);
    const early = take(state, FREEZE, END - 48 * HOUR - 1, { receivedAt: END });
    expect([causes(early), told(early)]).toEqual([['violation'], ['violation-freeze']]);
  });

  it('without any expiry is a violation, and nothing is told', () => {
    const state = take(active({ expireAt: null }), FREEZE);
    expect([causes(state), told(state)]).toEqual([['violation'], []]);
  });

  it('adds its cause to what is frozen already, and answers what our clock told', () => {
    const state = { ...frozen({ causes: ['clock'], stated: NOW }), needsPerson: { 'clock-freeze': { since: NOW, detail: '' } } };
    expect(causes(take(state, FREEZE))).toEqual(['clock', 'expiry']);
    expect(told(take(state, FREEZE))).toEqual([]);
  });

  it('yields to a newer status call by more than five seconds, and is told', () => {
    const state = take(frozen(), UNFREEZE, NOW + HOUR);
    const old = take(state, FREEZE, NOW + HOUR - 5001);
    expect([causes(old), told(old), old.settled.at(-1)?.outcome]).toEqual([[], ['stale-status'], 'superseded']);
    expect(causes(take(state, FREEZE, NOW + HOUR - 5000))).toEqual(['violation']);
  });
});

describe("the marketplace's unfreeze", () => {
  it('removes expiry, violation and clock, leaves what a person or a quota froze, and disarms our clock', () => {
    const state = take(frozen({ causes: ['clock', 'expiry', 'person', 'quota', 'violation'] }), UNFREEZE);
    expect(state.desired).toMatchObject({ frozen: ['person', 'quota'], armed: false, endedAt: null });
  });

  it('older than the last freeze changes nothing', () => {
    const state = take(active(), FREEZE, NOW + HOUR);
    expect(causes(take(state, UNFREEZE, NOW + HOUR - 5001))).toEqual(['violation']);
    expect(causes(take(state, UNFREEZE, NOW + HOUR - 5000))).toEqual([]);
  });

  it('answers what was told of the violation', () => {
    const state = take(active({ stated: END }), FREEZE);
    expect(told(state)).toEqual(['violation-freeze']);
    expect(told(take(state, UNFREEZE))).toEqual([]);
  });
});

describe('what a person freezes', () => {
  it('only a person thaws, together with what our own clock froze', () => {
    const state = take(frozen({ causes: ['clock', 'expiry'], stated: NOW }), FREEZE, NOW, person);
    expect(causes(state)).toEqual(['clock', 'expiry', 'person']);
    const opened = take(state, UNFREEZE, NOW, person);
    expect(opened.desired).toMatchObject({ frozen: ['expiry'], armed: false, endedAt: NOW });
    expect(take(take(active(), FREEZE, NOW, person), UNFREEZE, NOW, person).desired).toMatchObject({ frozen: [], armed: true });
  });

  it('makes no status call of the marketplace stale', () => {
    const state = take(frozen({ causes: ['expiry'], stated: NOW }), FREEZE, NOW + HOUR, person);
    expect(causes(take(state, UNFREEZE, NOW))).toEqual(['person']);
  });
});

describe('a release', () => {
  const paid = active({ stated: END });

  it('removes after keep when the unsubscription is named, when a person says so, or when nothing stated is paid for', () => {
    for (const state of [take(paid, RELEASE), take(paid, RELEASE_UNNAMED, NOW, person), take(active(), RELEASE_UNNAMED), take(paid, RELEASE_UNNAMED, END)]) {
      expect(state.desired.released?.removeAt).toBe(state.desired.released!.at + 3 * DAY);
      expect(told(state)).toEqual([]);
    }
  });

  it('without an unsubscription while a stated end lies ahead ends access, and removal waits for a person', () => {
    const held = take(paid, RELEASE_UNNAMED, END - 1);
    expect(held.desired.released).toEqual({ at: END - 1, removeAt: null, by: 'marketplace' });
    expect(told(held)).toEqual(['release-while-paid']);
    const ended = take(held, RELEASE, END - 1, person);
    expect(ended.desired.released?.removeAt).toBe(END - 1 + 3 * DAY);
    expect(told(ended)).toEqual([]);
  });

  it('of what was never built is never held, and of what was never begun is over at once', () => {
    const begun = did(did(take(creating(), renew(END)), ORDER, bought(END)), PROVISION, ERROR);
    const stopped = take(begun, RELEASE_UNNAMED);
    expect(stopped.desired.released?.removeAt).toBe(NOW);
    expect(stopped.actual.tenant).toBe('maybe');
    expect(told(stopped)).toEqual([]);
    const never = take(did(creating(), ORDER, { ...ERROR, code: 'order-refused' }), RELEASE_UNNAMED);
    expect(never).toMatchObject({ actual: { tenant: 'removed' }, trouble: null, needsPerson: {}, open: [] });
    expect(take(failed(), RELEASE).desired.released?.removeAt).toBe(NOW);
  });

  it('leaves no person waiting for what it decided', () => {
    const state = { ...frozen({ causes: ['clock'] }), needsPerson: { 'clock-freeze': { since: NOW, detail: '' }, 'retention-over': { since: NOW, detail: '' }, 'stale-status': { since: NOW, detail: '' } } };
    expect(told(take(state, RELEASE))).toEqual(['stale-status']);
  });

  it('by our own clock is taken back by a renewal or unfreeze that the door admitted before it heard of it', () => {
    const state = frozen({ causes: ['clock'], expireAt: NOW });
    const byClock: LifeState = { ...state, desired: { ...state.desired, released: { at: NOW, removeAt: NOW + DAY, by: 'clock' } } };
    for (const instruction of [renew(END), UNFREEZE]) {
      expect(take(byClock, instruction).desired).toMatchObject({ released: null, frozen: [] });
      const late = take({ ...byClock, actual: { ...byClock.actual, tenant: 'leaving' } }, instruction);
      expect([late.settled.at(-1)?.outcome, told(late)]).toEqual(['superseded', ['release-while-paid']]);
    }
    expect(take(released(), renew(END)).desired.released).not.toBeNull();
    expect(take(byClock, FREEZE).desired.released).not.toBeNull();
  });
});

describe('any command', () => {
  it('makes a failing effect worth a new try at once', () => {
    const state = did(did(creating(), ORDER, bought(END)), PROVISION, ERROR);
    expect(state.trouble?.nextTryAt).toBe(NOW + 30_000);
    expect(take(state, FREEZE, NOW, { receivedAt: NOW + 1 }).trouble?.nextTryAt).toBe(NOW + 1);
  });

  it('gives the same state whether taken one by one or all together, and never twice', () => {
    const commands = [CREATE, renew(END), FREEZE, UNFREEZE, RELEASE].map((instruction, index) => ({ seq: index + 1, at: NOW + index * MINUTE, receivedAt: NOW + index * MINUTE, key: null, attempt: 1, by: 'marketplace' as const, instruction }));
    const start = { ...creating(), taken: 0, open: [] };
    const all = foldAll(start, commands);
    expect(all).toEqual(commands.reduce(fold, start));
    expect(foldAll(all, commands)).toEqual(all);
    expect(foldAll(foldAll(start, commands.slice(0, 2)), commands)).toEqual(all);
  });

  it('of a resume that failed is followed even so: a freeze wants the suspend again', () => {
    const state = take(did(take(frozen(), UNFREEZE, NOW + 1), RESUME, ERROR), FREEZE, NOW + 2);
    expect(state.open.map(({ kind }) => kind)).toEqual(['freeze']);
    expect(did(state, SUSPEND).open).toEqual([]);
  });
});
