import { describe, expect, it } from 'vitest';
import { apply, begin } from '../../src/lifecycle/apply.ts';
import { tick } from '../../src/lifecycle/clocks.ts';
import type { Effect } from '../../src/lifecycle/effect.ts';
import { next, overtaken } from '../../src/lifecycle/next.ts';
import { PROVISION_LIMIT } from '../../src/lifecycle/rules.ts';
import type { LifeState } from '../../src/lifecycle/state.ts';
import { active, answered, asking, BIGGER, bought, CHANGE, creating, CUT_OFF, DAY, did, DONE, ERROR, FREEZE, frozen, MINUTE, NO, NOW, ORDER, PLAN, PROVISION, RELEASE, renew, renewChange, RESUME, SUSPEND, take, UNFREEZE, upgrade } from './samples.ts';

const END = NOW + 365 * DAY;
const todo = (state: LifeState, now = NOW): Effect | null => {
  const step = next(state, now);
  return step.do === 'effect' ? step.effect : null;
};
const ends = ({ settled }: LifeState): string[] => settled.map(({ seq, outcome }) => `${seq} ${outcome}`);
const told = (state: LifeState): string[] => Object.keys(state.needsPerson);
/** An upgrade whose order was asked: its change is next. */
const upgrading = (): LifeState => did(take(active(), upgrade()), asking(), answered());

describe('an upgrade', () => {
  it('asks its own order, follows what that says, and is done when the tenant is of that plan', () => {
    const asked = take(active(), upgrade());
    expect(asked.desired.plan).toEqual(PLAN);
    expect(todo(asked)).toEqual(asking());
    const known = did(asked, asking(), answered());
    expect([known.desired.plan, known.actual.plan, ends(known)]).toEqual([BIGGER, PLAN, []]);
    expect(todo(known)).toEqual(CHANGE);
    const done = did(known, CHANGE);
    expect([done.actual.plan, ends(done), todo(done)]).toEqual([BIGGER, ['2 done'], null]);
  });

  it('leaves the paid end alone, whatever its order estimates', () => {
    expect(upgrading().desired).toMatchObject({ expireAt: END, stated: false });
  });

  it('leaves a trial a trial: its order does not say', () => {
    const { desired } = active();
    const trial = { ...active(), desired: { ...desired, plan: { ...PLAN, trial: true } } };
    expect(did(take(trial, upgrade()), asking(), answered()).desired.plan).toEqual({ ...BIGGER, trial: true });
  });

  it('to the plan it has already is done without a change', () => {
    const same = did(take(active(), upgrade()), asking(), answered(PLAN));
    expect([ends(same), todo(same)]).toEqual([['2 done'], null]);
  });

  it('of a frozen instance is carried out while it stays closed', () => {
    const known = did(take(frozen(), upgrade()), asking(), answered());
    expect(todo(known)).toEqual(CHANGE);
    const done = did(known, CHANGE);
    expect([done.actual.tenant, ends(done)]).toEqual(['closed', ['2 done']]);
  });

  it('tells a person of several products and of unknown words in its order', () => {
    const strange = did(take(active(), upgrade()), asking(), { end: 'done', purchase: { plan: BIGGER, expireAt: null, products: 2, unfamiliar: 'order type PRESALE' } });
    expect(told(strange)).toEqual(['several-products', 'unfamiliar-order']);
    expect(todo(strange)).toEqual(CHANGE);
  });
});

describe('several changes', () => {
  const THIRD = { ...BIGGER, quantity: 1 };

  it('are carried out one after the other, each as its own order says', () => {
    const both = take(take(active(), upgrade(2)), upgrade(3));
    const first = did(both, asking(2), answered());
    expect(todo(first)).toEqual(CHANGE);
    const between = did(first, CHANGE);
    expect([ends(between), todo(between)]).toEqual([['2 done'], asking(3)]);
    const second = did(between, asking(3), answered(THIRD));
    expect(todo(second)).toEqual({ kind: 'change', from: BIGGER, plan: THIRD });
    expect(ends(did(second, { ...CHANGE, from: BIGGER, plan: THIRD }))).toEqual(['2 done', '3 done']);
  });

  it('are refused one by one: the refusal of the second is none of the first', () => {
    const first = did(did(take(take(active(), upgrade(2)), upgrade(3)), asking(2), answered()), CHANGE);
    const refused = did(did(first, asking(3), answered(THIRD)), { ...CHANGE, from: BIGGER, plan: THIRD }, NO);
    expect([ends(refused), refused.actual.plan, refused.desired.plan]).toEqual([['2 done', '3 failed'], BIGGER, BIGGER]);
    const otherWay = did(take(upgrading(), upgrade(3)), CHANGE, NO);
    expect([ends(otherWay), todo(otherWay)]).toEqual([['2 failed'], asking(3)]);
  });
});

