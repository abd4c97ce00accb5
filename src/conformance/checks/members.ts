import { verbs, type Activity } from '../../marketplace/saas-v2/verbs.ts';
import type { Members } from '../../simulator/request.ts';
import type { Check } from '../check.ts';
import type { Context } from '../context.ts';
import { first, refused } from '../judge.ts';

/** Mandatory members of each activity (saas.md §3.2 to §3.8). */
export const MANDATORY: { readonly [A in Activity]: readonly string[] } = {
  newInstance: ['orderId', 'orderLineId', 'businessId'],
  queryInstance: ['instanceId'],
  refreshInstance: ['scene', 'orderId', 'orderLineId', 'instanceId', 'expireTime'],
  updateInstanceStatus: ['instanceId', 'status'],
  releaseInstance: ['instanceId'],
  upgradeInstance: ['instanceId', 'orderId', 'orderLineId'],
  changeInstanceCheck: ['instanceId', 'productInfo'],
};

const should = { rule: 'members', severity: 'should', needs: 'probe', want: '000002' } as const;
const wrong = (activity: Activity, change: Members) => async ({ send, members }: Context) => refused(await send(members(activity, change)));

const LACKING: readonly Check[] = (Object.keys(verbs) as readonly Activity[]).map((activity) => ({
  ...should,
  id: `members.${activity}`,
  title: { en: `${activity} without one of its mandatory members`, zh: `${activity} 缺少任一必选成员` },
  run: (context) =>
    first(
      MANDATORY[activity].map((member) => async () => {
        const outcome = await wrong(activity, { [member]: undefined })(context);
        return outcome.finding === null ? outcome : { ...outcome, finding: `without ${member}: ${outcome.finding}` };
      }),
    ),
}));

export const MEMBERS: readonly Check[] = [
  ...LACKING,
  { ...should, id: 'members.activity', title: { en: 'an activity that does not exist', zh: '不存在的 activity' }, severity: 'must', run: async ({ path }) => refused(await path('unknown-activity')) },
  { ...should, id: 'members.empty', title: { en: 'an empty orderId', zh: 'orderId 为空' }, run: wrong('newInstance', { orderId: '' }) },
  { ...should, id: 'members.scene', title: { en: 'a scene that does not exist', zh: '不存在的 scene' }, run: wrong('refreshInstance', { scene: 'NO_SUCH_SCENE' }) },
  { ...should, id: 'members.status', title: { en: 'a status that does not exist', zh: '不存在的 status' }, run: wrong('updateInstanceStatus', { status: 'NO_SUCH_STATUS' }) },
  { ...should, id: 'members.expire-time', title: { en: 'an expireTime that no calendar has', zh: '日历上不存在的 expireTime' }, run: wrong('refreshInstance', { expireTime: '20261340250000' }) },
];
