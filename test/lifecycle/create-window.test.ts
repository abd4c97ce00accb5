import { describe, expect, it } from 'vitest';
import { instantsOf, tick } from '../../src/lifecycle/clocks.ts';
import { judge } from '../../src/lifecycle/judge.ts';
import { next } from '../../src/lifecycle/next.ts';
import { phaseOf } from '../../src/lifecycle/phase.ts';
import type { LifeState } from '../../src/lifecycle/state.ts';
import { active, bought, CREATE, creating, DAY, did, DONE, ERROR, failed, heard, HOUR, MINUTE, NO, NOW, ORDER, PROVISION, RELEASE, RELEASE_UNNAMED, REMOVE, SECOND, take } from './samples.ts';
import { simulate } from './simulated-core.ts';

const WINDOW = 3 * HOUR;
const OVER = NOW + WINDOW;
const told = (state: LifeState): string[] => Object.keys(state.needsPerson);
const trying = (): LifeState => did(did(creating(), ORDER, bought(null)), PROVISION, ERROR);
const over = (): LifeState => tick(trying(), OVER);
const RETRY = { kind: 'retry' } as const;
const person = { by: 'person' } as const;

describe('three hours after the first create call', () => {
  it.each([
    ['nothing was begun', creating()],
    ['the order is known', did(creating(), ORDER, bought(null))],
  ])('nothing new is begun without a person, whether %s', (_, state) => {
    expect(instantsOf(state).createWindowOverAt).toBe(OVER);
    expect(told(tick(state, OVER - 1))).toEqual([]);
    const late = tick(state, OVER);
    expect(told(late)).toEqual(['create-window-over']);
    expect(next(heard(late), OVER + 99 * DAY)).toEqual({ do: 'wait', at: null });
    expect([phaseOf(late), tick(late, OVER + DAY)]).toEqual(['creating', late]);
  });

  it('what a failed attempt may have left is removed, and can be built anew when a person says so', () => {
    const late = tick(trying(), OVER);
    expect(next(late, OVER)).toMatchObject({ effect: { kind: 'remove' } });
    const cleaned = did(late, REMOVE, DONE, OVER);
    expect([cleaned.actual.tenant, phaseOf(cleaned), told(cleaned), next(heard(cleaned), OVER)]).toEqual(['none', 'creating', ['create-window-over'], { do: 'wait', at: null }]);
    expect(next(take(cleaned, RETRY, OVER + 1, person), OVER + 1)).toMatchObject({ effect: { kind: 'provision' } });
  });

  it.each([
    ['built', active()],
    ['refused', failed()],
    ['released', take(trying(), RELEASE)],
  ])('is nothing for what is %s', (_, state) => {
    expect(instantsOf(state).createWindowOverAt).toBeNull();
    expect(told(tick(state, OVER))).not.toContain('create-window-over');
  });

  it('is as long as the product says', () => {
    expect(instantsOf(creating({ rules: { createWindow: MINUTE } })).createWindowOverAt).toBe(NOW + MINUTE);
  });

  it('is no longer told once the instance is released, and what was begun is cleaned up', () => {
    const leaving = take(over(), RELEASE_UNNAMED, OVER + 1);
    expect(told(leaving)).toEqual([]);
    expect(next(leaving, OVER + 1)).toMatchObject({ effect: { kind: 'remove' } });
    expect(next(take(tick(creating(), OVER), RELEASE, OVER + 1), OVER + 1)).toEqual({ do: 'close' });
  });
});

describe('a create call', () => {
  it('within the window is only told that it is being made', () => {
    expect(judge(trying(), CREATE, OVER - 1, OVER - 1)).toEqual({ verdict: 'running' });
  });

  it('after the window opens a new one, whether or not the workflow has noticed', () => {
    expect(judge(trying(), CREATE, OVER, OVER)).toEqual({ verdict: 'admit' });
    expect(judge(over(), CREATE, OVER, OVER)).toEqual({ verdict: 'admit' });
    const again = take(over(), CREATE, OVER + HOUR);
    expect([told(again), instantsOf(again).createWindowOverAt]).toEqual([[], OVER + HOUR + WINDOW]);
    expect(next(again, OVER + HOUR)).toMatchObject({ effect: { kind: 'provision' } });
    expect(judge(again, CREATE, OVER + HOUR, OVER + HOUR + 1)).toEqual({ verdict: 'running' });
  });

  it('settles with the first one when it is built', () => {
    const built = did(take(over(), CREATE, OVER + HOUR), PROVISION, DONE, OVER + HOUR);
    expect(built.settled.map(({ seq, outcome }) => `${seq} ${outcome}`)).toEqual(['1 done', '2 done']);
    expect(told(built)).toEqual([]);
  });
});

describe('what was built late', () => {
  it('answers as built, and a person is told', () => {
    const late = did(over(), PROVISION, DONE, OVER + 1);
    expect([phaseOf(late), told(late), late.settled.at(-1)?.outcome]).toEqual(['active', ['built-late'], 'done']);
    expect(told(take(late, RETRY, OVER + 2, person))).toEqual([]);
  });

  it('after it was given up is told the same', () => {
    const given = take(trying(), { kind: 'abandon', code: '000106', message: 'no room' }, NOW + HOUR, person);
    const late = did(given, PROVISION, DONE, NOW + HOUR);
    expect([phaseOf(late), told(late), late.actual.refusal]).toEqual(['active', ['built-late'], null]);
  });
});