describe('a change refused for good', () => {
  it('restores the plan, and an upgrade fails with the reason for its caller; no person is needed', () => {
    const refused = did(upgrading(), CHANGE, NO);
    expect([refused.desired.plan, refused.actual.plan, refused.actual.planUnsure, refused.trouble]).toEqual([PLAN, PLAN, false, null]);
    expect(refused.settled).toEqual([{ seq: 2, outcome: 'failed', at: NOW, detail: NO.message }]);
    expect([told(refused), refused.open, todo(refused)]).toEqual([[], [], null]);
  });

  it('of a renewal, which was promised, needs a person; end and thaw stand', () => {
    const state = did(take(frozen({ causes: ['expiry'], stated: NOW }), renewChange(END + DAY)), RESUME);
    const refused = did(did(state, asking(), answered()), CHANGE, NO);
    expect([told(refused), refused.settled.at(-1)]).toEqual([['change-refused'], { seq: 3, outcome: 'failed', at: NOW, detail: NO.message }]);
    expect(refused.needsPerson['change-refused']?.detail).toBe(`${NO.code} ${NO.message}`);
    expect(refused).toMatchObject({ desired: { expireAt: END + DAY, frozen: [], plan: PLAN }, actual: { tenant: 'open' } });
  });

  it('of a product that a renewal named needs a person, too', () => {
    const renewed = take(active(), renew(END + DAY, { productId: 'OFFI2' }));
    const change: Effect = { ...CHANGE, plan: { ...PLAN, productId: 'OFFI2' } };
    expect(todo(renewed)).toEqual(change);
    expect(ends(renewed)).toEqual(['2 done']);
    expect(told(did(renewed, change, NO))).toEqual(['change-refused']);
  });

  it('takes nothing back that a renewal said while it was under way', () => {
    const trial = { ...PLAN, trial: true };
    const target = { ...BIGGER, trial: true };
    const built = active();
    const running = begin({ ...built, desired: { ...built.desired, plan: target }, actual: { ...built.actual, plan: trial } }, { ...CHANGE, from: trial, plan: target }, NOW);
    const formal = take(running, renew(END, { formal: true, productId: 'OFFI2' }));
    const refused = apply(formal, { ...CHANGE, from: trial, plan: target }, NO, NOW);
    expect(refused.desired.plan).toEqual({ ...PLAN, productId: 'OFFI2' });
    expect(todo(refused)).toEqual({ kind: 'change', from: trial, plan: { ...PLAN, productId: 'OFFI2' } });
  });

  it('ends what was told while it only failed', () => {
    const failing = [1, 2, 3].reduce((state) => did(state, CHANGE, ERROR), upgrading());
    expect(told(failing)).toEqual(['effect-failing']);
    expect(told(did(failing, CHANGE, NO))).toEqual([]);
  });

  it('is forgotten by a later change that succeeds', () => {
    const refused = did(did(take(active(), renewChange(END)), asking(), answered()), CHANGE, NO);
    const better = did(did(take(refused, upgrade(3)), asking(3), answered()), CHANGE);
    expect([told(better), ends(better)]).toEqual([[], ['2 failed', '3 done']]);
  });
});

describe('a renewal with change', () => {
  it('renews at once, and the size follows as a change of its own order', () => {
    const state = take(active({ stated: END }), renewChange(END + DAY, 2, 'OFFI2'));
    expect(state.desired).toMatchObject({ expireAt: END + DAY, armed: true, plan: PLAN });
    expect([todo(state), state.open.map(({ kind }) => kind)]).toEqual([asking(), ['renewChange']]);
    const done = did(did(state, asking(), answered()), CHANGE);
    expect([done.actual.plan, done.settled.map(({ outcome }) => outcome)]).toEqual([BIGGER, ['done']]);
  });

  it('opens first what had expired', () => {
    const state = take(frozen({ causes: ['expiry'], stated: NOW }), renewChange(END));
    expect(todo(state)).toEqual(RESUME);
    const open = did(state, RESUME);
    expect([todo(open), open.open.map(({ kind }) => kind)]).toEqual([asking(), ['renewChange']]);
  });

  it('while creating is asked when the instance stands', () => {
    const early = take(creating(), renewChange(END, 2, 'OFFI2'));
    expect(todo(early)).toEqual(ORDER);
    const known = did(early, ORDER, bought(NOW + DAY));
    expect([todo(known), known.desired.expireAt]).toEqual([PROVISION, END]);
    const built = did(known, PROVISION);
    expect([todo(built), ends(built)]).toEqual([asking(), ['1 done']]);
    expect(ends(did(did(built, asking(), answered()), CHANGE))).toEqual(['1 done', '2 done']);
  });
});

