import { describe, expect, it } from 'vitest';
import { begin } from '../../src/lifecycle/apply.ts';
import type { Effect } from '../../src/lifecycle/effect.ts';
import { next, overtaken } from '../../src/lifecycle/next.ts';
import type { LifeState } from '../../src/lifecycle/state.ts';
import { active, bought, creating, CUT_OFF, DAY, did, ERROR, failed, FREEZE, frozen, heard, NOW, ORDER, PLAN, PROVISION, RELEASE, RELEASE_UNNAMED, released, REMOVE, RESUME, renew, SUSPEND, take, UNFREEZE } from './samples.ts';

const END = NOW + 365 * DAY;
const known = (): LifeState => did(creating(), ORDER, bought(END));

describe('the one thing to do now', () => {
  it.each<[string, LifeState, number, Effect | null]>([
    ['asks what was bought first', creating(), NOW, ORDER],
    ['builds what was bought', known(), NOW, PROVISION],
    ['builds it closed when a freeze came before', take(known(), FREEZE), NOW, { ...PROVISION, suspended: true }],
    ['tries again after a failed attempt', did(known(), PROVISION, ERROR), NOW + DAY, PROVISION],
    ['builds anew for a new attempt at a refused create', take(failed(), { kind: 'create', orderId: 'CS1', orderLineId: 'CS1-000001' }), NOW, PROVISION],
    ['ends access for a freeze', take(active(), FREEZE), NOW, SUSPEND],
    ['opens after an unfreeze', take(frozen(), UNFREEZE), NOW, RESUME],
    ['opens after a renewal of an expired one', take(frozen({ causes: ['expiry'], stated: NOW }), renew(END)), NOW, RESUME],
    ['stays closed while one cause is left', take(frozen({ causes: ['expiry', 'person'] }), UNFREEZE), NOW, null],
    ['ends access first for a release', take(active(), RELEASE), NOW + 99 * DAY, SUSPEND],
    ['keeps the data for a while', released(), NOW + 3 * DAY - 1, null],
    ['then removes them', released(), NOW + 3 * DAY, REMOVE],
    ['removes what was never finished at once', take(did(known(), PROVISION, ERROR), RELEASE), NOW, REMOVE],
    ['cleans up a refused one', take(failed(), RELEASE), NOW, REMOVE],
    ['never removes what waits for a person', heard(did(take(active({ stated: END }), RELEASE_UNNAMED), SUSPEND)), NOW + 9999 * DAY, null],
    ['opens nothing that is released', take(frozen(), RELEASE), NOW, null],
    ['has nothing to do for a working one', active(), NOW, null],
  ])('%s', (_, state, now, effect) => {
    const step = next(state, now);
    expect(step.do === 'effect' ? step.effect : null).toEqual(effect);
  });

  it('is nothing at all once the tenant is gone', () => {
    expect(next(did(released(), REMOVE), NOW)).toEqual({ do: 'close' });
    expect(next(take(creating(), RELEASE), NOW)).toEqual({ do: 'close' });
  });

  it('is removed with the plan it was built with', () => {
    const state = take(active(), renew(END, { productId: 'OFFI2', formal: true }));
    expect(next(take(state, RELEASE), NOW)).toEqual({ do: 'effect', effect: SUSPEND });
    expect(state.desired.plan).toEqual({ ...PLAN, productId: 'OFFI2' });
  });

  it('waits for the next try of what fails, or for an earlier clock', () => {
    const failing = heard(did(take(active({ stated: END }), FREEZE), SUSPEND, ERROR));
    expect(next(failing, NOW)).toEqual({ do: 'wait', at: NOW + 30_000 });
    expect(next(failing, NOW + 30_000)).toEqual({ do: 'effect', effect: SUSPEND });
    const soon = heard(did(take(active({ stated: NOW - 8 * DAY + 10_000 }), FREEZE, NOW - 11 * DAY), SUSPEND, ERROR));
    expect(next(soon, NOW)).toEqual({ do: 'wait', at: NOW + 10_000 });
  });

  it('is not held up by the trouble of another effect', () => {
    const failing = did(known(), PROVISION, CUT_OFF);
    expect(next({ ...take(failing, RELEASE), trouble: { ...failing.trouble!, nextTryAt: NOW + DAY } }, NOW)).toEqual({ do: 'effect', effect: REMOVE });
  });
});

describe('what is under way', () => {
  const under = (effect: Effect): LifeState => (effect.kind === 'provision' ? begin(known(), effect, NOW) : active());

  it.each<[Effect, boolean, boolean]>([
    [ORDER, true, true],
    [PROVISION, false, true],
    [RESUME, true, true],
    [SUSPEND, false, false],
    [REMOVE, false, false],
  ])('%o: stopped by a freeze %s, by a release %s', (effect, byFreeze, byRelease) => {
    expect(overtaken(effect, under(effect), NOW)).toBe(false);
    expect(overtaken(effect, take(under(effect), FREEZE), NOW)).toBe(byFreeze);
    expect(overtaken(effect, take(under(effect), RELEASE), NOW)).toBe(byRelease);
  });

  it('on the way to a tenant goes on: it is built closed', () => {
    expect(overtaken(ORDER, take(creating(), FREEZE), NOW)).toBe(false);
    expect(overtaken(PROVISION, take(known(), FREEZE), NOW)).toBe(false);
  });
});
