import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { queryOrder } from '../../src/marketplace/open-api/order-query.ts';
import type { ActionDone } from '../../src/simulator/control/app.ts';
import { controlApp } from '../../src/simulator/control/app.ts';
import { HOUR, liveUntil } from './platform-time.ts';
import { json } from './seller.ts';
import { AK, openStage, SK, type Stage } from './stage.ts';
import { NEW, signed } from './usage-stage.ts';

describe('the control API', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await openStage({ platform: { level: 'V1' } });
  });
  afterEach(() => stage.close());

  async function ask(path: string, body?: unknown, headers: Record<string, string> = { 'content-type': 'application/json' }): Promise<{ status: number; body: unknown }> {
    const post = body === undefined ? {} : { method: 'POST', headers, body: typeof body === 'string' ? body : JSON.stringify(body) };
    const response = await controlApp(stage.market).request(`http://127.0.0.1${path}`, post);
    return { status: response.status, body: await response.json() };
  }
  async function act(name: string, input: unknown = {}): Promise<ActionDone> {
    const { status, body } = await ask(`/actions/${name}`, input);
    expect({ status, body }).toMatchObject({ status: 200 });
    return body as ActionDone;
  }
  const last = () => stage.seller.received.at(-1)!.members;
  const asked = async (orderId: string) => {
    const response = await queryOrder({ baseUrl: stage.market.openApiUrl, ak: AK, sk: SK, orderId, orderLineId: `${orderId}-000001`, fetch, now: () => stage.clock.at });
    return response.purchase;
  };

  it('plays a life, and tells of every action the calls that it caused and where the order stands', async () => {
    const { order, calls } = await act('buy', { skuCode: 'sku-a', linearValue: 5 });
    expect(calls.map(({ verb, resultCode, verdict }) => [verb, resultCode, verdict.ok])).toEqual([['newInstance', '000004', true]]);
    expect(order).toMatchObject({ type: 'NEW', status: 'ordered', instanceId: `i-${order?.orderLineId}` });
    await act('open', { order: order?.orderId });
    expect((await act('open', { order: order?.orderId })).calls[0]?.text).toContain('"password":"***"');
    const renewal = await act('renew', { order: order?.orderId, periods: 2 });
    expect(renewal.order).toMatchObject({ type: 'RENEW', periodNumber: 2 });
    expect((await act('refund', { order: renewal.order?.orderId })).order).toMatchObject({ type: 'UNSUBSCRIBE' });
    expect((await act('upgrade', { order: order?.orderId, linearValue: 9 })).order).toMatchObject({ type: 'CHANGE', products: [{ linearValue: 9 }] });
    await act('renew-change', { order: order?.orderId, linearValue: 12 });
    expect(last()).toMatchObject({ scene: 'RENEWAL_CHANGE' });
    expect((await act('violate', { order: order?.orderId })).order?.status).toBe('frozen');
    expect((await act('lift', { order: order?.instanceId })).order?.status).toBe('active');
    expect((await act('expire', { order: order?.orderId })).order).toMatchObject({ status: 'frozen', paidUntil: stage.clock.at });
    expect((await act('unsubscribe', { order: order?.orderId })).order?.status).toBe('released');
    expect((await ask('/orders')).body).toHaveLength(6);
    expect((await ask('/calls?limit=3')).body).toMatchObject([{ verb: 'updateInstanceStatus' }, { verb: 'updateInstanceStatus' }, { verb: 'releaseInstance' }]);
  });

  it('renewing what the expiry froze causes two calls, and tells of both', async () => {
    const { order } = await act('buy');
    await act('expire', { order: order?.orderId });
    const { calls } = await act('renew', { order: order?.orderId });
    expect(calls.map(({ body }) => (JSON.parse(body) as { scene?: string; status?: string }).scene ?? (JSON.parse(body) as { status: string }).status)).toEqual(['RENEWAL', 'UNFREEZE']);
  });

  it('edits what the order query tells, and leaves the other orders as they are', async () => {
    const plain = await act('buy', { linearValue: 10 });
    const edited = await act('buy', { linearValue: 10, set: { linearValue: 20, skuCode: 'sku-other' }, drop: ['expireTime'] });
    expect(Object.keys(last()).sort()).toEqual(['activity', 'businessId', 'orderId', 'orderLineId']);
    expect(await asked(edited.order!.orderId)).toMatchObject({ plan: { quantity: 20, skuCode: 'sku-other' }, expireAt: null });
    expect(await asked(plain.order!.orderId)).toMatchObject({ plan: { quantity: 10 }, expireAt: plain.order!.expireAt });
  });

  it('edits the calls of an action, and their repeats', async () => {
    const { market, seller, clock } = stage;
    seller.answer((_, response) => json(response, { resultCode: '000002', resultMsg: 'no businessId' }));
    await act('buy', { set: { saleType: '2' }, drop: ['businessId'] });
    await liveUntil(market, clock, clock.at + HOUR);
    expect(seller.received).toHaveLength(2);
    for (const { members } of seller.received) {
      expect(members).toMatchObject({ saleType: '2' });
      expect(members).not.toHaveProperty('businessId');
    }
    seller.answer(null);
    const { order } = await act('buy');
    await act('violate', { order: order?.orderId, set: { status: 'STOP' } });
    expect(last()).toMatchObject({ status: 'STOP', instanceId: order?.instanceId });
    await act('renew', { order: order?.orderId, set: { expireTime: '20300101000000' } });
    expect(last()).toMatchObject({ expireTime: '20300101000000' });
  });

  it('debugs cases, and shows the gauge', async () => {
    const { calls } = await act('probe', { verbs: ['releaseInstance', 'newInstance'] });
    expect(calls.map(({ verdict }) => verdict.ok)).toEqual([true, false]);
    expect((await ask('/gauge')).body).toMatchObject({ trading: 'on-sale', failedOrders: 0, savedCases: ['releaseInstance'] });
  });

  it('rotates the key that signs, and refuses the one that signs already and what no environment could carry', async () => {
    expect(await ask('/rotate-key', { base: 'kg-next-0123456789abcdef' })).toEqual({ status: 200, body: { rotated: true } });
    await act('buy');
    expect(stage.seller.received.at(-1)?.signed).toBe(false);
    expect(await ask('/rotate-key', { base: 'kg-next-0123456789abcdef' })).toMatchObject({ status: 409, body: { error: { code: 'SAME_KEY' } } });
    const refused = await ask('/rotate-key', { base: 'hidden-one,hidden-two' });
    expect(refused).toMatchObject({ status: 400, body: { error: { code: 'BAD_INPUT' } } });
    expect(JSON.stringify(refused.body)).not.toContain('hidden');
  });

  it('makes trouble with the usage push, and shows what was pushed', async () => {
    expect((await ask('/trouble', { usagePush: 'throttled' })).body).toMatchObject({ orderQuery: null, usagePush: 'throttled' });
    expect(await ask('/trouble', { usagePush: 'rain' })).toMatchObject({ status: 400, body: { error: { code: 'BAD_INPUT' } } });
    const body = JSON.stringify({ usage_records: [{ instance_id: 'i-1', metering_sn: 'sn-1' }] });
    const send = async () => (await fetch(new URL(NEW, stage.market.openApiUrl), { method: 'POST', headers: signed(body), body })).status;
    expect(await send()).toBe(406);
    await ask('/trouble', {});
    expect(await send()).toBe(200);
    expect((await ask('/usage')).body).toMatchObject([{ instanceId: 'i-1', meteringSn: 'sn-1', code: '001' }]);
  });

  it.each([
    ['an unknown action', '/actions/dance', {}, 404, 'NO_SUCH_ACTION'],
    ['an unknown order', '/actions/renew', { order: 'CS0000000000NONE0' }, 409, 'NO_ORDER'],
    ['a missing order', '/actions/renew', {}, 400, 'BAD_INPUT'],
    ['a body that is not JSON', '/actions/buy', '{', 400, 'BAD_INPUT'],
    ['a size below one', '/actions/buy', { linearValue: 0 }, 400, 'BAD_INPUT'],
  ])('refuses %s', async (_what, path, body, status, code) => {
    expect(await ask(path, body)).toMatchObject({ status, body: { error: { code } } });
    expect(stage.seller.received).toEqual([]);
  });

  it('answers no page in a browser: neither another origin, nor another host, nor a form', async () => {
    const app = controlApp(stage.market);
    const send = (url: string, headers: Record<string, string>) => app.request(url, { method: 'POST', headers, body: '{}' });
    expect((await send('http://127.0.0.1/actions/buy', { 'content-type': 'application/json', origin: 'http://evil.example' })).status).toBe(403);
    expect((await send('http://evil.example/actions/buy', { 'content-type': 'application/json' })).status).toBe(403);
    expect((await send('http://127.0.0.1/actions/buy', { 'content-type': 'text/plain' })).status).toBe(400);
    expect(stage.seller.received).toEqual([]);
  });
});
