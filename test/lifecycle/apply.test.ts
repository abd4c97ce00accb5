import { describe, expect, it } from 'vitest';
import { apply, begin } from '../../src/lifecycle/apply.ts';
import { PERSON_CODES, type Effect } from '../../src/lifecycle/effect.ts';
import { next } from '../../src/lifecycle/next.ts';
import { phaseOf } from '../../src/lifecycle/phase.ts';
import { PROVISION_LIMIT } from '../../src/lifecycle/rules.ts';
import type { LifeState } from '../../src/lifecycle/state.ts';
import { active, bought, creating, CUT_OFF, DAY, DONE, did, ERROR, frozen, MINUTE, NO, NOW, ORDER, PLAN, PROVISION, RELEASE, released, REMOVE, RESUME, SUSPEND, take, UNFREEZE, FREEZE, heard } from './samples.ts';

const known = (): LifeState => did(creating(), ORDER, bought(NOW + DAY));
const DEADLINE = NOW + PROVISION_LIMIT;

describe('an effect that is done', () => {
  it.each<[string, LifeState, Effect, object]>([
    ['provision: open', known(), PROVISION, { actual: { tenant: 'open', plan: PLAN, closedAt: null, lookAgainAt: null } }],
    ['provision overtaken by a freeze: closed', known(), { ...PROVISION, suspended: true }, { actual: { tenant: 'closed', closedAt: NOW } }],
    ['suspend: closed since now', active(), SUSPEND, { actual: { tenant: 'closed', closedAt: NOW, unsure: false } }],
    ['resume: open', take(frozen(), UNFREEZE), RESUME, { actual: { tenant: 'open', closedAt: null, unsure: false } }],
    ['remove: gone for good', released(), REMOVE, { actual: { tenant: 'removed' } }],
  ])('%s', (_, state, effect, then) => {
    expect(did(state, effect)).toMatchObject(then);
  });

  it('order: the plan and the end are known', () => {
    expect(did(creating(), ORDER, bought(NOW + DAY)).desired).toMatchObject({ plan: PLAN, expireAt: NOW + DAY, stated: false });
  });

  it('ends its trouble and what was told of it', () => {
    const troubled = [1, 2, 3].reduce((state) => did(state, PROVISION, ERROR), known());
    expect(Object.keys(troubled.needsPerson)).toEqual(['effect-failing']);
    expect(did(troubled, PROVISION)).toMatchObject({ trouble: null, needsPerson: {} });
  });

  it('tells a person of an order line with several products', () => {
    expect(did(creating(), ORDER, bought(null, 2)).needsPerson['several-products']?.detail).toContain('2 products');
    expect(did(creating(), ORDER, bought(null, 1)).needsPerson).toEqual({});
  });

  it('pins the rules of the product that the order names', () => {
    const rules = { ...creating().rules, keep: 7 };
    const state = did(creating(), ORDER, { end: 'done', purchase: { plan: PLAN, expireAt: null, products: 1 }, rules });
    expect(state.rules).toEqual(rules);
  });
});

describe('the phase', () => {
  it('changes when the effect has happened, not when it begins', () => {
    expect(phaseOf(begin(known(), PROVISION, NOW))).toBe('creating');
    expect(phaseOf(begin(take(active(), FREEZE), SUSPEND, NOW))).toBe('active');
    expect(phaseOf(begin(take(frozen(), UNFREEZE), RESUME, NOW))).toBe('frozen');
    expect(phaseOf(take(active(), RELEASE))).toBe('active');
    expect(phaseOf(did(take(active(), RELEASE), SUSPEND))).toBe('released');
  });
});

describe('a refusal', () => {
  it('for good fails the order with its code; nothing is tried again', () => {
    const state = did(known(), PROVISION, NO);
    expect(state.actual.refusal).toEqual({ code: NO.code, message: NO.message, at: NOW });
    expect([phaseOf(state), state.settled.at(-1)?.outcome]).toEqual(['failed', 'failed']);
    expect(next(heard(state), NOW + 999 * DAY)).toEqual({ do: 'wait', at: null });
    expect(next(state, NOW)).toMatchObject({ effect: { kind: 'notify', notice: { kind: 'provision-refused' } } });
  });

  it.each([
    ['suspend', take(active(), FREEZE), SUSPEND],
    ['resume', take(frozen(), UNFREEZE), RESUME],
    ['remove', take(frozen(), RELEASE), REMOVE],
  ] as const)('of a %s is a failure like any other: what we owe stays owed', (kind, state, effect) => {
    const refused = did(state, effect, NO);
    expect(refused).toMatchObject({ actual: { refusal: null }, trouble: { effect: kind, rounds: 1, nextTryAt: NOW + 30_000 } });
  });
});

describe('a failure', () => {
  it('backs off from 30 seconds, doubling to 10 minutes, and a person is told after three rounds', () => {
    let state = known();
    const waits: number[] = [];
    const toldAfter: boolean[] = [];
    for (let round = 0; round < 8; round++) {
      state = did(state, PROVISION, ERROR);
      waits.push((state.trouble!.nextTryAt! - NOW) / 1000);
      toldAfter.push('effect-failing' in state.needsPerson);
    }
    expect(waits).toEqual([30, 60, 120, 240, 480, 600, 600, 600]);
    expect(toldAfter).toEqual([false, false, true, true, true, true, true, true]);
    expect(state.trouble).toMatchObject({ rounds: 8, since: NOW, code: ERROR.code, message: ERROR.message });
  });

  it('of another kind of effect starts its own count', () => {
    const state = did(did(take(active(), FREEZE), SUSPEND, ERROR), SUSPEND, ERROR);
    expect(did(take(state, UNFREEZE, NOW + 1), RESUME, ERROR, NOW + 9).trouble).toMatchObject({ effect: 'resume', rounds: 1, since: NOW + 9 });
  });

  it.each(Object.entries(PERSON_CODES))('%s waits for a person (%s) at the longest pace from the first round', (code, reason) => {
    const state = did(creating(), ORDER, { ...ERROR, code });
    expect(Object.keys(state.needsPerson)).toEqual([reason]);
    expect(state.trouble?.nextTryAt).toBe(NOW + 10 * MINUTE);
  });
});

