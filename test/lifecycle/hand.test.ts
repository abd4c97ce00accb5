import { describe, expect, it } from 'vitest';
import { apply, begin } from '../../src/lifecycle/apply.ts';
import type { Instruction } from '../../src/lifecycle/command.ts';
import { HAND, whyNot, type PersonKind } from '../../src/lifecycle/hand.ts';
import { judge } from '../../src/lifecycle/judge.ts';
import { next, overtaken } from '../../src/lifecycle/next.ts';
import { instructionOf, problemOf } from '../../src/lifecycle/person-input.ts';
import { phaseOf } from '../../src/lifecycle/phase.ts';
import type { LifeState } from '../../src/lifecycle/state.ts';
import { active, bought, creating, CUT_OFF, DAY, did, DONE, ERROR, failed, FREEZE, frozen, IN, MINUTE, NO, NOW, ORDER, PROVISION, RELEASE, RELEASE_UNNAMED, released, REMOVE, RESUME, SUSPEND, take, UNFREEZE } from './samples.ts';

const person = { by: 'person' } as const;
const press = (state: LifeState, kind: PersonKind, changes: Partial<Instruction> = {}): LifeState => take(state, { ...instructionOf(kind), ...changes } as Instruction, NOW, person);
const verdict = (state: LifeState, kind: PersonKind): string => {
  const judgement = judge(state, instructionOf(kind), NOW, NOW, 'person');
  return judgement.verdict === 'no' ? judgement.message : judgement.verdict;
};
const outcome = (state: LifeState) => state.settled.at(-1);
const planned = (): LifeState => did(creating({ rules: { onFailing: 'wait' } }), ORDER, bought(NOW + 365 * DAY));
/** Three rounds of building have failed. */
const stuck = (): LifeState => Array.from({ length: 3 }).reduce<LifeState>((state) => did(state, PROVISION, ERROR), planned());

describe('the table of a person’s hand', () => {
  it.each(Object.entries(HAND) as [PersonKind, (typeof HAND)[PersonKind]][])('%s is refused with its reason in every phase that its row does not name, and changes nothing there', (kind, { in: phases, otherwise }) => {
    for (const [phase, make] of Object.entries(IN) as [keyof typeof IN, () => LifeState][]) {
      if (phases.includes(phase)) continue;
      const before = make();
      expect(verdict(before, kind)).toBe(otherwise);
      const after = press(before, kind);
      expect([after.desired, after.actual, after.needsPerson]).toEqual([before.desired, before.actual, before.needsPerson]);
      expect(outcome(after)).toMatchObject({ outcome: 'failed', detail: otherwise });
      expect(after.open).toEqual(before.open);
    }
  });

  it('says that a life has ended, whatever is asked of it', () => {
    const gone = did(take(released(), RELEASE), REMOVE);
    for (const kind of Object.keys(HAND) as PersonKind[]) expect(whyNot(gone, kind)).toBe('its life has ended: nothing of it is left');
  });

  it('knows what was so already', () => {
    expect(verdict(active(), 'unhold')).toBe('done');
    expect(verdict(press(active(), 'hold'), 'hold')).toBe('done');
    expect(verdict(press(active(), 'freeze'), 'freeze')).toBe('done');
    expect(verdict(press(active(), 'release'), 'release')).toBe('done');
    expect(verdict(active(), 'unfreeze')).toBe('done');
  });

  it('leaves a freeze of the marketplace to the marketplace, and takes a person’s share of it back', () => {
    expect(verdict(frozen({ causes: ['violation'] }), 'unfreeze')).toBe('only the marketplace can take back its own freeze');
    expect(verdict(frozen({ causes: ['expiry'] }), 'unfreeze')).toBe('only the marketplace can take back its own freeze');
    expect(press(frozen({ causes: ['person', 'violation'] }), 'unfreeze').desired.frozen).toEqual(['violation']);
    expect(press(frozen({ causes: ['clock'], stated: NOW }), 'unfreeze').desired).toMatchObject({ frozen: [], armed: false });
  });

  it('keeps a person’s freeze when the marketplace unfreezes', () => {
    const both = take(press(active(), 'freeze'), FREEZE);
    expect(take(both, UNFREEZE, NOW + MINUTE).desired.frozen).toEqual(['person']);
  });
});