describe('a change that was cut off', () => {
  const cut = (): LifeState => did(upgrading(), CHANGE, CUT_OFF);
  const DEADLINE = NOW + PROVISION_LIMIT;

  it('may have happened: it is carried out again, and once more past its deadline', () => {
    expect(cut().actual).toMatchObject({ plan: PLAN, planUnsure: true, changeCutOff: true, cutOffUntil: DEADLINE });
    const again = did(cut(), CHANGE, DONE, NOW + MINUTE);
    expect([again.actual.plan, again.actual.planUnsure, ends(again)]).toEqual([BIGGER, false, ['2 done']]);
    expect(next(again, NOW + MINUTE)).toEqual({ do: 'wait', at: DEADLINE });
    const looked = tick(again, DEADLINE);
    expect(looked.actual).toMatchObject({ planUnsure: true, changeCutOff: false, cutOffUntil: null });
    // Access first, then the plan: either may be what the late attempt changed.
    const sure = did(looked, RESUME, DONE, DEADLINE);
    expect(todo(sure, DEADLINE)).toEqual({ kind: 'change', from: BIGGER, plan: BIGGER });
    expect(todo(did(sure, { ...CHANGE, from: BIGGER }, DONE, DEADLINE), DEADLINE)).toBeNull();
  });

  it('and is refused then: the old plan is made sure of past the deadline', () => {
    const refused = did(cut(), CHANGE, NO, NOW + MINUTE);
    expect(refused.desired.plan).toEqual(PLAN);
    const looked = did(tick(refused, DEADLINE), RESUME, DONE, DEADLINE);
    expect(todo(looked, DEADLINE)).toEqual({ kind: 'change', from: PLAN, plan: PLAN });
  });

  it('or a build that was cut off before the change: either may bring the old plan back', () => {
    const late = did(did(did(creating(), ORDER, bought(END)), PROVISION, CUT_OFF), PROVISION, DONE, NOW + MINUTE);
    const changed = did(did(take(late, upgrade()), asking(), answered()), CHANGE, DONE, NOW + MINUTE);
    const sure = did(tick(changed, DEADLINE), RESUME, DONE, DEADLINE);
    expect(todo(sure, DEADLINE)).toEqual({ kind: 'change', from: BIGGER, plan: BIGGER });
  });

  it('of access alone looks at no plan', () => {
    const access = did(did(take(frozen(), UNFREEZE), RESUME, CUT_OFF), RESUME, DONE, NOW + MINUTE);
    expect(tick(access, DEADLINE).actual).toMatchObject({ unsure: true, planUnsure: false });
  });
});

describe('what overtakes a change', () => {
  it('a freeze of an open tenant: access ends first, then the change goes on', () => {
    const freezing = take(upgrading(), FREEZE);
    expect(overtaken(CHANGE, freezing, NOW)).toBe(true);
    expect(overtaken(asking(), freezing, NOW)).toBe(true);
    const stopped = apply(begin(freezing, CHANGE, NOW), CHANGE, { end: 'cancelled' }, NOW);
    expect(todo(stopped)).toEqual(SUSPEND);
    expect(todo(did(stopped, SUSPEND))).toEqual(CHANGE);
  });

  it('nothing, while the tenant is closed already', () => {
    expect(overtaken(CHANGE, did(take(frozen(), upgrade()), asking(), answered()), NOW)).toBe(false);
    expect(overtaken(asking(), take(frozen(), upgrade()), NOW)).toBe(false);
  });

  it('a release: the change is dropped, and what was told of it', () => {
    const failing = [1, 2, 3].reduce((before) => did(before, asking(), ERROR), take(active(), upgrade()));
    expect(told(failing)).toEqual(['effect-failing']);
    const leaving = take(failing, RELEASE);
    expect([ends(leaving), told(leaving), leaving.trouble, todo(leaving)]).toEqual([['2 superseded'], [], null, SUSPEND]);
    expect(overtaken(CHANGE, take(upgrading(), RELEASE), NOW)).toBe(true);
  });
});

describe('an order that cannot be found out', () => {
  const unreadable = { ...ERROR, code: 'ORDER_UNREADABLE' } as const;

  it.each([
    ['the marketplace refuses to tell of', did(take(active(), upgrade()), asking(), { ...ERROR, code: 'order-refused' })],
    ['that nobody can read three rounds long', [1, 2, 3].reduce((before) => did(before, asking(), unreadable), take(active(), upgrade()))],
  ])('%s fails its command, is told, and lets the next one through', (_, after) => {
    expect([ends(after), told(after), after.desired.orders, after.trouble]).toEqual([['2 failed'], ['change-refused'], [], null]);
    expect(after.settled.at(-1)?.detail).toBe(ERROR.message);
  });

  it('is asked for again as long as it may only be late', () => {
    const twice = [1, 2].reduce((before) => did(before, asking(), unreadable), take(active(), upgrade()));
    expect([twice.desired.orders.length, twice.trouble?.rounds]).toEqual([1, 2]);
    const away = [1, 2, 3, 4, 5].reduce((before) => did(before, asking(), ERROR), take(active(), upgrade()));
    expect(away.desired.orders).toHaveLength(1);
  });
});

describe('the clocks of a product', () => {
  it('change with the tenant, not when its order is asked', () => {
    const rules = { ...active().rules, keep: 7 };
    const known = did(take(active(), upgrade()), asking(), { end: 'done', purchase: { plan: BIGGER, expireAt: null, products: 1 }, rules });
    expect(known.rules).toEqual(active().rules);
    expect(did(known, CHANGE, { end: 'done', rules }).rules).toEqual(rules);
    expect(did(known, CHANGE, NO).rules).toEqual(active().rules);
  });
});
