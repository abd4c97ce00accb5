import { describe, expect, it } from 'vitest';
import type { Instruction } from '../../src/lifecycle/command.ts';
import { apply, begin } from '../../src/lifecycle/apply.ts';
import { tick } from '../../src/lifecycle/clocks.ts';
import { HAND, isPersonKind, whyNot, type PersonKind } from '../../src/lifecycle/hand.ts';
import { judge } from '../../src/lifecycle/judge.ts';
import { next } from '../../src/lifecycle/next.ts';
import { phaseOf, type Phase } from '../../src/lifecycle/phase.ts';
import type { LifeState } from '../../src/lifecycle/state.ts';
import { active, bought, creating, CUT_OFF, DAY, did, ERROR, failed, FREEZE, frozen, heard, IN, NOW, ORDER, PROVISION, RELEASE, RELEASE_UNNAMED, released, REMOVE, renew, SUSPEND, take, UNFREEZE } from './samples.ts';

const person = { by: 'person' } as const;
const says = (state: LifeState, instruction: Instruction, at = NOW): LifeState => take(state, instruction, at, person);
const asks = (state: LifeState, instruction: Instruction, at = NOW) => judge(state, instruction, at, at, 'person');
const told = (state: LifeState): string[] => Object.keys(state.needsPerson);
const ABANDON: Instruction = { kind: 'abandon', code: '000106', message: 'no room left' };
const instructionOf = (kind: PersonKind): Instruction => (kind === 'abandon' ? ABANDON : kind === 'release' ? RELEASE_UNNAMED : { kind });

/** What a person is told in each phase: yes, it is so already, or no. */
const TABLE: Readonly<Record<PersonKind, Readonly<Record<Phase, 'admit' | 'done' | 'no'>>>> = {
  retry: { creating: 'admit', active: 'admit', frozen: 'admit', released: 'admit', failed: 'admit' },
  complete: { creating: 'no', active: 'no', frozen: 'no', released: 'no', failed: 'admit' },
  abandon: { creating: 'admit', active: 'no', frozen: 'no', released: 'no', failed: 'no' },
  hold: { creating: 'admit', active: 'admit', frozen: 'admit', released: 'admit', failed: 'no' },
  unhold: { creating: 'done', active: 'done', frozen: 'done', released: 'done', failed: 'done' },
  freeze: { creating: 'admit', active: 'admit', frozen: 'admit', released: 'no', failed: 'no' },
  // Frozen for a violation here, which is the marketplace's to lift.
  unfreeze: { creating: 'done', active: 'done', frozen: 'no', released: 'no', failed: 'no' },
  release: { creating: 'admit', active: 'admit', frozen: 'admit', released: 'done', failed: 'admit' },
  cancelRelease: { creating: 'no', active: 'no', frozen: 'no', released: 'admit', failed: 'no' },
};
const CELLS = Object.entries(TABLE).flatMap(([kind, row]) => Object.entries(row).map(([phase, verdict]) => [kind as PersonKind, phase as Phase, verdict] as const));

describe("a person's hand", () => {
  it('has a row for every action', () => {
    expect(Object.keys(TABLE).toSorted()).toEqual(Object.keys(HAND).toSorted());
    expect(Object.keys(HAND).every((kind) => isPersonKind(kind as PersonKind))).toBe(true);
    expect(isPersonKind('renew')).toBe(false);
  });

  // "frozen" is frozen by the marketplace here: that is not a person's to take back.
  it.each(CELLS)('%s on %s → %s', (kind, phase, verdict) => {
    const judged = asks(IN[phase](), instructionOf(kind));
    expect(judged.verdict).toBe(verdict);
    if (judged.verdict === 'no') expect(judged.message).toMatch(/^[a-z].{10,}/);
  });

  it.each(Object.keys(HAND) as PersonKind[])('%s does nothing to what is gone for good', (kind) => {
    const gone = did(released(), REMOVE);
    expect(whyNot(gone, kind)).toBe('its life has ended: nothing of it is left');
  });

  it("is not the marketplace's: an action that only a person has is turned away from it", () => {
    for (const kind of ['retry', 'complete', 'hold', 'unhold', 'cancelRelease'] as const) expect(judge(active(), { kind }, NOW, NOW)).toEqual({ verdict: 'no', message: `${kind} is a person's to do` });
    expect(judge(creating(), ABANDON, NOW, NOW).verdict).toBe('no');
  });
});

describe('hold', () => {
  it('keeps the data of a released instance until unhold, which has them removed at once when they are due', () => {
    const held = says(released(), { kind: 'hold' });
    expect(next(heard(held), NOW + 99 * DAY)).toEqual({ do: 'wait', at: null });
    const unheld = says(held, { kind: 'unhold' }, NOW + 99 * DAY);
    expect(next(unheld, NOW + 99 * DAY)).toMatchObject({ effect: { kind: 'remove' } });
    expect(next(says(held, { kind: 'unhold' }, NOW + DAY), NOW + DAY)).toEqual({ do: 'wait', at: NOW + 3 * DAY });
  });

  it('before a release counts as well, and twice is once', () => {
    const held = did(take(says(active(), { kind: 'hold' }), RELEASE), SUSPEND);
    expect(next(heard(held), NOW + 99 * DAY)).toEqual({ do: 'wait', at: null });
    expect(asks(held, { kind: 'hold' })).toEqual({ verdict: 'done' });
  });

  it('blocks nothing but removal', () => {
    expect(next(take(says(active(), { kind: 'hold' }), FREEZE), NOW)).toMatchObject({ effect: { kind: 'suspend' } });
  });
});

