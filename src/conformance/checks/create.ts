import { ANSWER_LIMIT } from '../../simulator/verdict.ts';
import type { Check } from '../check.ts';
import { infoOf, tooLongIn, wrongId } from '../info.ts';
import { lifeOf, ready, same, withBought, withCopied } from '../instance.ts';
import { accepted, complete, first } from '../judge.ts';
import { COPIES } from '../life.ts';
import { until } from '../until.ts';

const live = { severity: 'must', needs: 'live' } as const;

/** The first calls of a purchase. Orders are new in every run. */
export const CREATE: readonly Check[] = [
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
    run: withBought(async ({ call }) => ({ call, finding: call.ms > ANSWER_LIMIT ? `${call.ms} ms` : null })),
  },
  {
    ...live,
    id: 'create.repeat',
    title: { en: 'the same order line again, with a new businessId', zh: '同一订单行再次请求，businessId 不同' },
    rule: 'idempotent',
    want: 'the same instanceId',
    after: ['create.answer'],
    run: withBought(async ({ life, id, orderId }) => same(life, id, await life.market.create(orderId))),
  },
  {
    ...live,
    id: 'create.parallel',
    title: { en: `${COPIES} copies at once, after a first call that was lost`, zh: `首次请求丢失后，同时发送 ${COPIES} 份` },
    rule: 'idempotent',
    want: 'one and the same instanceId',
    after: ['create.answer'],
    run: async (context) => {
      const life = lifeOf(context);
      const { copies, instanceId } = await life.copied();
      return first(copies.map((call) => async () => same(life, String(instanceId), call)));
    },
  },
];

/** Until it can be used, and then. */
export const READY: readonly Check[] = [
  {
    ...live,
    id: 'create.ready',
    title: { en: 'polled until the access data come', zh: '轮询直到返回访问信息' },
    rule: 'ordered',
    want: '000004 while it is made, then 000000 with info and frontEndUrl',
    // A late create counts as failed, whatever it says: nobody polls for it. And who cannot ask what was bought can make nothing.
    after: ['create.answer', 'create.time', 'orders.signed'],
    run: withBought((played) => ready(played, played.life, played.id)),
  },
  {
    ...live,
    id: 'create.polled',
    title: { en: 'the queries while it was made', zh: '开通过程中的 queryInstance' },
    rule: 'ordered',
    severity: 'should',
    want: '000004, until 000000 with info',
    after: ['create.ready'],
    run: withBought(async ({ life, id }) => {
      const polls = (await life.calls()).filter((call) => call.verb === 'queryInstance' && call.instanceId === id);
      return first(polls.map((call) => async () => complete(call)));
    }),
  },
  {
    ...live,
    id: 'create.lengths',
    title: { en: 'types and lengths of the id and the access data', zh: '实例 ID 和访问信息的类型和长度' },
    rule: 'lengths',
    want: 'text within the lengths of the table, usageValue a number',
    after: ['create.ready'],
    run: withBought(async ({ market, id, call: created }) => {
      const wrong = wrongId(id);
      if (wrong !== null) return { call: created, finding: wrong };
      const call = await market.poll(id);
      return { call, finding: tooLongIn(infoOf(call)) };
    }),
  },
  {
    ...live,
    id: 'create.repeat-ready',
    title: { en: 'the same order line again, once it is ready', zh: '开通完成后同一订单行再次请求' },
    rule: 'idempotent',
    want: '000000 with the same instanceId',
    after: ['create.repeat', 'create.ready'],
    run: withBought(async ({ life, id, orderId }) => {
      const outcome = same(life, id, await life.market.create(orderId));
      return outcome.finding !== null || outcome.call === null ? outcome : accepted(outcome.call);
    }),
  },
  {
    ...live,
    id: 'create.freeze',
    title: { en: 'a freeze and an unfreeze right after the create', zh: 'newInstance 之后立即冻结并解冻' },
    rule: 'early',
    want: '000000, at the latest when repeated; and the access data come',
    after: ['create.parallel', 'create.ready'],
    run: withCopied(({ market, life, id, ...context }) =>
      first([
        () => until(context, life.pace, async () => accepted(await market.freeze(id))),
        () => until(context, life.pace, async () => accepted(await market.unfreeze(id))),
        () => ready(context, life, id),
      ]),
    ),
  },
];