describe('a building that waits for a person', () => {
  it('is not begun again by itself, by no passing of time, until a command comes', () => {
    const state = stuck();
    expect(state.trouble).toMatchObject({ rounds: 3, nextTryAt: null });
    expect(Object.keys(state.needsPerson)).toEqual(['effect-failing']);
    expect(next({ ...state, announced: { 'effect-failing': NOW } }, NOW + 10 * MINUTE)).toEqual({ do: 'wait', at: NOW + state.rules.createWindow });
    expect(next(press(state, 'retry'), NOW)).toMatchObject({ effect: { kind: 'provision' } });
  });

  it('completed by hand stands, and is opened or closed as it must be', () => {
    const state = press(stuck(), 'complete');
    expect([phaseOf(state), state.trouble, state.needsPerson]).toEqual(['active', null, {}]);
    expect(state.settled.map(({ outcome: how }) => how)).toEqual(['done', 'done']);
    const closed = press(take(stuck(), FREEZE), 'complete');
    // Nobody has said that the tenant is closed: the freeze is carried out before it counts as done.
    expect(next(closed, NOW)).toMatchObject({ effect: { kind: 'suspend' } });
    expect(closed.open.map(({ kind }) => kind)).toEqual(['freeze']);
  });

  it('refused for good can be completed all the same', () => {
    const state = press(failed(), 'complete');
    expect([phaseOf(state), state.actual.refusal]).toEqual(['active', null]);
  });

  it('abandoned fails with the person’s code, and stops what builds', () => {
    const running = begin(stuck(), PROVISION, NOW);
    const state = press(running, 'abandon', { code: '000106', message: 'no such machine' });
    expect(state.actual.refusal).toEqual({ code: '000106', message: 'no such machine', at: NOW });
    expect(overtaken(PROVISION, state, NOW)).toBe(true);
    expect([phaseOf(apply(state, PROVISION, { end: 'cancelled' }, NOW)), state.needsPerson]).toEqual(['failed', {}]);
  });

  it('built before its abandon arrived stays as it is: the command fails and says so', () => {
    const state = press(active(), 'abandon');
    expect([phaseOf(state), state.actual.refusal]).toEqual(['active', null]);
    expect(outcome(state)).toMatchObject({ outcome: 'failed', detail: 'only an order that is still being provisioned can be abandoned' });
  });
});

describe('a completion that overtakes the attempt under way', () => {
  const completed = (): LifeState => press(begin(stuck(), PROVISION, NOW), 'complete');

  it('stops the attempt, for it would put another tenant in the place of the first', () => {
    expect(overtaken(PROVISION, completed(), NOW)).toBe(true);
    expect(overtaken(PROVISION, begin(stuck(), PROVISION, NOW), NOW)).toBe(false);
  });

  it.each([['refused', NO], ['failed', ERROR], ['cancelled', { end: 'cancelled' }], ['done', DONE]] as const)('stands when that attempt is %s', (_, result) => {
    const state = apply(completed(), PROVISION, result, NOW + 1);
    expect([phaseOf(state), state.trouble, state.actual.refusal, state.needsPerson]).toEqual(['active', null, null, {}]);
  });

  it('has access looked at again once an attempt that was cut off can no longer land', () => {
    const state = apply(completed(), PROVISION, CUT_OFF, NOW);
    expect(phaseOf(state)).toBe('active');
    expect(state.actual.cutOffUntil).toBeGreaterThan(NOW);
  });
});

