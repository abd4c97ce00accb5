import { apply, begin } from '../../src/lifecycle/apply.ts';
import type { Effect, EffectResult } from '../../src/lifecycle/effect.ts';
import { foldAll } from '../../src/lifecycle/fold.ts';
import { next } from '../../src/lifecycle/next.ts';
import { findInstance } from '../../src/store/instances.ts';
import { commandsAfter } from '../../src/store/mailbox.ts';
import { dropSealed, putSealed } from '../../src/store/sealed.ts';
import { stateOf } from '../../src/store/state-of.ts';
import { storeState } from '../../src/store/state.ts';
import { bodies, freshLine } from './bodies.ts';
import type { RunningApi } from './running-api.ts';

type World = Pick<RunningApi, 'store' | 'sealer' | 'clock'>;

export const ACCESS = { frontEndUrl: 'https://crm.example.com/login', adminUrl: 'https://crm.example.com/admin', userName: 'admin', password: 'the-buyers-password' };
const PLAN = { skuCode: 'sku-1', productId: 'OFFI1', quantity: 5, chargingMode: 'PERIOD', trial: false };
/** What an order whose number begins with `UPGRADE` holds. */
export const BIGGER = { ...PLAN, quantity: 50 };
export const UPGRADE = 'CSUP';
/** The paid end that the order query estimates: a year ahead. */
const PAID = 365 * 24 * 60 * 60_000;

/** The workflow's part, with the lifecycle's and the store's own functions: takes what waits, does every effect that is due, stores the state. */
export async function carryOut({ store, sealer, clock }: World, instanceId: string, refusal?: { code: string; message: string }): Promise<void> {
  const { now } = clock;
  const row = await findInstance(store.em(), instanceId);
  if (!row) throw new Error(`no instance ${instanceId}`);
  let state = foldAll(stateOf(row), await commandsAfter(store.em(), instanceId, row.taken));
  for (let step = next(state, now); step.do === 'effect'; step = next(state, now)) {
    const result = resultOf(step.effect, now, refusal);
    state = apply(begin(state, step.effect, now), step.effect, result, now);
    if (step.effect.kind === 'provision' && result.end === 'done') await putSealed(store.em(), sealer, instanceId, 'access', JSON.stringify(ACCESS), now);
    if (step.effect.kind === 'remove') await dropSealed(store.em(), instanceId);
  }
  const answer = await storeState(store.em(), { ...state, version: row.version + 1 }, 'run-of-the-tests', now);
  if (!answer.stored) throw new Error(`state of ${instanceId} was not stored`);
}

function resultOf(effect: Effect, now: number, refusal?: { code: string; message: string }): EffectResult {
  if (effect.kind === 'order') return { end: 'done', purchase: { plan: effect.orderId.startsWith(UPGRADE) ? BIGGER : PLAN, expireAt: now + PAID, products: 1 } };
  return (effect.kind === 'provision' || effect.kind === 'change') && refusal ? { end: 'refused', ...refusal } : { end: 'done' };
}

export type Situation = 'admitted' | 'active' | 'frozen' | 'released' | 'removed' | 'failed';
export const NO = { code: '000106', message: 'sold out' };

/** An instance of a new order line, brought by signed calls into the situation. */
export async function instanceIn(api: RunningApi, situation: Situation, line = freshLine()): Promise<string> {
  const { json } = await api.call(bodies.create(line));
  const id = String(json['instanceId']);
  if (situation === 'admitted') return id;
  await carryOut(api, id, situation === 'failed' ? NO : undefined);
  if (situation === 'frozen') await api.call(bodies.status(id, 'FREEZE'));
  if (situation === 'released' || situation === 'removed') await api.call(bodies.release(id));
  if (situation !== 'active' && situation !== 'failed') await carryOut(api, id);
  if (situation === 'removed') {
    const { now } = api.clock;
    api.clock.now = now + 4 * 24 * 60 * 60_000;
    await carryOut(api, id);
    api.clock.now = now;
  }
  return id;
}
