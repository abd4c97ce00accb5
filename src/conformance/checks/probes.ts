import { scenes, verbs, type Activity } from '../../marketplace/saas-v2/verbs.ts';
import type { Members } from '../../simulator/request.ts';
import { ANSWER_LIMIT } from '../../simulator/verdict.ts';
import type { Check } from '../check.ts';
import type { Context } from '../context.ts';
import { complete, first } from '../judge.ts';

const ACTIVITIES = Object.keys(verbs) as readonly Activity[];
const probe = { rule: 'probe', severity: 'must', needs: 'probe', want: '000000' } as const;
const variant = (activity: Activity, change: Members) => async ({ send, members }: Context) => complete(await send(members(activity, change)));
/** Fourteen digits, as the table declares it; the saved case has the seventeen of the example (saas.md 8.7). */
const EXPIRES = '20991231235959';

const SAVED: readonly Check[] = ACTIVITIES.map((activity) => ({
  ...probe,
  id: `probe.${activity}`,
  title: { en: `the saved case of ${activity}`, zh: `${activity} 的调试用例` },
  want: activity === 'newInstance' ? '000000 with instanceId' : activity === 'queryInstance' ? '000000 with info' : '000000',
  run: async ({ saved }) => complete(await saved(activity)),
}));

const SCENES: readonly Check[] = scenes.map((scene) => ({
  ...probe,
  id: `probe.scene-${scene.toLowerCase().replaceAll('_', '-')}`,
  title: { en: `refreshInstance, scene ${scene}`, zh: `refreshInstance，scene 为 ${scene}` },
  run: variant('refreshInstance', { scene, expireTime: EXPIRES }),
}));

/** Freeze, unfreeze and release are repeated until they are answered with success: the third copy is as good as the first. */
const REPEATS: readonly Check[] = (
  [
    ['freeze', 'updateInstanceStatus', { status: 'FREEZE' }],
    ['unfreeze', 'updateInstanceStatus', { status: 'UNFREEZE' }],
    ['release', 'releaseInstance', {}],
  ] as const
).map(([name, activity, change]) => ({
  ...probe,
  id: `probe.repeat-${name}`,
  title: { en: `${name}, three times`, zh: `${activity}（${name}）连续三次` },
  run: async (context) => {
    const instanceId = context.instanceId();
    return first(Array.from({ length: 3 }, () => () => variant(activity, { ...change, instanceId })(context)));
  },
}));

const UNKNOWN: readonly Check[] = ACTIVITIES.map((activity) => ({
  ...probe,
  id: `probe.unknown-${activity}`,
  title: { en: `${activity} for ids that nobody has given`, zh: `${activity}，ID 从未存在` },
  // The pages let a create be tried with the MOCK orders; with others only what is said of all cases speaks for it.
  severity: activity === 'newInstance' ? 'should' : 'must',
  after: [`probe.${activity}`],
  run: (context) => variant(activity, { ...(activity === 'newInstance' ? context.line() : { instanceId: context.instanceId() }) })(context),
}));

const OTHERS: readonly Check[] = [
  {
    ...probe,
    id: 'probe.release-without-order',
    title: { en: 'releaseInstance without an order: the retention is over', zh: 'releaseInstance 不带订单（保留期结束）' },
    run: variant('releaseInstance', { orderId: undefined, orderLineId: undefined }),
  },
  {
    ...probe,
    id: 'probe.refresh-without-product',
    title: { en: 'refreshInstance without productId', zh: 'refreshInstance 不带 productId' },
    run: variant('refreshInstance', { productId: undefined, expireTime: EXPIRES }),
  },
  {
    ...probe,
    id: 'probe.product-info-text',
    title: { en: 'productInfo as JSON text', zh: 'productInfo 为 JSON 文本' },
    severity: 'should',
    after: ['probe.changeInstanceCheck'],
    run: variant('changeInstanceCheck', { productInfo: '{"linearValue":100,"productId":"OFFI000000000000000001"}' }),
  },
  {
    ...probe,
    id: 'probe.flag-number',
    title: { en: 'testFlag as the number 1, for ids that nobody has given', zh: 'testFlag 为数字 1，ID 从未存在' },
    severity: 'should',
    after: ['probe.unknown-releaseInstance'],
    run: (context) => variant('releaseInstance', { testFlag: 1, instanceId: context.instanceId() })(context),
  },
  {
    ...probe,
    id: 'probe.later-member',
    title: { en: 'a member that no page knows yet', zh: '文档中尚不存在的成员' },
    severity: 'should',
    after: ['probe.newInstance'],
    run: variant('newInstance', { addedLater: 'x' }),
  },
];

const LATENCY: readonly Check[] = ACTIVITIES.map((activity) => ({
  id: `latency.${activity}`,
  title: { en: `time of ${activity}`, zh: `${activity} 的应答时间` },
  rule: 'latency',
  severity: 'should',
  needs: 'probe',
  want: `within ${ANSWER_LIMIT} ms`,
  run: async ({ saved }) => {
    const call = await saved(activity);
    return { call, finding: call.failure === 'timed out' || call.ms > ANSWER_LIMIT ? `${call.ms} ms: over 5 s; pages differ` : null };
  },
}));

export const PROBES: readonly Check[] = [...SAVED, ...SCENES, ...REPEATS, ...UNKNOWN, ...OTHERS];
export { LATENCY };
