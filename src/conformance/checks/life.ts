import { verbs, type Activity } from '../../marketplace/saas-v2/verbs.ts';
import type { Target } from '../../simulator/actions/change.ts';
import type { OrderRef } from '../../simulator/books.ts';
import type { Call } from '../../simulator/call.ts';
import type { Check, Outcome } from '../check.ts';
import { infoOf } from '../info.ts';
import { accessible, gone, ready, withBought, withCopied, withTrial, type Played } from '../instance.ts';
import { accepted, answeredWith, complete, first, refused } from '../judge.ts';
import type { Life } from '../life.ts';
import { until } from '../until.ts';

const live = { severity: 'must', needs: 'live', rule: 'repeats', want: '000000', after: ['life.probe-untouched'] } as const;
const MOST = 100;

/** Successful, and successful once more: the same order line or state has the same effect once. */
const twice = (call: () => Promise<Call>) => first([1, 2].map(() => async () => accepted(await call())));
const among = (count: number, id: string, unknown: () => string): string => [...Array.from({ length: count - 1 }, unknown), id].join(',');
/** One more than now. */
const larger = ({ purchase }: Life): Target => ({ linearValue: (purchase.linearValue ?? 1) + 1 });

/** The call of a new order, repeated until it is carried out, and once more. */
async function carriedOut({ market, life, ...context }: Played, order: OrderRef): Promise<Outcome> {
  return first([() => until(context, life.pace, async () => accepted(await market.again(order))), async () => accepted(await market.again(order))]);
}