describe('other effects done by hand', () => {
  it('a suspend, a resume and a removal end what kept failing', () => {
    const closed = press(did(take(active(), FREEZE), SUSPEND, ERROR), 'complete');
    expect([phaseOf(closed), closed.trouble, closed.open]).toEqual(['frozen', null, []]);
    const opened = press(did(take(frozen(), UNFREEZE), RESUME, ERROR), 'complete');
    expect([phaseOf(opened), opened.trouble, opened.open]).toEqual(['active', null, []]);
    const gone = press(did(released({ rules: { keep: 0 } }), REMOVE, ERROR), 'complete');
    expect(gone.actual.tenant).toBe('removed');
  });

  it('nothing, when nothing is failing', () => {
    expect(verdict(active(), 'complete')).toBe('nothing is failing that could be done by hand (an order query cannot)');
    expect(outcome(press(active(), 'complete'))).toMatchObject({ outcome: 'failed' });
  });
});

describe('a release', () => {
  it('is taken back while the data are there; afterwards the command fails and says so', () => {
    const back = press(released(), 'cancelRelease');
    expect([back.desired.released, next(back, NOW)]).toMatchObject([null, { effect: { kind: 'resume' } }]);
    const leaving = press(begin(released(), REMOVE, NOW), 'cancelRelease');
    expect(leaving.desired.released).not.toBeNull();
    expect(outcome(leaving)).toMatchObject({ outcome: 'failed', detail: 'the data have been removed already' });
  });

  it('held removes nothing, however late, and removes what is due once it is not held any more', () => {
    const held = press(press(active(), 'release'), 'hold');
    const closed = did(held, SUSPEND);
    const due = NOW + closed.rules.keep;
    const quiet = { ...closed, announced: Object.fromEntries(Object.entries(closed.needsPerson).map(([reason, { since }]) => [reason, since])) };
    expect(next(quiet, due + 365 * DAY)).toMatchObject({ do: 'wait' });
    expect(next(press(quiet, 'unhold'), due)).toMatchObject({ effect: { kind: 'remove' } });
  });

  it('whose removal has begun cannot be held any more, and says so', () => {
    const leaving = press(begin(released(), REMOVE, NOW), 'hold');
    expect([leaving.desired.held, outcome(leaving)]).toMatchObject([false, { outcome: 'failed', detail: 'the data are being removed already' }]);
  });

  it('of what is paid ahead waits for a person’s second word', () => {
    const waiting = did(take(active({ stated: NOW + 365 * DAY }), RELEASE_UNNAMED), SUSPEND);
    expect(waiting.desired.released?.removeAt).toBeNull();
    const decided = press(waiting, 'release');
    expect([decided.desired.released?.removeAt, decided.needsPerson]).toEqual([NOW + decided.rules.keep, {}]);
  });
});

describe('what a person may add to a command', () => {
  it.each([undefined, null, {}])('%j is fine for every command', (input) => {
    for (const kind of Object.keys(HAND) as PersonKind[]) expect(problemOf(kind, input)).toBeNull();
  });

  it.each([
    ['abandon', { code: '000107', message: 'sold out' }, null],
    ['abandon', { code: '000108' }, 'code must be one of 000100 to 000107'],
    ['abandon', { code: 104 }, 'code must be one of 000100 to 000107'],
    ['abandon', { message: '售罄' }, 'message must be 1 to 200 characters of printable ASCII'],
    ['abandon', { message: '' }, 'message must be 1 to 200 characters of printable ASCII'],
    ['abandon', { message: 'x'.repeat(201) }, 'message must be 1 to 200 characters of printable ASCII'],
    ['abandon', { withoutAccess: true }, 'abandon takes code and message, not withoutAccess'],
    ['complete', { withoutAccess: true }, null],
    ['complete', { withoutAccess: 'yes' }, 'withoutAccess must be true or false'],
    ['complete', { password: 'x' }, 'complete takes withoutAccess, not password'],
    ['retry', { code: '000104' }, 'retry takes no input'],
    ['retry', 'now', 'the input must be an object, or left out'],
    ['retry', ['now'], 'the input must be an object, or left out'],
  ] as const)('%s with %j: %s', (kind, input, problem) => {
    expect(problemOf(kind, input)).toBe(problem);
  });
});
