import type { Check, Outcome } from '../check.ts';
import { accessible, same, withBought, withUnwanted } from '../instance.ts';
import { accepted, first, refused } from '../judge.ts';
import type { Life } from '../life.ts';
import { until } from '../until.ts';

const live = { needs: 'live', rule: 'released', after: ['life.released'] } as const;
const must = { ...live, severity: 'must', want: 'refused: 000003' } as const;

/** What comes late, when an instance is gone: repeats, and orders that crossed the release. Group `released`. */
export const RELEASED: readonly Check[] = [
  {
    ...must,
    id: 'released.early',
    title: { en: 'another order, released right after its create', zh: '另一订单在 newInstance 之后立即释放' },
    want: '000000, at the latest when repeated, and never any access data',
    run: withUnwanted(async ({ market, life, id, ...context }) => {
      const outcome = await until(context, life.pace, async () => accepted(await market.release(id, { unsubscribe: true })));
      if (outcome.finding !== null) return outcome;
      const watch = async (): Promise<Outcome> => {
        await context.wait(life.pace.every);
        return accessible(await market.poll(id), false);
      };
      return first(Array.from({ length: (await pollsOf(life)) + 1 }, () => watch));
    }),
  },
  {
    ...must,
    id: 'released.refreshInstance',
    title: { en: 'a renewal', zh: '释放后续费' },
    run: withBought(async ({ market, orderId }) => refused((await market.renew(orderId)).call)),
  },
  {
    ...must,
    id: 'released.upgradeInstance',
    title: { en: 'an upgrade', zh: '释放后升级' },
    run: withBought(async ({ market, orderId }) => refused((await market.upgrade(orderId, {})).call)),
  },
  {
    ...live,
    id: 'released.updateInstanceStatus',
    title: { en: 'a late freeze', zh: '释放后冻结' },
    severity: 'should',
    want: '000000',
    run: withBought(async ({ market, id }) => accepted(await market.freeze(id))),
  },
  {
    ...must,
    id: 'released.newInstance',
    title: { en: 'its create again: nothing is built anew', zh: '释放后重复 newInstance，不得重新开通' },
    want: 'no other instanceId, and no access data',
    after: ['create.repeat', 'life.released'],
    run: withBought(async ({ life, market, id, orderId }) => {
      const call = await market.create(orderId);
      life.made(call);
      const given = call.answer?.['instanceId'];
      if (given !== undefined && given !== id) return { call, finding: `instanceId ${JSON.stringify(given)}, before the release ${JSON.stringify(id)}` };
      // A seller that builds anew may take as many queries as the first time.
      return first(Array.from({ length: 3 }, () => async () => accessible(await market.poll(id), false)));
    }),
  },
  {
    ...live,
    id: 'released.same-id',
    title: { en: 'what that create is answered', zh: '该 newInstance 的应答' },
    severity: 'should',
    want: '000000 with the same instanceId',
    after: ['released.newInstance'],
    run: withBought(async ({ life, market, id, orderId }) => {
      const call = await market.create(orderId);
      return first([async () => accepted(call), async () => same(life, id, call)]);
    }),
  },
];

/** How often the first instance was asked for until it was ready: what another one needs at most, if it is built all the same. */
async function pollsOf(life: Life): Promise<number> {
  const { instanceId } = await life.bought();
  const polls = (await life.calls()).filter((call) => call.verb === 'queryInstance' && call.instanceId === instanceId);
  return polls.findIndex(({ resultCode }) => resultCode === '000000') + 1;
}
