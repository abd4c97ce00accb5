import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readJson, type JsonObject } from '../../src/marketplace/json.ts';
import { parse } from '../../src/marketplace/saas-v2/parse.ts';
import { verbs, type Activity } from '../../src/marketplace/saas-v2/verbs.ts';
import { NoInstance, NoOrder, NoSeller, NotReady } from '../../src/simulator/errors.ts';
import { BUYER } from '../../src/simulator/buyer.ts';
import { json } from './seller.ts';
import { openMarket, openStage, STANDARD, START, type Stage } from './stage.ts';

const PACE = { every: 1, limit: 1_000 };
const DAY = 86_400_000;
const END = Date.UTC(2026, 11, 21, 9, 30);

describe('the actions of the market', () => {
  let stage: Stage;
  const last = () => stage.seller.received.at(-1)!;

  beforeEach(async () => {
    stage = await openStage();
  });
  afterEach(() => stage.close());

  it('sign every call so that the published algorithm verifies it, with the current time and a fresh nonce', async () => {
    const { market, seller, clock } = stage;
    const { order, call } = await market.buy(STANDARD);
    clock.at += 5_000;
    await market.poll(order);
    await market.freeze(call.answer?.['instanceId'] as string);
    expect(seller.received.map(({ signed }) => signed)).toEqual([true, true, true]);
    expect(seller.received.map(({ query }) => query.get('timestamp'))).toEqual([START, START + 5_000, START + 5_000].map(String));
    expect(new Set(seller.received.map(({ query }) => query.get('nonce'))).size).toBe(3);
    for (const { method, path, query, headers } of seller.received) {
      expect(method).toBe('POST');
      expect(path).toBe('/koogallery/saas');
      expect([...query.keys()].sort()).toEqual(['nonce', 'signature', 'timestamp']);
      expect(query.get('signature')).toMatch(/^[0-9A-F]{64}$/);
      expect(query.get('nonce')).toMatch(/^[0-9A-F]{64}$/);
      expect(headers).toMatchObject({ accept: 'application/json', 'content-type': 'application/json;charset=utf8' });
    }
  });

  it('buy: newInstance with order, line and a businessId, compact and sorted, nothing else', async () => {
    const { order, call } = await stage.market.buy(STANDARD);
    expect(order.orderId).toMatch(/^CS2611211730[A-Z2-9]{5}$/);
    expect(order.orderLineId).toBe(`${order.orderId}-000001`);
    const { businessId } = last().members;
    expect(businessId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(last().raw).toBe(
      `{"activity":"newInstance","businessId":"${String(businessId)}","orderId":"${order.orderId}","orderLineId":"${order.orderLineId}"}`,
    );
    expect(call).toMatchObject({ verb: 'newInstance', kind: 'live', status: 200, resultCode: '000004', verdict: { ok: true } });
    expect(order).toMatchObject({ type: 'NEW', chargingMode: 'PERIOD', periodType: 'month', periodNumber: 1, expireAt: END });
  });

  it('create: the same order again with another businessId', async () => {
    const { order } = await stage.market.buy(STANDARD);
    await stage.market.create(order);
    const [first, second] = stage.seller.received.map(({ members }) => members);
    expect(second).toEqual({ ...first, businessId: expect.any(String) });
    expect(second!['businessId']).not.toBe(first!['businessId']);
  });

  it('untilReady: polls until the access data are there', async () => {
    const { order } = await stage.market.buy(STANDARD);
    const access = await stage.market.untilReady(order, PACE);
    expect(access).toEqual({ frontEndUrl: 'https://app.example/t/1', userName: 'admin', password: 'geheim "1"' });
    expect(last().members).toEqual({ activity: 'queryInstance', instanceId: `i-${order.orderLineId}` });
    expect(await stage.market.asset(order)).toEqual({ instanceId: `i-${order.orderLineId}`, status: 'active', expireAt: END, arrearsSince: null });
    expect((await stage.market.calls()).map(({ verb, resultCode }) => [verb, resultCode])).toEqual([
      ['newInstance', '000004'],
      ['queryInstance', '000004'],
      ['queryInstance', '000000'],
    ]);
  });

  it('untilReady: gives up at its limit and says what the seller said last', async () => {
    const { market, seller, clock } = stage;
    const { order } = await market.buy(STANDARD);
    seller.answer((_, response) => {
      clock.at += 400;
      json(response, { resultCode: '000100', resultMsg: 'no resources' });
    });
    await expect(market.untilReady(order, PACE)).rejects.toThrow(NotReady);
    await expect(market.untilReady(order, PACE)).rejects.toThrow(/000100/);
  });

  it('untilReady: gives up also when the clock stands still', async () => {
    const { market, seller } = stage;
    const { order } = await market.buy(STANDARD);
    seller.answer((_, response) => json(response, { resultCode: '000004', resultMsg: 'working' }));
    await expect(market.untilReady(order, { every: 5, limit: 20 })).rejects.toThrow(NotReady);
    expect(seller.received).toHaveLength(6);
  });

  it('retryUntil: repeats the create until the seller takes it', async () => {
    const { market, seller } = stage;
    seller.answer((_, response) => json(response, { resultCode: '000005', resultMsg: 'later' }));
    const { order } = await market.buy(STANDARD);
    await expect(market.poll(order)).rejects.toThrow(NoInstance);
    seller.answer((_, response) => {
      seller.answer(null);
      json(response, {}, { status: 503 });
    });
    const call = await market.retryUntil(order, PACE);
    expect(call.resultCode).toBe('000004');
    expect(seller.received).toHaveLength(3);
  });

  it('renew: a new order, the new end counted from the original one even when that is past', async () => {
    const { market, clock } = stage;
    const { order } = await market.buy(STANDARD);
    clock.at = END + 10 * DAY;
    const { order: renewal } = await market.renew(order);
    expect(last().members).toEqual({
      activity: 'refreshInstance',
      expireTime: '20270121093000',
      instanceId: `i-${order.orderLineId}`,
      orderId: renewal.orderId,
      orderLineId: renewal.orderLineId,
      scene: 'RENEWAL',
    });
    expect(renewal).toMatchObject({ type: 'RENEW', purchaseId: order.orderId, previousExpireAt: END });
    await market.renew(order, { periods: 2, productId: 'OFFI-two' });
    expect(last().members).toMatchObject({ expireTime: '20270321093000', productId: 'OFFI-two' });
    await market.renew(order, { expireAt: END + 1_234 });
    expect(last().members['expireTime']).toBe('20261221093001234');
  });

  it('refundRenewal: back to the end before that renewal, under the refund order', async () => {
    const { market } = stage;
    const { order } = await market.buy(STANDARD);
    const { order: renewal } = await market.renew(order);
    const { order: refund } = await market.refundRenewal(renewal);
    expect(last().members).toEqual({
      activity: 'refreshInstance',
      expireTime: '20261221093000',
      instanceId: `i-${order.orderLineId}`,
      orderId: refund.orderId,
      orderLineId: refund.orderLineId,
      scene: 'UNSUBSCRIBE_RENEWAL_PERIOD',
    });
    expect(refund.type).toBe('UNSUBSCRIBE');
    expect((await market.asset(order)).expireAt).toBe(END);
    await expect(market.refundRenewal(order)).rejects.toThrow(NoOrder);
  });

  it('toFormal: a trial becomes formal under a new order and names its product', async () => {
    const { market } = stage;
    const { order } = await market.buy({ ...STANDARD, trial: true });
    expect(order).toMatchObject({ type: 'TRIAL', periodType: 'day', periodNumber: 7, expireAt: START + 7 * DAY });
    const { order: formal } = await market.toFormal(order, { productId: 'OFFI-year', periodType: 'year' });
    expect(last().members).toEqual({
      activity: 'refreshInstance',
      expireTime: '20271121093000',
      instanceId: `i-${order.orderLineId}`,
      orderId: formal.orderId,
      orderLineId: formal.orderLineId,
      productId: 'OFFI-year',
      scene: 'TRIAL_TO_FORMAL',
    });
  });

  it('freeze, unfreeze and release: the instance alone; release names an order only for an unsubscription', async () => {
    const { market } = stage;
    const { order } = await market.buy(STANDARD);
    const instanceId = `i-${order.orderLineId}`;
    await market.freeze(instanceId);
    expect(last().members).toEqual({ activity: 'updateInstanceStatus', instanceId, status: 'FREEZE' });
    expect((await market.asset(order)).status).toBe('frozen');
    await market.unfreeze(instanceId);
    expect(last().members).toEqual({ activity: 'updateInstanceStatus', instanceId, status: 'UNFREEZE' });
    await market.release(instanceId);
    expect(last().members).toEqual({ activity: 'releaseInstance', instanceId });
    await market.release(instanceId, { unsubscribe: true });
    const unsubscription = (await market.orders()).find(({ type }) => type === 'UNSUBSCRIBE')!;
    const { orderId, orderLineId } = unsubscription;
    expect(last().members).toEqual({ activity: 'releaseInstance', instanceId, orderId, orderLineId });
    expect(await market.asset(order)).toMatchObject({ status: 'released', expireAt: END });
  });

  it('a release is final: what the seller still accepts afterwards brings nothing back', async () => {
    const { market } = stage;
    const { order } = await market.buy(STANDARD);
    const instanceId = `i-${order.orderLineId}`;
    await market.release(instanceId);
    for (const { verdict } of [await market.freeze(instanceId), await market.unfreeze(instanceId), await market.create(order)]) expect(verdict.ok).toBe(true);
    expect((await market.asset(order)).status).toBe('released');
  });

  it('a call that the seller refuses changes nothing in the books', async () => {
    const { market, seller } = stage;
    const { order } = await market.buy(STANDARD);
    seller.answer((_, response) => json(response, { resultCode: '000003', resultMsg: 'unknown' }));
    const call = await market.freeze(`i-${order.orderLineId}`);
    expect(call.verdict).toMatchObject({ ok: false, rule: 'success' });
    expect((await market.asset(order)).status).toBe('ordered');
  });

  it('upgrade: a new order; checkChange: the target product and no order', async () => {
    const { market } = stage;
    const { order } = await market.buy(STANDARD);
    const instanceId = `i-${order.orderLineId}`;
    const { order: change } = await market.upgrade(order, { linearValue: 20 });
    expect(last().members).toEqual({ activity: 'upgradeInstance', instanceId, orderId: change.orderId, orderLineId: change.orderLineId });
    expect(change.products).toEqual([{ ...STANDARD, linearValue: 20 }]);
    await market.checkChange(order, { linearValue: 5 });
    expect(last().members).toEqual({ activity: 'changeInstanceCheck', instanceId, productInfo: { ...STANDARD, linearValue: 5 } });
  });

  it.each(Object.keys(verbs) as Activity[])('probe %s: the saved case, complete, with testFlag "1"', async (verb) => {
    const call = await stage.market.probe(verb);
    expect(last().members).toMatchObject({ activity: verb, testFlag: '1' });
    expect(parse({ body: readJson(last().raw) as JsonObject })).toMatchObject({ verb, probe: true });
    expect(call).toMatchObject({ verb, kind: 'test' });
    expect(await stage.market.orders()).toEqual([]);
  });

  it('probe: a MOCK order is a test without the flag', async () => {
    const call = await stage.market.probe('newInstance', { orderId: 'MOCKONDEMAND', orderLineId: 'MOCKONDEMAND-000001', testFlag: undefined });
    expect(last().members).toEqual({ activity: 'newInstance', businessId: expect.any(String), orderId: 'MOCKONDEMAND', orderLineId: 'MOCKONDEMAND-000001' });
    expect(call.kind).toBe('test');
  });

  it('what has no end is bought without one and cannot be renewed', async () => {
    const { market } = stage;
    const { order } = await market.buy({ ...STANDARD, chargingMode: 'ONE_TIME' });
    expect(order).toMatchObject({ periodType: null, periodNumber: null, expireAt: null });
    await expect(market.renew(order)).rejects.toThrow(NoOrder);
  });

  it('need the seller’s address, which may come later, and an order that exists', async () => {
    const market = await openMarket(stage.clock);
    try {
      await expect(market.freeze('i-1')).rejects.toThrow(NoSeller);
      await expect(market.create('CS0')).rejects.toThrow(NoOrder);
      market.setSeller(stage.seller.url);
      expect((await market.freeze('i-1')).verdict.ok).toBe(true);
    } finally {
      await market.close();
    }
  });

  it('tell the log of every call, and show neither there nor in the journal a password', async () => {
    const told: unknown[] = [];
    const other = await openStage({ log: (call) => told.push(call) });
    try {
      const { order } = await other.market.buy(STANDARD);
      await other.market.untilReady(order, PACE);
      expect(told).toEqual(await other.market.calls());
      expect(told).toHaveLength(3);
      expect(JSON.stringify(told)).not.toContain('geheim');
      expect(JSON.stringify(told)).toContain('frontEndUrl');
      expect(JSON.stringify(told)).not.toContain(BUYER.mobilePhone);
    } finally {
      await other.close();
    }
  });
});
