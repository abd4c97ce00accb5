import { setTimeout as delay } from 'node:timers/promises';
import type { Call } from '../../simulator/call.ts';
import { MarketError, NotReady } from '../../simulator/errors.ts';
import { repeatUntil } from '../../simulator/repeat.ts';
import { ANSWER_LIMIT } from '../../simulator/verdict.ts';
import type { Check, Outcome } from '../check.ts';
import type { Context } from '../context.ts';
import { accepted, answeredWith, complete, first } from '../judge.ts';
import type { Bought, Life } from '../life.ts';

const live = { severity: 'must', needs: 'live', want: '000000' } as const;
const COPIES = 5;

/** With the order that was bought, and the instance that was given for it. */
const withInstance = (run: (life: Life, instanceId: string, bought: Bought, context: Context) => Promise<Outcome>) => async (context: Context) => {
  const life = lifeOf(context);
  const bought = await life.bought();
  if (bought.instanceId === null) return { call: bought.call, finding: 'the create gave no instanceId' };
  return run(life, bought.instanceId, bought, context).catch((error: unknown) => ({ call: null, finding: reasonOf(error) }));
};

function lifeOf({ life }: Context): Life {
  if (life === null) throw new TypeError('a live check was begun without a market');
  return life;
}

/** What creates instances: one order's life from purchase to release, and a second order for copies at once. Orders are new in every run. */
export const LIVE: readonly Check[] = [
  {
    ...live,
    id: 'create.answer',
    title: { en: 'the first call of a purchase', zh: '购买后的首次 newInstance' },
    rule: 'ordered',
    want: '000000 or 000004, with instanceId',
    run: async (context) => complete((await lifeOf(context).bought()).call),
  },
  {
    ...live,
    id: 'create.time',
    title: { en: 'time of that call', zh: '该请求的应答时间' },
    rule: 'latency',
    want: `within ${ANSWER_LIMIT} ms`,
    after: ['create.answer'],
    run: withInstance(async (_, __, { call }) => ({ call, finding: call.ms > ANSWER_LIMIT ? `${call.ms} ms` : null })),
  },
  {
    ...live,
    id: 'create.repeat',
    title: { en: 'the same order line again, with a new businessId', zh: '同一订单行再次请求，businessId 不同' },
    rule: 'idempotent',
    want: 'the same instanceId',
    after: ['create.answer'],
    run: withInstance(async (life, instanceId, { orderId }) => same(life, instanceId, await life.market.create(orderId))),
  },
  {
    ...live,
    id: 'create.parallel',
    title: { en: `${COPIES} copies at once, after a first call that was lost`, zh: `首次请求丢失后，同时发送 ${COPIES} 份` },
    rule: 'idempotent',
    want: 'one and the same instanceId',
    after: ['create.answer'],
    run: copies,
  },
  {
    ...live,
    id: 'create.ready',
    title: { en: 'polled until the access data come', zh: '轮询直到返回访问信息' },
    rule: 'ordered',
    want: '000004 while it is made, then 000000 with info and frontEndUrl',
    // A late create counts as failed, whatever it says: nobody polls for it.
    after: ['create.answer', 'create.time'],
    run: ready,
  },
  {
    ...live,
    id: 'create.repeat-ready',
    title: { en: 'the same order line again, once it is ready', zh: '开通完成后同一订单行再次请求' },
    rule: 'idempotent',
    want: '000000 with the same instanceId',
    after: ['create.repeat', 'create.ready'],
    run: withInstance(async (life, instanceId, { orderId }) => {
      const outcome = same(life, instanceId, await life.market.create(orderId));
      return outcome.finding !== null || outcome.call === null ? outcome : accepted(outcome.call);
    }),
  },
  {
    ...live,
    id: 'life.probe-untouched',
    title: { en: 'a debugging release of a living instance, then a query', zh: '对真实实例发送调测 releaseInstance 后查询' },
    rule: 'probe',
    want: '000000, and the instance is there as before',
    after: ['create.ready'],
    run: withInstance(async (life, instanceId) => {
      await life.market.probe('releaseInstance', { instanceId });
      return accessible(await life.market.poll(instanceId), true);
    }),
  },
  ...(['queryInstance', 'refreshInstance', 'updateInstanceStatus', 'releaseInstance'] as const).map(
    (activity): Check => ({
      ...live,
      id: `life.unknown-${activity}`,
      title: { en: `${activity} for an id that nobody has given, without testFlag`, zh: `${activity}，实例不存在且不带 testFlag` },
      rule: 'unknown',
      severity: 'should',
      want: '000003',
      run: async ({ send, members, instanceId, line }) => {
        const order = activity === 'refreshInstance' || activity === 'releaseInstance' ? line() : {};
        return answeredWith(await send(members(activity, { ...order, testFlag: undefined, instanceId: instanceId() })), '000003');
      },
    }),
  ),
  {
    ...live,
    id: 'life.renew',
    title: { en: 'a renewal, and its repeat', zh: '续费及其重复请求' },
    rule: 'repeats',
    after: ['create.ready'],
    run: withInstance(async (life, _, { orderId }) => {
      const { order, call } = await life.market.renew(orderId);
      return first([async () => accepted(call), async () => accepted(await life.market.again(order))]);
    }),
  },
  {
    ...live,
    id: 'life.refund',
    title: { en: 'a renewal that is refunded', zh: '续费后退订续费周期' },
    rule: 'repeats',
    after: ['life.renew'],
    run: withInstance(async (life, _, { orderId }) => accepted((await life.market.refundRenewal((await life.market.renew(orderId)).order)).call)),
  },
  {
    ...live,
    id: 'life.freeze',
    title: { en: 'a freeze, and its repeat', zh: '冻结及其重复请求' },
    rule: 'repeats',
    after: ['create.ready'],
    run: withInstance(async ({ market }, id) => first([async () => accepted(await market.freeze(id)), async () => accepted(await market.freeze(id))])),
  },
  {
    ...live,
    id: 'life.unfreeze',
    title: { en: 'an unfreeze, and its repeat', zh: '解冻及其重复请求' },
    rule: 'repeats',
    after: ['life.freeze'],
    run: withInstance(async ({ market }, id) => first([async () => accepted(await market.unfreeze(id)), async () => accepted(await market.unfreeze(id))])),
  },
  {
    ...live,
    id: 'life.release',
    title: { en: 'a release, and its repeat', zh: '释放及其重复请求' },
    rule: 'repeats',
    after: ['create.ready'],
    run: withInstance(async ({ market }, id) => first([async () => accepted(await market.release(id, { unsubscribe: true })), async () => accepted(await market.release(id))])),
  },
  {
    ...live,
    id: 'life.released',
    title: { en: 'access data after the release', zh: '释放后的访问信息' },
    rule: 'repeats',
    want: 'no access data, soon',
    after: ['life.release'],
    run: gone,
  },
];