describe('a tenant that somebody else removed', () => {
  const MISSING = { end: 'failed', code: 'tenant-missing', message: 'no tenant', cutOff: false } as const;

  it('counts as closed when it is to be suspended, and a person is told', () => {
    const after = did(take(active(), FREEZE), SUSPEND, MISSING);
    expect(after.actual.tenant).toBe('closed');
    expect(after.trouble).toBeNull();
    expect(after.needsPerson['tenant-missing']).toBeDefined();
    expect(after.settled.at(-1)).toMatchObject({ outcome: 'done' });
  });

  it('does not hold up its release', () => {
    const after = did(take(active(), RELEASE), SUSPEND, MISSING);
    const { removeAt } = after.desired.released ?? {};
    expect(next(after, removeAt ?? NOW)).toMatchObject({ do: 'effect', effect: { kind: 'remove' } });
    const gone = did(after, REMOVE, DONE, removeAt ?? NOW);
    expect(gone.actual.tenant).toBe('removed');
    expect(gone.needsPerson['tenant-missing']).toBeUndefined();
  });

  it('is tried again, and told, when it is to be opened', () => {
    const after = did(take(frozen(), UNFREEZE), RESUME, MISSING);
    expect(after.actual.tenant).toBe('closed');
    expect(after.trouble).toMatchObject({ effect: 'resume', code: 'tenant-missing', nextTryAt: NOW + 10 * MINUTE });
    expect(after.needsPerson['tenant-missing']).toBeDefined();
  });
});

describe('what may have happened all the same', () => {
  it('a provisioning under way may land until its limit; once it ended cleanly it may not', () => {
    expect(begin(known(), PROVISION, NOW).actual).toMatchObject({ tenant: 'maybe', lookAgainAt: DEADLINE });
    for (const clean of [ERROR, NO, DONE, { end: 'cancelled' } as const]) expect(did(known(), PROVISION, clean).actual.lookAgainAt).toBeNull();
    expect(did(known(), PROVISION, { end: 'cancelled' }).actual.tenant).toBe('maybe');
  });

  it('one that was cut off may land until its deadline, whatever later rounds do', () => {
    const cut = did(known(), PROVISION, CUT_OFF);
    expect(cut.actual.lookAgainAt).toBe(DEADLINE);
    for (const clean of [ERROR, NO, DONE, { end: 'cancelled' } as const]) expect(did(cut, PROVISION, clean, NOW + MINUTE).actual.lookAgainAt).toBe(DEADLINE);
    expect(did(cut, PROVISION, CUT_OFF, NOW + MINUTE).actual.lookAgainAt).toBe(DEADLINE + MINUTE);
  });

  it('a removal before that deadline looks again past it, and only then is the tenant gone', () => {
    const leaving = did(take(did(known(), PROVISION, CUT_OFF), RELEASE), REMOVE, DONE, DEADLINE - 1);
    expect(leaving.actual).toMatchObject({ tenant: 'leaving', lookAgainAt: DEADLINE });
    expect(leaving.open).toEqual([]);
    expect(next(leaving, DEADLINE - 1)).toEqual({ do: 'wait', at: DEADLINE });
    expect(next(leaving, DEADLINE)).toEqual({ do: 'effect', effect: REMOVE });
    expect(did(leaving, REMOVE, DONE, DEADLINE).actual).toMatchObject({ tenant: 'removed', lookAgainAt: null });
  });

  it.each([ERROR, CUT_OFF, { end: 'cancelled' } as const])('a resume that ended with %o may have opened: a freeze suspends although it counts as closed', (result) => {
    const state = did(take(frozen(), UNFREEZE, NOW + 1), RESUME, result);
    const refrozen = take(state, FREEZE, NOW + 2);
    expect(next(refrozen, NOW + 2)).toEqual({ do: 'effect', effect: SUSPEND });
    expect(refrozen.open.map(({ kind }) => kind)).toEqual(['freeze']);
    expect(did(refrozen, SUSPEND)).toMatchObject({ actual: { tenant: 'closed', unsure: false }, open: [] });
    // A release ends access first, too.
    expect(next(take(state, RELEASE, NOW + 2), NOW + 4 * DAY)).toEqual({ do: 'effect', effect: SUSPEND });
  });

  it('a suspend that failed may have closed: an unfreeze resumes although it counts as open', () => {
    const state = take(did(take(active(), FREEZE), SUSPEND, CUT_OFF), UNFREEZE, NOW + 1);
    expect(state.open.map(({ kind }) => kind)).toEqual(['unfreeze']);
    expect(next(state, NOW + 1)).toEqual({ do: 'effect', effect: RESUME });
    expect(did(state, RESUME)).toMatchObject({ actual: { tenant: 'open', unsure: false }, open: [] });
  });

  it('a removal that has begun is not taken back', () => {
    const state = begin(released(), REMOVE, NOW + 3 * DAY);
    expect(state.actual.tenant).toBe('leaving');
    expect(next(apply(state, REMOVE, ERROR, NOW + 3 * DAY), NOW + 4 * DAY)).toEqual({ do: 'effect', effect: REMOVE });
  });
});
