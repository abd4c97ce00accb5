import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readJson, type JsonObject } from '../../src/marketplace/json.ts';
import { queryOrder } from '../../src/marketplace/open-api/order-query.ts';
import { parse } from '../../src/marketplace/saas-v2/parse.ts';
import type { Order } from '../../src/simulator/books.ts';
import { NoOrder, NotReady } from '../../src/simulator/errors.ts';
import { json } from './seller.ts';
import { AK, openStage, SK, STANDARD, START, type Stage } from './stage.ts';

const DAY = 86_400_000;
const END = Date.UTC(2026, 11, 21, 9, 30);
const PACE = { every: 1, limit: 1_000 };

describe('changes of what was bought', () => {
  let stage: Stage;
  const last = () => stage.seller.received.at(-1)!;
  const refuse = (): void => stage.seller.answer((_, response) => json(response, { resultCode: '000005', resultMsg: 'later' }));
  const told = async ({ orderId, orderLineId }: Order) =>
    (await queryOrder({ baseUrl: stage.market.openApiUrl, ak: AK, sk: SK, orderId, orderLineId, fetch, now: () => stage.clock.at })).purchase;

  beforeEach(async () => {
    stage = await openStage();
  });
  afterEach(() => stage.close());

  it('upgrade: the order query tells the target by the new order, and the old one as it was', async () => {
    const { market } = stage;
    const { order } = await market.buy(STANDARD);
    const { order: change } = await market.upgrade(order, { skuCode: 'sku-big', linearValue: 20 });
    expect(change).toMatchObject({ type: 'CHANGE', purchaseId: order.orderId, expireAt: END });
    expect(await told(change)).toMatchObject({ plan: { skuCode: 'sku-big', productId: 'OFFI-month', quantity: 20, trial: false }, expireAt: END, products: 1 });
    expect(await told(order)).toMatchObject({ plan: { skuCode: 'sku-standard', quantity: 10 } });
  });

  it('actions name what was bought by its instance as well', async () => {
    const { market } = stage;
    const { order } = await market.buy(STANDARD);
    const instanceId = `i-${order.orderLineId}`;
    const { order: change } = await market.upgrade(instanceId, { linearValue: 20 });
    expect(change.purchaseId).toBe(order.orderId);
    expect((await market.renew(instanceId)).order.purchaseId).toBe(order.orderId);
    expect((await market.checkChange(instanceId, {})).verb).toBe('changeInstanceCheck');
    await expect(market.upgrade('nobody', {})).rejects.toThrow(NoOrder);
  });

  it('renewals, changes and questions begin from what holds now: a change that the seller accepted, never one that it refused', async () => {
    const { market, seller } = stage;
    const { order } = await market.buy(STANDARD);
    await market.upgrade(order, { linearValue: 20 });
    refuse();
    await market.upgrade(order, { linearValue: 99 });
    seller.answer(null);
    expect((await market.renew(order)).order.products).toEqual([{ ...STANDARD, linearValue: 20 }]);
    await market.checkChange(order, { skuCode: 'sku-small' });
    expect(last().members['productInfo']).toEqual({ ...STANDARD, skuCode: 'sku-small', linearValue: 20 });
    await market.renew(order, { productId: 'OFFI-year', periodType: 'year' });
    const { order: renewal } = await market.renew(order);
    expect(renewal).toMatchObject({ periodType: 'year', products: [{ ...STANDARD, productId: 'OFFI-year', linearValue: 20 }] });
  });

  it.each(['RENEW', 'CHANGE'] as const)('renewChange: one call with the new end, and the order query tells the new size under an order of type %s', async (orderType) => {
    const { market } = stage;
    const { order } = await market.buy(STANDARD);
    const { order: renewal } = await market.renewChange(order, { skuCode: 'sku-big', linearValue: 50 }, { orderType });
    const { orderId, orderLineId } = renewal;
    const instanceId = `i-${order.orderLineId}`;
    expect(last().members).toEqual({ activity: 'refreshInstance', scene: 'RENEWAL_CHANGE', expireTime: '20270121093000', instanceId, orderId, orderLineId });
    expect(renewal).toMatchObject({ type: orderType, previousExpireAt: END });
    expect(await told(renewal)).toMatchObject({ plan: { skuCode: 'sku-big', quantity: 50 }, expireAt: Date.UTC(2027, 0, 21, 9, 30) });
    await market.refundRenewal(renewal);
    expect(last().members).toMatchObject({ scene: 'UNSUBSCRIBE_RENEWAL_PERIOD', expireTime: '20261221093000' });
  });

  it('renewChange: names the product when the target does, and takes the periods of a renewal', async () => {
    const { order } = await stage.market.buy(STANDARD);
    await stage.market.renewChange(order, { productId: 'OFFI-year', linearValue: 5 }, { periods: 2, periodType: 'year' });
    expect(last().members).toMatchObject({ productId: 'OFFI-year', expireTime: '20281221093000', scene: 'RENEWAL_CHANGE' });
  });

  it('an upgrade is no renewal that could be refunded', async () => {
    const { order } = await stage.market.buy(STANDARD);
    const { order: change } = await stage.market.upgrade(order, { linearValue: 20 });
    await expect(stage.market.refundRenewal(change)).rejects.toThrow(NoOrder);
  });

  const product = { ...STANDARD, linearValue: 5 };
  it.each([
    ['object', product],
    ['array', [product]],
    ['text', product],
    ['text-of-array', [product]],
  ] as const)('checkChange: productInfo as %s, which the seller reads as the same target', async (as, target) => {
    const { order } = await stage.market.buy(STANDARD);
    await stage.market.checkChange(order, { linearValue: 5 }, { as });
    const { productInfo } = last().members;
    expect(typeof productInfo).toBe(as.startsWith('text') ? 'string' : 'object');
    expect(typeof productInfo === 'string' ? JSON.parse(productInfo) : productInfo).toEqual(target);
    const read = parse({ body: readJson(last().raw) as JsonObject });
    expect(read).not.toHaveProperty('refused');
    expect(read).toMatchObject({ verb: 'changeInstanceCheck', instanceId: `i-${order.orderLineId}` });
  });

  it('again: the same call with a new stamp, until the seller has carried it out', async () => {
    const { market, seller, clock } = stage;
    const { order } = await market.buy(STANDARD);
    refuse();
    const { order: change } = await market.upgrade(order, { linearValue: 20 });
    const first = last();
    clock.at += 60_000;
    expect((await market.again(change)).resultCode).toBe('000005');
    expect(last().members).toEqual(first.members);
    expect(last().signed).toBe(true);
    expect(last().query.get('nonce')).not.toBe(first.query.get('nonce'));
    expect(last().query.get('timestamp')).toBe(String(START + 60_000));
    await expect(market.retryUntil(change, { every: 5, limit: 20 })).rejects.toThrow(NotReady);
    seller.answer(null);
    expect(await market.retryUntil(change, PACE)).toMatchObject({ verb: 'upgradeInstance', resultCode: '000000' });
    expect((await market.renew(order)).order.products).toEqual([{ ...STANDARD, linearValue: 20 }]);
  });

  it('again: a create gets another businessId, a renewal, a refund and an unsubscription repeat their own call', async () => {
    const { market } = stage;
    const { order, call } = await market.buy(STANDARD);
    await market.again(order);
    const [one, two] = stage.seller.received.map(({ members }) => members);
    expect(two).toEqual({ ...one, businessId: expect.any(String) });
    expect(two!['businessId']).not.toBe(one!['businessId']);
    const { order: renewal } = await market.renew(order);
    const { order: refund } = await market.refundRenewal(renewal);
    refuse();
    await market.release(String(call.answer?.['instanceId']), { unsubscribe: true });
    stage.seller.answer(null);
    expect((await market.asset(order)).status).toBe('ordered');
    const released = (await market.orders()).filter(({ type }) => type === 'UNSUBSCRIBE').find(({ orderId }) => orderId !== refund.orderId)!;
    for (const each of [renewal, refund, released]) {
      const before = stage.seller.received.find(({ members }) => members['orderId'] === each.orderId);
      await market.again(each);
      expect(last().members).toEqual(before?.members);
    }
    expect((await market.asset(order)).status).toBe('released');
  });

  it('again: an accepted change that is repeated late does not undo a later one', async () => {
    const { market } = stage;
    const { order } = await market.buy(STANDARD);
    const { order: first } = await market.upgrade(order, { linearValue: 20 });
    await market.upgrade(order, { linearValue: 30 });
    await market.again(first);
    expect((await market.renew(order)).order.products).toEqual([{ ...STANDARD, linearValue: 30 }]);
  });

  it.each([
    ['a period', {}, { chargingMode: 'PERIOD', trial: false }, END],
    ['a year', { periodType: 'year' }, { chargingMode: 'PERIOD', trial: false }, Date.UTC(2027, 10, 21, 9, 30)],
    ['a trial', { trial: true }, { chargingMode: 'PERIOD', trial: true }, START + 7 * DAY],
    ['one time', { chargingMode: 'ONE_TIME' }, { chargingMode: 'ONE_TIME', trial: false }, null],
    ['by use', { chargingMode: 'ON_DEMAND' }, { chargingMode: 'ON_DEMAND', trial: false }, null],
    ['a package', { chargingMode: 'ON_DEMAND_PKG' }, { chargingMode: 'ON_DEMAND_PKG', trial: false }, END],
  ] as const)('the order query answers a purchase of %s so that the seller reads what was bought', async (_, terms, plan, expireAt) => {
    const { order } = await stage.market.buy({ ...STANDARD, ...terms });
    expect(await told(order)).toMatchObject({ plan: { skuCode: 'sku-standard', productId: 'OFFI-month', quantity: 10, ...plan }, expireAt, products: 1 });
  });

  it('the order query answers a trial that became formal as formal, with its new product', async () => {
    const { order } = await stage.market.buy({ ...STANDARD, trial: true });
    const { order: formal } = await stage.market.toFormal(order, { productId: 'OFFI-year', periodType: 'year' });
    expect(await told(formal)).toMatchObject({ plan: { productId: 'OFFI-year', trial: false }, expireAt: Date.UTC(2027, 10, 21, 9, 30) });
    expect((await stage.market.renew(order)).order).toMatchObject({ periodType: 'year', products: [{ productId: 'OFFI-year' }] });
  });

  it('several products stand in one line, are changed together or replaced, and are counted by the seller', async () => {
    const { market } = stage;
    const products = [STANDARD, { skuCode: 'sku-sms', productId: 'OFFI-sms' }];
    const { order } = await market.buy({ ...STANDARD, chargingMode: 'ON_DEMAND', products });
    expect(await told(order)).toMatchObject({ plan: { skuCode: 'sku-standard', quantity: 10 }, products: 2 });
    const { order: bigger } = await market.upgrade(order, { linearValue: 20 });
    expect(bigger.products).toEqual(products.map((each) => ({ ...each, linearValue: 20 })));
    const { order: other } = await market.upgrade(order, { products: [{ skuCode: 'sku-all', productId: 'OFFI-all' }] });
    expect(await told(other)).toMatchObject({ plan: { skuCode: 'sku-all', quantity: null }, products: 1 });
  });

  it('the order query can answer in words that no page lists', async () => {
    const { order } = await stage.market.buy(STANDARD);
    stage.market.trouble({ orderQuery: 'unknown-words', times: 1 });
    expect(await told(order)).toMatchObject({ plan: { skuCode: 'sku-standard', quantity: 10, chargingMode: 'PER_TOKEN', trial: false } });
    expect(await told(order)).toMatchObject({ plan: { chargingMode: 'PERIOD' } });
  });
});