describe('cancel-release', () => {
  it('opens again what was released, with its data', () => {
    const back = says(released(), { kind: 'cancelRelease' });
    expect([back.desired.released, next(back, NOW)]).toMatchObject([null, { effect: { kind: 'resume' } }]);
  });

  it('leaves closed what was frozen before', () => {
    const back = says(did(take(frozen(), RELEASE), SUSPEND), { kind: 'cancelRelease' });
    expect([back.desired.frozen, phaseOf(back), back.desired.released]).toEqual([['violation'], 'frozen', null]);
  });

  it('ends what a release while paid had told', () => {
    const state = did(take(active({ stated: NOW + DAY }), RELEASE_UNNAMED), SUSPEND);
    expect([told(state), told(says(state, { kind: 'cancelRelease' }))]).toEqual([['release-while-paid'], []]);
  });
});

it('a release by our own clock that a person takes back does not come again: it is told that retention is over', () => {
  const byClock = tick(frozen({ causes: ['clock'], expireAt: NOW, rules: { onRetention: 'release' } }), NOW + 15 * DAY);
  expect(byClock.desired.released?.by).toBe('clock');
  const back = take(byClock, { kind: 'cancelRelease' }, NOW + 15 * DAY, { by: 'person' });
  expect(tick(back, NOW + 99 * DAY).desired.released).toBeNull();
  expect(Object.keys(back.needsPerson)).toContain('retention-over');
});

it('a freeze by a person answers what was told of a passed end', () => {
  const passed = { ...active(), needsPerson: { 'expiry-passed': { since: NOW, detail: '' } } };
  expect(take(passed, FREEZE, NOW, { by: 'person' }).needsPerson).toEqual({});
});

it('a hold does not put off the second look for what was never built and may still land', () => {
  const leaving = did(take(did(did(creating(), ORDER, bought(null)), PROVISION, CUT_OFF), RELEASE), REMOVE);
  const held = { ...leaving, desired: { ...leaving.desired, held: true } };
  expect([held.actual.tenant, next(held, NOW)]).toEqual(['leaving', { do: 'wait', at: held.actual.lookAgainAt }]);
});

describe('abandon', () => {
  it('tells the marketplace the code, and builds nothing more until the instance is asked for anew', () => {
    const state = says(did(did(creating(), ORDER, bought(null)), PROVISION, ERROR), ABANDON);
    expect([phaseOf(state), state.actual.refusal, state.trouble, told(state)]).toEqual(['failed', { code: '000106', message: 'no room left', at: NOW }, null, []]);
    expect(state.settled.map(({ seq, outcome }) => `${seq} ${outcome}`)).toEqual(['1 failed', '2 done']);
    expect(next(did(state, REMOVE), NOW + 99 * DAY)).toEqual({ do: 'wait', at: null });
    expect(next(says(state, { kind: 'retry' }, NOW + DAY), NOW + DAY)).toMatchObject({ effect: { kind: 'provision' } });
  });

  it('removes what an attempt may have built, for an attempt that failed or was cancelled may have happened', () => {
    const failing = did(did(creating(), ORDER, bought(null)), PROVISION, ERROR);
    const running = says(begin(failing, PROVISION, NOW), ABANDON);
    for (const state of [says(failing, ABANDON), apply(running, PROVISION, { end: 'cancelled' }, NOW)]) {
      expect(next(state, NOW)).toMatchObject({ effect: { kind: 'remove' } });
      expect(did(state, REMOVE).actual).toMatchObject({ tenant: 'none', unsure: false });
    }
  });

  it('looks again for what was cut off and may still land after it was removed', () => {
    const state = did(says(did(did(creating(), ORDER, bought(null)), PROVISION, CUT_OFF), ABANDON), REMOVE);
    const { cutOffUntil } = state.actual;
    expect([state.actual.tenant, next(state, NOW)]).toEqual(['maybe', { do: 'wait', at: cutOffUntil }]);
    const due = tick(state, cutOffUntil ?? 0);
    expect(next(due, cutOffUntil ?? 0)).toMatchObject({ effect: { kind: 'remove' } });
    expect(did(due, REMOVE, { end: 'done' }, cutOffUntil ?? 0).actual.tenant).toBe('none');
  });
});

describe("a person's freeze and unfreeze", () => {
  it('add and take back their own cause, and leave the marketplace its', () => {
    const both = says(frozen({ causes: ['violation'] }), FREEZE);
    expect(both.desired.frozen).toEqual(['person', 'violation']);
    expect(take(both, UNFREEZE, NOW + 1).desired.frozen).toEqual(['person']);
    expect(says(both, UNFREEZE).desired.frozen).toEqual(['violation']);
  });

  it("take back our own clock's freeze, which then stays disarmed until the next renewal", () => {
    const state = says(frozen({ causes: ['clock'], stated: NOW }), UNFREEZE);
    expect(state.desired).toMatchObject({ frozen: [], armed: false });
    expect(take(state, renew(NOW + DAY)).desired.armed).toBe(true);
  });

  it('leave our clock armed when it had not frozen', () => {
    expect(says(frozen({ causes: ['person'], stated: NOW + DAY }), UNFREEZE).desired.armed).toBe(true);
  });
});

it('a retry puts away what was only told, and not what still stands', () => {
  const reasons = { 'several-products': { since: NOW, detail: '' }, 'odd-expiry': { since: NOW, detail: '' }, 'retention-over': { since: NOW, detail: '' }, 'unknown-product': { since: NOW, detail: '' } };
  expect(told(says({ ...failed(), needsPerson: reasons }, { kind: 'retry' }))).toEqual(['retention-over', 'unknown-product']);
});
