import { describe, expect, it } from 'vitest';
import { completable } from '../../src/lifecycle/complete.ts';
import type { Effect, EffectResult } from '../../src/lifecycle/effect.ts';
import { next } from '../../src/lifecycle/next.ts';
import type { LifeState } from '../../src/lifecycle/state.ts';
import { active, answered, asking, BIGGER, bought, CHANGE, creating, CUT_OFF, DAY, did, ERROR, failed, FREEZE, frozen, NOW, ORDER, PLAN, PROVISION, RELEASE, released, REMOVE, RESUME, SUSPEND, take, UNFREEZE, upgrade } from './samples.ts';

const failing = (state: LifeState, effect: Effect, result: EffectResult = ERROR): LifeState => [1, 2, 3].reduce((before) => did(before, effect, result), state);
const completed = (state: LifeState, at = NOW): LifeState => take(state, { kind: 'complete' }, at, { by: 'person' });
const known = (): LifeState => did(creating(), ORDER, bought(null));
const upgrading = (): LifeState => did(take(active(), upgrade()), asking(), answered());

describe('what a person has done by hand', () => {
  it.each<[string, LifeState, Effect, object]>([
    ['building', failing(known(), PROVISION), PROVISION, { tenant: 'open', plan: PLAN }],
    ['building, while frozen', failing(take(known(), FREEZE), { ...PROVISION, suspended: true }), PROVISION, { tenant: 'open', plan: PLAN }],
    ['what was refused', failed(), PROVISION, { tenant: 'open', refusal: null }],
    ['ending access', failing(take(active(), FREEZE), SUSPEND), SUSPEND, { tenant: 'closed', unsure: false }],
    ['opening', failing(take(frozen(), UNFREEZE), RESUME), RESUME, { tenant: 'open', unsure: false }],
    ['changing', failing(upgrading(), CHANGE), CHANGE, { plan: BIGGER, planUnsure: false }],
    ['removing', failing(released(), REMOVE), REMOVE, { tenant: 'removed' }],
  ])('%s counts as done: the reason, the trouble and the promise end with it', (_, state, effect, then) => {
    expect(completable(state)).toEqual(effect);
    const after = completed(state);
    expect(after).toMatchObject({ trouble: null, needsPerson: {}, actual: then });
    // Access is ended by ourselves: nobody has said that it was built closed.
    expect(after.open.map(({ kind }) => kind)).toEqual(after.desired.frozen.length > 0 && after.actual.tenant === 'open' ? ['freeze'] : []);
    expect(after.settled.at(-1)).toMatchObject({ outcome: 'done' });
  });

  it.each([
    ['an order query: nobody else knows what was bought', failing(creating(), ORDER)],
    ['the order query of an upgrade', failing(take(active(), upgrade()), asking())],
    ['what does not fail', active()],
    ['what is only waiting to be done', take(active(), FREEZE)],
  ])('is never %s', (_, state) => {
    expect(completable(state)).toBeNull();
    expect(completed(state).actual).toEqual(state.actual);
  });

  it('after the create window is told as built late', () => {
    const late = { ...failing(known(), PROVISION), needsPerson: { 'create-window-over': { since: NOW, detail: '' } } };
    expect(Object.keys(completed(late).needsPerson)).toEqual(['built-late']);
  });

  it('is made sure of when an attempt that was cut off may still land', () => {
    const after = completed(failing(take(active(), FREEZE), SUSPEND, CUT_OFF), NOW + 1);
    expect(next({ ...after, needsPerson: {} }, NOW + 1)).toEqual({ do: 'wait', at: after.actual.cutOffUntil });
    expect(next(take(after, RELEASE, NOW + DAY), NOW + 4 * DAY)).toMatchObject({ effect: { kind: 'remove' } });
  });
});
