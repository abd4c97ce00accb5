import type { Client } from '@temporalio/client';
import { existsSync } from 'node:fs';
import { workflowIdOf } from '../delivery/temporal-bell.ts';
import { tenantPath } from '../provisioners/sqlite-tenant/tenant-file.ts';
import { tenantFolder } from '../processes/worker.ts';
import type { Call } from '../simulator/call.ts';
import type { Market } from '../simulator/market.ts';
import { activityTime } from './activity-time.ts';
import { createBuyer, type Buyer } from './buyer.ts';
import { MONTH } from './setting.ts';
import { must, type Timeline, type Told } from './timeline.ts';

export interface Life {
  readonly market: Market;
  readonly client: Client;
  readonly dataFolder: string;
  readonly timeline: Timeline;
}

export interface Lived {
  readonly orderLineId: string;
  readonly workflowId: string;
}

const NOTE = 'Written before the freeze.';
const LIMIT = 15_000;

/** Purchase → polling → note → freeze → unfreeze → renewal → expiry and grace by our own clock → freeze → release. Throws StoryBroken at the first thing that is not as it must be. */
export async function playOneLife({ market, client, dataFolder, timeline }: Life, begin: (lived: Lived) => void): Promise<void> {
  const { step, eventually } = timeline;
  const bought = Date.now();
  const end = Math.ceil((bought + MONTH) / 1000) * 1000;
  const seconds = (at: number): string => `${((at - bought) / 1000).toFixed(1)} s`;

  const { order, call: created } = await market.buy({ skuCode: 'demo-notes', productId: 'demo-notes-month', linearValue: 5, expireAt: end });
  const workflowId = workflowIdOf(`${order.orderId}/${order.orderLineId}`);
  begin({ orderLineId: order.orderLineId, workflowId });
  const instanceId = (await market.asset(order)).instanceId ?? '';
  must(instanceId !== '', `newInstance gave no instance id: ${created.text}`);
  const tenantFile = tenantPath(tenantFolder(dataFolder), instanceId);
  const engine = async (activity: string): Promise<Told> => ({ result: 'done', ms: await eventually(activity, LIMIT, () => activityTime(client, workflowId, activity)) });
  let buyer: Buyer | null = null;
  const shown = (): Buyer => {
    if (!buyer) throw new Error('the buyer has no access data');
    return buyer;
  };
  const refusedAtLogin = async (): Promise<void> => {
    await eventually('the login being refused', LIMIT, async () => ((await shown().logIn()) === 403 ? true : null));
    must(existsSync(tenantFile), 'the tenant file is gone');
  };

  await step('market', 'newInstance', async () => answered(created, '000004'));
  await step('market', 'queryInstance', async () => {
    const call = await market.poll(instanceId);
    return answered(call, call.resultCode === '000000' ? '000000' : '000004');
  });
  await step('engine', 'provision sqlite-tenant', () => engine('provision'));
  await step('market', 'queryInstance', async () => {
    const access = await market.untilReady(order, { every: 100, limit: LIMIT });
    buyer = createBuyer(access);
    const [last] = (await market.calls()).toReversed();
    return { ...answered(last, '000000'), note: 'access data' };
  });
  await step('buyer', 'logs in, writes a note', async () => {
    must((await shown().logIn()) === 303, 'the login was refused');
    must((await shown().writeNote(NOTE)) === 303, 'the note was refused');
    return { result: 'ok' };
  });
  await step('market', 'FREEZE', async () => {
    const told = answered(await market.freeze(instanceId), '000000');
    await refusedAtLogin();
    return { ...told, note: 'login refused, data kept' };
  });
  await step('market', 'UNFREEZE', async () => {
    const told = answered(await market.unfreeze(instanceId), '000000');
    await eventually('the login', LIMIT, async () => ((await shown().logIn()) === 303 ? true : null));
    must((await shown().page()).includes(NOTE), 'the note is gone');
    return { ...told, note: 'the note is still there' };
  });
  const renewedEnd = end + MONTH;
  await step('market', 'RENEWAL', async () => {
    const { call } = await market.renew(order, { expireAt: renewedEnd });
    return { ...answered(call, '000000'), note: `ends at ${seconds(renewedEnd)}` };
  });
  await step('engine', 'suspend (own clock)', async () => {
    await eventually('the freeze by our own clock', renewedEnd - Date.now() + LIMIT, async () => ((await shown().logIn()) === 403 ? true : null));
    must(Date.now() >= renewedEnd, 'frozen before the paid end');
    must(existsSync(tenantFile), 'the tenant file is gone');
    return { ...(await engine('suspend')), note: 'expired, grace over: login refused, data kept' };
  });
  await step('market', 'queryInstance', async () => ({ ...answered(await market.poll(instanceId), '000000'), note: 'the address stays, access data do not' }));
  await step('market', 'releaseInstance', async () => {
    const told = answered(await market.release(instanceId), '000000');
    await eventually('the removal of the tenant', LIMIT, async () => (existsSync(tenantFile) ? null : true));
    return { ...told, note: 'tenant file gone' };
  });
  await step('engine', 'remove', () => engine('remove'));
  await step('market', 'queryInstance', async () => {
    const call = await eventually('the release being known', LIMIT, async () => {
      const last = await market.poll(instanceId);
      return last.resultCode === '000003' ? last : null;
    });
    return { ...answered(call, '000003'), note: 'no such instance any more' };
  });
}

function answered(call: Call | undefined, code: string): Told {
  if (!call) throw new Error('no call was made');
  must(call.resultCode === code, `answered ${call.resultCode ?? call.failure ?? `HTTP ${call.status}`}, want ${code}`);
  return { result: code, ms: call.ms };
}
