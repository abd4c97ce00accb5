import { textMember } from '../../simulator/call.ts';
import { orderLineIdOf } from '../../simulator/ids.ts';
import type { Check, Outcome } from '../check.ts';
import type { Context } from '../context.ts';
import { accessible, lifeOf, ready, withBought, type Played } from '../instance.ts';
import { answerOf, complete } from '../judge.ts';
import type { Life, Troubled } from '../life.ts';
import { until } from '../until.ts';

const live = { severity: 'must', needs: 'live', rule: 'order-query' } as const;

/** Whether the seller asks what was bought, as it must be asked: until then nothing can be made. The market serves the order query and hears every question. */
export const QUESTIONS: readonly Check[] = [
  {
    ...live,
    id: 'orders.asked',
    title: { en: 'the order query is asked for the order', zh: '商家调用订单查询接口查询该订单' },
    want: 'GET order query with the orderId, before the access data come',
    after: ['create.answer', 'create.time'],
    run: withBought(asked),
  },
  {
    ...live,
    id: 'orders.signed',
    title: { en: 'how the order query is asked', zh: '订单查询请求的签名' },
    want: 'signed with AK and SK, at the right time: not refused by the gateway',
    after: ['create.answer', 'create.time'],
    run: withBought(async ({ life, call }) => {
      const refused = life.asked().find(({ code }) => code?.startsWith('APIGW.'));
      return { call, finding: refused === undefined ? null : `the gateway refused it: HTTP ${refused.status}, ${refused.code}` };
    }),
  },
];

/** What becomes of an order whose question fails at first. */
export const FAILING: readonly Check[] = [
  {
    ...live,
    id: 'orders.failing',
    title: { en: 'the order query answers HTTP 500 at first', zh: '订单查询接口起初返回 HTTP 500' },
    rule: 'attempts',
    want: '000004 or a refusal, the order query is asked again, and the access data come',
    after: ['orders.asked', 'create.ready'],
    run: async (context) => recovered(context, await troubled(context)),
  },
  {
    ...live,
    id: 'orders.same-call',
    title: { en: 'the same bytes again, after an answer that was no success', zh: '应答失败后，完全相同的请求再次发送' },
    rule: 'attempts',
    severity: 'should',
    want: 'judged anew: anything but 000001 and 000002',
    after: ['orders.asked', 'create.ready'],
    run: async (context) => {
      const { again } = await troubled(context);
      return { call: again, finding: ['000001', '000002'].includes(again.resultCode ?? '') ? `answered ${answerOf(again)}: the call that failed has used up its nonce` : null };
    },
  },
];

/** An order for which the order query fails until the seller has asked once. */
function troubled(context: Context): Promise<Troubled> {
  const life = lifeOf(context);
  return life.troubled(() => trouble(context, life));
}

async function trouble(context: Context, life: Life): Promise<Troubled> {
  const { market, pace } = life;
  const orderId = await life.lost();
  const body = { activity: 'newInstance', orderId, orderLineId: orderLineIdOf(orderId), businessId: context.instanceId() };
  const stamps = { nonce: context.nonce(), timestamp: String(context.now()) };
  try {
    market.trouble({ orderQuery: '500' });
    const first = await context.send(body, stamps);
    life.made(first);
    const given = textMember(first.answer, 'instanceId');
    // As the marketplace does meanwhile: a seller may go on only when it is polled.
    const hit = await until(context, pace, async () => {
      if (!heard(life, orderId) && given !== null) await market.poll(given);
      return { call: first, finding: heard(life, orderId) ? null : 'not asked' };
    });
    market.trouble({ orderQuery: null });
    const again = complete(first).finding === null ? first : await context.send(body, stamps);
    life.made(again);
    return { orderId, wasAsked: hit.finding === null, first, again };
  } finally {
    market.trouble({ orderQuery: null });
  }
}

/** What the marketplace does next: it polls for an id that was given with a success, and repeats a create that had none. */
async function recovered(context: Context, { orderId, wasAsked, first: call }: Troubled): Promise<Outcome> {
  const life = lifeOf(context);
  const { market, pace } = life;
  if (!wasAsked) return { call, finding: 'nobody asked what was bought' };
  if (complete(call).finding === null) return ready(context, life, String(call.answer?.['instanceId']));
  let last = call;
  const created = await until(context, pace, async () => {
    last = await market.create(orderId);
    life.made(last);
    return complete(last);
  });
  return created.finding === null ? ready(context, life, String(last.answer?.['instanceId'])) : { ...created, finding: `repeated, it is still ${created.finding}` };
}

/** Polls as the marketplace does, for a seller may ask no earlier. */
async function asked({ life, market, orderId, id, call, ...context }: Played): Promise<Outcome> {
  let given: Outcome | null = null;
  const outcome = await until(context, life.pace, async () => {
    if (heard(life, orderId)) return { call, finding: null };
    const poll = await market.poll(id);
    if (accessible(poll, true).finding !== null || heard(life, orderId)) return { call: poll, finding: heard(life, orderId) ? null : 'nobody asked what was bought' };
    given = { call: poll, finding: 'access data came, and nobody had asked what was bought' };
    return { call: poll, finding: null };
  });
  return given ?? outcome;
}

function heard(life: Life, orderId: string): boolean {
  return life.asked().some((question) => question.orderId === orderId);
}