describe("a person's retry", () => {
  it('opens a new window and begins at once', () => {
    const again = take(over(), RETRY, OVER + DAY, person);
    expect([told(again), instantsOf(again).createWindowOverAt]).toEqual([[], OVER + DAY + WINDOW]);
    expect(next(again, OVER + DAY)).toMatchObject({ effect: { kind: 'provision' } });
  });

  it('tries a refused order anew', () => {
    const again = take(failed(), RETRY, NOW + DAY, person);
    expect([told(again), again.actual.refusal, instantsOf(again).createWindowOverAt]).toEqual([[], null, NOW + DAY + WINDOW]);
    expect(told(did(again, PROVISION, NO, NOW + DAY))).toEqual(['provision-refused']);
  });
});

describe('a product whose failing provisioning waits for a person', () => {
  const failing = (rounds: number): LifeState => Array.from({ length: rounds }).reduce<LifeState>((state) => did(state, PROVISION, ERROR), did(creating({ rules: { onFailing: 'wait' } }), ORDER, bought(null)));

  it('is tried three rounds, and then not again by itself', () => {
    expect(failing(2).trouble?.nextTryAt).toBe(NOW + MINUTE);
    const waiting = failing(3);
    expect([waiting.trouble?.nextTryAt, told(waiting)]).toEqual([null, ['effect-failing']]);
    expect(next(heard(waiting), NOW + HOUR)).toEqual({ do: 'wait', at: OVER });
  });

  it('is tried once more for each word of a person', () => {
    const again = take(failing(3), RETRY, NOW + HOUR, person);
    expect(next(again, NOW + HOUR)).toMatchObject({ effect: { kind: 'provision' } });
    expect(did(again, PROVISION, ERROR, NOW + HOUR).trouble).toMatchObject({ rounds: 4, nextTryAt: null });
    expect(did(again, PROVISION, DONE, NOW + HOUR)).toMatchObject({ trouble: null, needsPerson: {} });
  });

  it('retries an order query all the same, for that costs nothing', () => {
    const asking = [1, 2, 3].reduce((state) => did(state, ORDER, ERROR), creating({ rules: { onFailing: 'wait' } }));
    expect(asking.trouble?.nextTryAt).toBe(NOW + 2 * MINUTE);
  });

  it('waits on a simulated clock without a wake, until its window ends, and is built when a person says so', async () => {
    const life = simulate({ rules: { onFailing: 'wait' }, rounds: { provision: [{ result: ERROR }, { result: ERROR }, { result: ERROR }] } });
    life.call(CREATE);
    await life.clock.runTo(NOW + DAY);
    expect(life.tenant.performed.map(({ effect }) => effect.kind)).toEqual(['order', 'provision', 'provision', 'provision', 'remove']);
    expect(life.tenant.told.map(({ notice }) => notice.kind)).toEqual(['effect-failing', 'create-window-over']);
    life.call(RETRY, person);
    await life.clock.runTo(NOW + DAY + MINUTE);
    expect([life.tenant.status(), life.state().needsPerson, life.outcomes.get(1)]).toEqual(['open', {}, 'done']);
  });
});

describe('an order query that brings nothing', () => {
  it.each([
    ['nothing for ten minutes', { ...ERROR, code: 'UNREACHABLE', message: 'the marketplace did not answer within 10000 ms' }],
    ['a page of HTML', { ...ERROR, code: 'UNREACHABLE', message: 'the marketplace could not answer: HTTP 200' }],
    ['no products', { ...ERROR, code: 'ORDER_UNREADABLE', message: 'orderInfo.orderLine.productInfo is missing or not as described' }],
  ])('%s: told within two minutes with the reason, tried less and less often, and ended by the window', async (_, result) => {
    const life = simulate({ rounds: { order: Array.from({ length: 99 }, () => ({ result, takes: 10 * SECOND })) } });
    life.call(CREATE);
    await life.clock.runTo(NOW + DAY);
    const [first, second] = life.tenant.told;
    expect(first).toMatchObject({ at: NOW + 2 * MINUTE, notice: { kind: 'effect-failing', detail: `order keeps failing: ${result.message}` } });
    expect(second).toMatchObject({ at: OVER, notice: { kind: 'create-window-over' } });
    expect(life.tenant.performed.at(-1)?.beganAt).toBeLessThan(OVER);
    expect(life.tenant.performed.length).toBeLessThan(25);
    expect(life.state().trouble).toMatchObject({ effect: 'order', code: result.code });
    // The marketplace asks again: a new window, at once.
    expect(life.call(CREATE)).toEqual({ verdict: 'admit' });
    const before = life.clock.now();
    await life.clock.runTo(before + MINUTE);
    expect(life.tenant.performed.at(-1)?.beganAt).toBe(before);
  });
});
