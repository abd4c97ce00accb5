import { describe, expect, it } from 'vitest';
import { currentState, type LifeStateV1 } from '../../src/lifecycle/current.ts';
import { instantsOf } from '../../src/lifecycle/clocks.ts';
import { next } from '../../src/lifecycle/next.ts';
import { DEFAULT_RULES } from '../../src/lifecycle/rules.ts';
import { newLife } from '../../src/lifecycle/state.ts';
import { answered, asking, BIGGER, CHANGE, DAY, did, DONE, HOUR, NOW, PLAN, PROVISION, take, upgrade } from './samples.ts';

/** As release 0.1.0 stored it, member for member: an active instance whose paid end a renewal has stated. */
const ACTIVE: LifeStateV1 = {
  v: 1,
  instanceId: 'i-1',
  orderId: 'CS1',
  orderLineId: 'CS1-000001',
  generation: 1,
  version: 7,
  taken: 3,
  rules: {
    warn: 7 * DAY,
    graceStated: 8 * DAY,
    graceEstimated: 30 * DAY,
    retention: 15 * DAY,
    keep: 5 * DAY,
    onExpiry: 'tell',
    onRetention: 'hold',
    createWindow: 3 * HOUR,
  },
  desired: { released: null, frozen: [], plan: PLAN, expireAt: NOW + 30 * DAY, stated: true, armed: true, endedAt: null, statusAt: 0, renewedAt: NOW - DAY },
  actual: { tenant: 'open', plan: PLAN, refusal: null, closedAt: null, unsure: false, lookAgainAt: null, cutOffUntil: null },
  trouble: null,
  needsPerson: { 'several-products': { since: NOW - DAY, detail: 'the order line holds 2 products, served as one instance' } },
  open: [],
  settled: [],
};
/** The same, whose provisioning kept failing when the release was changed. */
const CREATING: LifeStateV1 = {
  ...ACTIVE,
  taken: 1,
  desired: { ...ACTIVE.desired, stated: false, renewedAt: null },
  actual: { ...ACTIVE.actual, tenant: 'maybe', plan: null },
  trouble: { effect: 'provision', rounds: 3, since: NOW - DAY, nextTryAt: NOW, code: 'ECONNRESET', message: 'connection reset' },
  needsPerson: { 'effect-failing': { since: NOW - DAY, detail: 'provision keeps failing: connection reset' } },
  open: [{ seq: 1, kind: 'create' }],
};

describe('a state of release 0.1.0', () => {
  it('becomes one of this release with everything it held', () => {
    const { v: _v, rules, desired, actual, ...rest } = ACTIVE;
    const now = currentState(ACTIVE);
    expect(now).toMatchObject({ v: 2, ...rest, rules, desired, actual });
    expect(Object.keys(now).toSorted()).toEqual(Object.keys(newLife({ instanceId: 'i', orderId: 'o', orderLineId: 'l' })).toSorted());
    for (const part of ['desired', 'actual', 'rules'] as const) expect(Object.keys(now[part]).toSorted()).toEqual(Object.keys(newLife({ instanceId: 'i', orderId: 'o', orderLineId: 'l' })[part]).toSorted());
    expect(now.rules.onFailing).toBe(DEFAULT_RULES.onFailing);
  });

  it('survives being stored as text, which drops what is undefined', () => {
    expect(currentState(JSON.parse(JSON.stringify(ACTIVE)) as LifeStateV1)).toEqual(currentState(ACTIVE));
    expect(JSON.parse(JSON.stringify(currentState(ACTIVE)))).toEqual(currentState(ACTIVE));
  });

  it('tells nobody again what stood in its log, and warns of its end', () => {
    const now = currentState(ACTIVE);
    expect(next(now, NOW)).toEqual({ do: 'wait', at: NOW + 23 * DAY });
    expect(next(now, NOW + 23 * DAY)).toMatchObject({ effect: { kind: 'notify', notice: { kind: 'expiry-warning', instant: NOW + 30 * DAY } } });
  });

  it('takes an upgrade like any other', () => {
    const changed = did(did(take(currentState(ACTIVE), upgrade()), asking(), answered()), CHANGE);
    expect([changed.actual.plan, changed.open, changed.settled.at(-1)?.outcome]).toEqual([BIGGER, [], 'done']);
  });

  it('that is still being created has no window, and is built by its next try', () => {
    const now = currentState(CREATING);
    expect(instantsOf(now).createWindowOverAt).toBeNull();
    expect(next(now, NOW)).toEqual({ do: 'effect', effect: PROVISION });
    expect(did(now, PROVISION, DONE)).toMatchObject({ actual: { tenant: 'open' }, needsPerson: {}, open: [], settled: [{ seq: 1, outcome: 'done' }] });
  });
});

it('a state of this release is left as it is', () => {
  const state = newLife({ instanceId: 'i', orderId: 'o', orderLineId: 'l' });
  expect(currentState(state)).toBe(state);
});