/** What happens to an instance that can be used, from its first renewal to its release. */
export const LIFE: readonly Check[] = [
  {
    ...live,
    id: 'life.probe-untouched',
    title: { en: 'a debugging release of a living instance, then a query', zh: '对真实实例发送调测 releaseInstance 后查询' },
    rule: 'probe',
    want: '000000, and the instance is there as before',
    after: ['create.ready'],
    run: withBought(async ({ market, id }) => {
      await market.probe('releaseInstance', { instanceId: id });
      return accessible(await market.poll(id), true);
    }),
  },
  {
    id: 'life.flag-zero',
    title: { en: 'testFlag "0" is no debugging call: a query for an id that nobody has given', zh: 'testFlag 为 "0" 不是调测：查询不存在的 ID' },
    rule: 'probe',
    severity: 'must',
    needs: 'live',
    want: 'refused: 000003',
    run: async ({ send, members, instanceId }) => refused(await send(members('queryInstance', { testFlag: '0', instanceId: instanceId() }))),
  },
  ...(Object.keys(verbs) as readonly Activity[])
    .filter((activity) => activity !== 'newInstance')
    .map(
      (activity): Check => ({
        id: `life.unknown-${activity}`,
        title: { en: `${activity} for an id that nobody has given, without testFlag`, zh: `${activity}，实例不存在且不带 testFlag` },
        rule: 'unknown',
        severity: 'should',
        needs: 'live',
        want: '000003',
        run: async ({ send, members, instanceId, line }) => {
          const order = 'orderId' in verbs[activity].schema.shape ? line() : {};
          return answeredWith(await send(members(activity, { ...order, testFlag: undefined, instanceId: instanceId() })), '000003');
        },
      }),
    ),
  {
    ...live,
    id: 'life.hundred-ids',
    title: { en: 'its id among 99 that nobody has given', zh: '该 ID 与 99 个不存在的 ID 一起查询' },
    rule: 'many-ids',
    severity: 'should',
    want: '000000 with its access data',
    run: withBought(async ({ market, id, instanceId }) => {
      const call = await market.poll(among(MOST, id, instanceId));
      const there = infoOf(call).some((entry) => entry.instanceId === id && entry.appInfo['frontEndUrl'] !== undefined);
      const outcome = accepted(call);
      return outcome.finding !== null || there ? outcome : { call, finding: 'info lacks its access data' };
    }),
  },
  {
    ...live,
    id: 'life.hundred-one-ids',
    title: { en: 'its id among 100 that nobody has given', zh: '该 ID 与 100 个不存在的 ID 一起查询' },
    rule: 'many-ids',
    severity: 'should',
    want: '000002',
    run: withBought(async ({ market, id, instanceId }) => refused(await market.poll(among(MOST + 1, id, instanceId)))),
  },
  {
    ...live,
    id: 'life.renew',
    title: { en: 'a renewal, and its repeat', zh: '续费及其重复请求' },
    run: withBought(async ({ market, orderId }) => {
      const { order, call } = await market.renew(orderId);
      return first([async () => accepted(call), async () => accepted(await market.again(order))]);
    }),
  },
  {
    ...live,
    id: 'life.renew-late',
    title: { en: 'two renewals, then the first one again', zh: '两次续费之后重复第一次的请求' },
    after: ['life.renew'],
    run: withBought(async ({ market, orderId }) => {
      const one = await market.renew(orderId);
      const two = await market.renew(orderId);
      return first([async () => accepted(one.call), async () => accepted(two.call), async () => accepted(await market.again(one.order))]);
    }),
  },
  {
    ...live,
    id: 'life.refund',
    title: { en: 'a renewal that is refunded, and the repeat of the refund', zh: '续费后退订续费周期，及其重复请求' },
    after: ['life.renew'],
    run: withBought(async ({ market, orderId }) => {
      const { order, call } = await market.refundRenewal((await market.renew(orderId)).order);
      return first([async () => accepted(call), async () => accepted(await market.again(order))]);
    }),
  },
  {
    ...live,
    id: 'life.change-check',
    title: { en: 'may the size grow by one? Asked twice', zh: 'changeInstanceCheck：规格增加一个是否允许（询问两次）' },
    rule: 'change',
    // A product that cannot be resized says no, and is right.
    severity: 'should',
    run: withBought(({ market, life, orderId }) => twice(() => market.checkChange(orderId, larger(life)))),
  },
  {
    ...live,
    id: 'life.renew-change',
    title: { en: 'a renewal with one more, and its repeat', zh: '续费变更（增加一个）及其重复请求' },
    rule: 'change',
    after: ['life.renew', 'life.change-check'],
    run: withBought(async (played) => carriedOut(played, (await played.market.renewChange(played.orderId, larger(played.life))).order)),
  },
  {
    ...live,
    id: 'life.upgrade',
    title: { en: 'an upgrade by one, repeated until it is carried out, and once more', zh: '升级（增加一个），重复至完成后再请求一次' },
    rule: 'change',
    want: '000000, at the latest when repeated, and 000000 again',
    after: ['life.change-check'],
    run: withBought(async (played) => carriedOut(played, (await played.market.upgrade(played.orderId, larger(played.life))).order)),
  },
  {
    ...live,
    id: 'life.freeze',
    title: { en: 'a freeze, and its repeat', zh: '冻结及其重复请求' },
    run: withBought(({ market, id }) => twice(() => market.freeze(id))),
  },
  {
    ...live,
    id: 'life.renew-frozen',
    title: { en: 'a renewal of the frozen instance', zh: '对已冻结实例续费' },
    after: ['life.renew', 'life.freeze'],
    run: withBought(async ({ market, orderId }) => accepted((await market.renew(orderId)).call)),
  },
  {
    ...live,
    id: 'life.unfreeze',
    title: { en: 'an unfreeze, and its repeat', zh: '解冻及其重复请求' },
    after: ['life.freeze'],
    run: withBought(({ market, id }) => twice(() => market.unfreeze(id))),
  },
  {
    ...live,
    id: 'life.release',
    title: { en: 'a release, and its repeat', zh: '释放及其重复请求' },
    run: withBought(({ market, id }) => first([async () => accepted(await market.release(id, { unsubscribe: true })), async () => accepted(await market.release(id))])),
  },
  {
    ...live,
    id: 'life.released',
    title: { en: 'access data after the release', zh: '释放后的访问信息' },
    want: 'no access data, soon',
    after: ['life.release'],
    run: withBought((played) => gone(played, played.life, played.id)),
  },
  {
    ...live,
    id: 'life.refund-past',
    title: { en: 'another instance: expired, renewed late, and the renewal refunded', zh: '另一实例到期后续费，再退订该续费：到期时间回到过去' },
    severity: 'should',
    after: ['create.freeze', 'life.refund', 'life.renew-frozen', 'life.unfreeze'],
    run: withCopied(async ({ market, id, orderId }) => {
      const expired = accepted(await market.expire(id));
      if (expired.finding !== null) return expired;
      const { order, call } = await market.renew(orderId);
      return first([async () => accepted(call), async () => accepted(await market.unfreeze(id)), async () => accepted((await market.refundRenewal(order)).call)]);
    }),
  },
  {
    ...live,
    id: 'life.retention-over',
    title: { en: 'another instance frozen, then released without an order', zh: '另一实例冻结后保留期结束，不带订单释放' },
    want: '000000, and soon no access data',
    after: ['create.freeze', 'life.freeze', 'life.released'],
    run: withCopied(({ market, life, id, ...context }) =>
      first([
        async () => accepted(await market.freeze(id)),
        async () => accepted(await market.release(id)),
        () => gone(context, life, id),
      ]),
    ),
  },
];

/** A trial: bought for itself, for a product need not have one. */
export const TRIAL: readonly Check[] = [
  {
    ...live,
    id: 'trial.create',
    title: { en: 'the purchase of a trial', zh: '购买试用' },
    rule: 'ordered',
    // A product without trials refuses it, and is right.
    severity: 'should',
    want: '000000 or 000004, then the access data',
    after: ['create.ready'],
    run: withTrial(({ call, life, id, ...context }) => first([async () => complete(call), () => ready(context, life, id)])),
  },
  {
    ...live,
    id: 'trial.formal',
    title: { en: 'it becomes formal, and the repeat', zh: '试用转正式及其重复请求' },
    want: '000000, and the access data of the same id',
    after: ['trial.create'],
    run: withTrial(async ({ market, orderId, id }) => {
      const { order, call } = await market.toFormal(orderId);
      return first([async () => accepted(call), async () => accepted(await market.again(order)), async () => accessible(await market.poll(id), true)]);
    }),
  },
];