function same(life: Life, instanceId: string, call: Call): Outcome {
  life.made(call);
  const given = call.answer?.['instanceId'];
  const outcome = complete(call);
  return outcome.finding !== null || given === instanceId ? outcome : { call, finding: `instanceId ${JSON.stringify(given)}, before it ${JSON.stringify(instanceId)}` };
}

async function copies(context: Context): Promise<Outcome> {
  const life = lifeOf(context);
  const orderId = await life.lost();
  const calls = await Promise.all(Array.from({ length: COPIES }, () => life.market.create(orderId)));
  for (const call of calls) life.made(call);
  const given = calls.map(({ answer }) => answer?.['instanceId']).find((id) => typeof id === 'string');
  return first(calls.map((call) => async () => same(life, String(given), call)));
}

function ready(context: Context): Promise<Outcome> {
  return withInstance(async ({ market, pace }, instanceId, { orderId }) => {
    const late = await market.untilReady(orderId, pace).then(() => null, reasonOf);
    return { call: await market.poll(instanceId), finding: late };
  })(context);
}

/** A release is a promise: it may take a moment until it is kept. */
function gone(context: Context): Promise<Outcome> {
  return withInstance(async ({ market, pace }, id) => {
    let last = accessible(await market.poll(id), false);
    const again = async (): Promise<Outcome | null> => {
      if (last.finding !== null) last = accessible(await market.poll(id), false);
      return last.finding === null ? last : null;
    };
    return repeatUntil(again, pace, { now: context.now, wait: (ms) => delay(ms) }, () => '').catch((error: unknown) => (error instanceof NotReady ? last : Promise.reject(error)));
  })(context);
}

/** What the market says of a story that cannot go on; anything else is a fault of ours. */
function reasonOf(error: unknown): string {
  if (error instanceof MarketError) return error.message;
  throw error;
}

function accessible(call: Call, wanted: boolean): Outcome {
  const there = /"frontEndUrl"/.test(call.text);
  return { call, finding: there === wanted ? null : there ? 'the access data are still there' : `answered ${call.resultCode ?? call.failure ?? `HTTP ${call.status}`} without access data` };
}
