import { describe, expect, it } from 'vitest';
import { settle } from '../../src/lifecycle/settle.ts';
import type { LifeState } from '../../src/lifecycle/state.ts';
import { active, answered, asking, bought, CHANGE, creating, CUT_OFF, DAY, did, ERROR, failed, FREEZE, frozen, NO, NOW, ORDER, PLAN, PROVISION, RELEASE, REMOVE, RESUME, renew, renewChange, shorten, SUSPEND, take, UNFREEZE, upgrade } from './samples.ts';

const END = NOW + 365 * DAY;
const known = (): LifeState => did(creating(), ORDER, bought(END));
const outcomes = ({ open, settled }: LifeState): string[] => [...open.map(({ seq }) => `${seq} open`), ...settled.map(({ seq, outcome }) => `${seq} ${outcome}`)].toSorted();
const trying = (): LifeState => did(known(), PROVISION, CUT_OFF);

describe('a command is settled when its promise is kept, or can be kept no longer', () => {
  it.each<[string, LifeState, string[]]>([
    ['create: open while being made', trying(), ['1 open']],
    ['create: done when built', did(known(), PROVISION), ['1 done']],
    ['create: failed when refused', did(known(), PROVISION, NO), ['1 failed']],
    ['create: superseded by a release', take(trying(), RELEASE), ['1 superseded', '2 open']],
    ['create: a new attempt after a refusal is its own', did(take(failed(), { kind: 'create', orderId: '', orderLineId: '' }), PROVISION), ['2 done']],
    ['renew of an active one: at once', take(active(), renew(END)), ['2 done']],
    ['renew while being made: at once, for the end is known', take(trying(), renew(END)), ['1 open', '2 done']],
    ['renew of an expired one: open until access is back', take(frozen({ causes: ['expiry'] }), renew(END)), ['2 open']],
    ['renew of an expired one: done when access is back', did(take(frozen({ causes: ['expiry'] }), renew(END)), RESUME), ['2 done']],
    ['renew under a violation: done although it stays closed', take(frozen(), renew(END)), ['2 done']],
    ['renew overtaken by a freeze: done', take(take(frozen({ causes: ['expiry'] }), renew(END)), FREEZE), ['2 done', '3 done']],
    ['renew overtaken by a release: superseded', take(take(frozen({ causes: ['expiry'] }), renew(END)), RELEASE), ['2 superseded', '3 done']],
    ['shorten: at once', take(active(), shorten(NOW)), ['2 done']],
    ['freeze: open until access has ended', take(active(), FREEZE), ['2 open']],
    ['freeze: open while the suspend fails', did(take(active(), FREEZE), SUSPEND, ERROR), ['2 open']],
    ['freeze: done when access has ended', did(take(active(), FREEZE), SUSPEND), ['2 done']],
    ['freeze of a closed one: at once', take(frozen({ causes: ['person'] }), FREEZE), ['2 done']],
    ['freeze overtaken by an unfreeze: superseded', take(take(active(), FREEZE), UNFREEZE), ['2 superseded', '3 done']],
    ['freeze while being made: done when built closed', did(take(known(), FREEZE), { ...PROVISION, suspended: true }), ['1 done', '2 done']],
    ['freeze of what is then refused: done, for nobody gets in', did(take(known(), FREEZE), PROVISION, NO), ['1 failed', '2 done']],
    ['unfreeze: open until access is back', take(frozen(), UNFREEZE), ['2 open']],
    ['unfreeze: done when access is back', did(take(frozen(), UNFREEZE), RESUME), ['2 done']],
    ['unfreeze: done when another cause keeps it closed', take(frozen({ causes: ['person', 'violation'] }), UNFREEZE), ['2 done']],
    ['change: open until the tenant is of its plan', did(take(active(), upgrade()), asking(), answered()), ['2 open']],
    ['change: done when it is', did(did(take(active(), upgrade()), asking(), answered()), CHANGE), ['2 done']],
    ['change: open while it may or may not have happened', did(did(take(active(), upgrade()), asking(), answered()), CHANGE, CUT_OFF), ['2 open']],
    ['change overtaken by a freeze: open', take(take(active(), upgrade()), FREEZE), ['2 open', '3 open']],
    ['change overtaken by a release: superseded', take(take(active(), upgrade()), RELEASE), ['2 superseded', '3 open']],
    ['renewal with change of an expired one: open until access is back, too', did(take(frozen({ causes: ['expiry'] }), renewChange(END)), asking(), answered(PLAN)), ['2 open']],
    ['renewal with change: done when open and changed', did(did(take(frozen({ causes: ['expiry'] }), renewChange(END)), RESUME), asking(), answered(PLAN)), ['2 done']],
    ['renewal with change of what is then refused: failed', did(take(known(), renewChange(END)), PROVISION, NO), ['1 failed', '2 failed']],
    ['release: open until access has ended', take(active(), RELEASE), ['2 open']],
    ['release: done when access has ended, though the data are kept', did(take(active(), RELEASE), SUSPEND), ['2 done']],
    ['release taken back by a person before access had ended: superseded', take(take(active(), RELEASE), { kind: 'cancelRelease' }, NOW, { by: 'person' }), ['2 superseded', '3 done']],
    ['release of a closed one: at once', take(frozen(), RELEASE), ['2 done']],
    ['release of what may be half built: open until it is cleaned up', take(trying(), RELEASE), ['1 superseded', '2 open']],
    ['release of what may be half built: done when cleaned up', did(take(trying(), RELEASE), REMOVE), ['1 superseded', '2 done']],
    ['release of what was never begun: at once', take(creating(), RELEASE), ['1 superseded', '2 done']],
  ])('%s', (_, state, expected) => {
    expect(outcomes(state)).toEqual(expected);
  });

  it('with the instant it happened, once', () => {
    const state = did(take(active(), FREEZE), SUSPEND, { end: 'done' }, NOW + 5);
    expect(state.settled).toEqual([{ seq: 2, outcome: 'done', at: NOW + 5 }]);
    expect(settle(state, NOW + 9)).toBe(state);
  });
});
