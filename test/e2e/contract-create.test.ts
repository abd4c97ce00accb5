import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ProvisionRefused, type RefusalCode } from '../../src/provisioners/provisioner.ts';
import { OTHER_SELLERS_ORDER } from '../../src/simulator/open-api/order-query.ts';
import { listNotices } from '../../src/store/notices.ts';
import { eventually } from '../support/engine.ts';
import { DAY, PACE, startSeller, type Seller } from './seller.ts';

const CODES: readonly RefusalCode[] = ['000100', '000101', '000102', '000103', '000104', '000105', '000106', '000107'];

describe('newInstance', () => {
  let seller: Seller;
  beforeAll(async () => {
    seller = await startSeller();
  });
  beforeEach(async () => {
    seller.tenants.trouble = {};
    await seller.engine.market.clear();
  });
  afterAll(() => seller.engine.stop());

  const noticesOf = async (instanceId: string): Promise<string[]> => (await listNotices(seller.engine.store.em(), { instanceId, limit: 9 })).filter(({ sentAt }) => sentAt !== null).map(({ kind }) => kind);
  const create = (orderId: string, orderLineId: string) => seller.engine.market.send({ body: { activity: 'newInstance', businessId: randomUUID(), orderId, orderLineId } });

  it.each([
    ['PERIOD', { chargingMode: 'PERIOD', linearValue: 12 }, { chargingMode: 'PERIOD', quantity: 12, trial: false }, true],
    ['ONE_TIME', { chargingMode: 'ONE_TIME' }, { chargingMode: 'ONE_TIME', trial: false }, false],
    ['ON_DEMAND', { chargingMode: 'ON_DEMAND' }, { chargingMode: 'ON_DEMAND', trial: false }, false],
    ['ON_DEMAND_PKG', { chargingMode: 'ON_DEMAND_PKG' }, { chargingMode: 'ON_DEMAND_PKG', trial: false }, true],
    ['a trial', { trial: true }, { chargingMode: 'PERIOD', trial: true }, true],
  ] as const)('of %s is built as the order query says', async (_, purchase, plan, ends) => {
    const { instanceId, order } = await seller.ready(purchase);
    expect(seller.tenants.plans.get(instanceId)).toMatchObject({ skuCode: 'notes', productId: 'notes-month', quantity: 5, ...plan });
    const { state } = await seller.until(instanceId, ({ phase }) => phase === 'active');
    expect([state.desired.expireAt, state.desired.stated]).toEqual([ends ? Math.floor((order.expireAt ?? 0) / 1000) * 1000 : null, false]);
  });

  it('of several products in one line is one instance, and a person is told', async () => {
    const { instanceId } = await seller.ready({ products: [{ skuCode: 'notes', productId: 'notes-month', linearValue: 2 }, { skuCode: 'storage', productId: 'storage-month' }] });
    expect(seller.tenants.plans.get(instanceId)).toMatchObject({ skuCode: 'notes', quantity: 2 });
    expect(seller.effectsOn(instanceId)).toEqual(['create']);
    await eventually(async () => (await noticesOf(instanceId)).includes('several-products'));
  });

  it('refused for good answers the business code, each of 000100 to 000107, on create and on query', async () => {
    const left = [...CODES];
    const given = new Map<string, RefusalCode>();
    seller.tenants.trouble.before = (verb, instanceId) => {
      if (verb !== 'create') return Promise.resolve();
      const code = given.get(instanceId) ?? left.shift() ?? '000104';
      given.set(instanceId, code);
      return Promise.reject(new ProvisionRefused(code, `refused with ${code}`));
    };
    const bought = await Promise.all(CODES.map(() => seller.buy()));
    for (const { instanceId, order } of bought) {
      await seller.until(instanceId, ({ phase }) => phase === 'failed');
      const told = { resultCode: given.get(instanceId), resultMsg: `refused with ${given.get(instanceId)}` };
      expect((await seller.engine.market.poll(instanceId)).answer).toMatchObject(told);
      expect((await seller.engine.market.create(order)).answer).toMatchObject(told);
      await eventually(async () => (await noticesOf(instanceId)).includes('provision-refused'));
    }
    expect([...given.values()].toSorted()).toEqual(CODES);
  });

  it('repeated is the same instance, whatever the businessId, before and after it is built', async () => {
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    seller.tenants.trouble.before = () => gate;
    const { order, instanceId } = await seller.buy();
    const early = await Promise.all(Array.from({ length: 10 }, () => seller.engine.market.create(order)));
    expect(early.map(({ answer }) => answer)).toEqual(early.map(() => expect.objectContaining({ resultCode: '000004', instanceId })));
    open();
    await seller.engine.market.untilReady(order, PACE);
    expect((await seller.engine.market.create(order)).answer).toMatchObject({ resultCode: '000000', instanceId });
    expect(seller.effectsOn(instanceId)).toEqual(['create']);
    const record = await seller.settled(instanceId);
    expect(seller.commands(record)).toEqual(['create done']);
  });

  it('of another line of the same order, or of the same line number in another order, is another instance', async () => {
    const { order, instanceId } = await seller.buy();
    const other = await create(order.orderId, `${order.orderId}-000002`);
    const third = await create(`${order.orderId}X`, order.orderLineId);
    expect(new Set([instanceId, other.answer?.['instanceId'], third.answer?.['instanceId']]).size).toBe(3);
    // The marketplace knows neither line: a person sees that, with what it said.
    for (const call of [other, third]) {
      const { state } = await seller.until(String(call.answer?.['instanceId']), (record) => record.needsPerson.length > 0);
      expect(state.trouble).toMatchObject({ effect: 'order', code: 'order-refused' });
    }
  });

  it("of another seller's order builds nothing, and a person sees the marketplace's no", async () => {
    const call = await create(OTHER_SELLERS_ORDER, `${OTHER_SELLERS_ORDER}-000001`);
    const instanceId = String(call.answer?.['instanceId']);
    const { state, phase } = await seller.until(instanceId, (record) => record.needsPerson.length > 0);
    expect([phase, state.trouble?.code, state.trouble?.nextTryAt]).toEqual(['creating', 'order-refused', expect.any(Number)]);
    expect(state.needsPerson['order-refused']?.detail).toContain('MKT.0150');
    expect(seller.effectsOn(instanceId)).toEqual([]);
    await eventually(async () => (await noticesOf(instanceId)).includes('order-refused'));
    // A release ends it: nothing was built, so nothing is kept.
    expect((await seller.engine.market.release(instanceId)).resultCode).toBe('000000');
    const after = await seller.until(instanceId, (record) => record.state.actual.tenant === 'removed');
    expect([after.needsPerson, seller.commands(after)]).toEqual([[], ['create superseded', 'release done']]);
  });

  it('of an order with a charging mode and an order type that nobody knows is served as it stands, and a person is told which', async () => {
    seller.engine.market.trouble({ orderQuery: 'unknown-words', times: 1 });
    const { instanceId } = await seller.ready();
    const { state } = await seller.until(instanceId, (record) => record.needsPerson.length > 0);
    expect(state.needsPerson['unfamiliar-order']?.detail).toContain('charging mode PER_TOKEN, order type PRESALE');
    expect(state.actual).toMatchObject({ tenant: 'open', plan: { chargingMode: 'PER_TOKEN', trial: false } });
    await eventually(async () => (await noticesOf(instanceId)).includes('unfamiliar-order'));
  });

  it.each(['html', 'no-products', 'other-order'] as const)('of an order query that answers %s is asked again, and the reason stands in the state', async (orderQuery) => {
    // Three attempts make a round: the first of the next one is answered well.
    seller.engine.market.trouble({ orderQuery, times: 3 });
    const { instanceId } = await seller.buy();
    const { state } = await seller.until(instanceId, (record) => record.state.trouble !== null);
    expect(state.trouble).toMatchObject({ effect: 'order', rounds: 1, code: expect.stringMatching(/^(UNREACHABLE|ORDER_UNREADABLE)$/) });
    expect(state.trouble?.message).toMatch(/\S/);
    expect(seller.effectsOn(instanceId)).toEqual([]);
    // A release does not wait for the order query to be mended.
    expect((await seller.engine.market.release(instanceId)).resultCode).toBe('000000');
    await seller.until(instanceId, (record) => record.state.actual.tenant === 'removed');
  });

  it('of an order whose end lies in 2200 is built, and a person is told; of one whose end has passed is built and left to its grace', async () => {
    const [far, past] = await Promise.all([seller.ready({ expireAt: Date.UTC(2200, 0, 1) }), seller.ready({ expireAt: Date.now() - DAY })]);
    expect((await seller.until(far.instanceId, (record) => record.needsPerson.length > 0)).needsPerson).toEqual(['odd-expiry']);
    const { state, phase } = await seller.until(past.instanceId, (record) => record.phase === 'active');
    expect([phase, state.desired.stated, state.needsPerson]).toEqual(['active', false, {}]);
  });
});
