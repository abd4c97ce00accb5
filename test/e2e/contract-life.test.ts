import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ProvisionRefused } from '../../src/provisioners/provisioner.ts';
import type { Call } from '../../src/simulator/call.ts';
import type { Placed } from '../../src/simulator/actions/play.ts';
import { eventually } from '../support/engine.ts';
import { DAY, PACE, startSeller, type Bought, type Seller } from './seller.ts';

const served = (skuCode: string) => ({ skuCode, provisioner: { kind: 'sqlite-tenant', options: {} } }) as const;
/** Served by another provisioner than the rest: as SKU, and as a product of any SKU. */
const ELSEWHERE = { provisioner: { kind: 'sqlite-tenant', options: { folder: 'elsewhere' } } } as const;
const FITS = { allowed: true } as const;

describe('after newInstance', () => {
  let seller: Seller;
  beforeAll(async () => {
    // 'unserved' is what the file does not name.
    seller = await startSeller({ products: [served('notes'), served('notes-pro'), { skuCode: 'moved', ...ELSEWHERE }, { productId: 'moved-month', ...ELSEWHERE }] });
  });
  beforeEach(() => {
    seller.tenants.trouble = {};
    seller.tenants.fits = () => FITS;
  });
  afterAll(() => seller.engine.stop());

  const market = () => seller.engine.market;
  const refresh = (instanceId: string, scene: string, expireTime: string, orderId: string): Promise<Call> =>
    market().send({ body: { activity: 'refreshInstance', scene, orderId, orderLineId: `${orderId}-000001`, instanceId, expireTime } });
  const isOpen = ({ instanceId }: Bought): boolean => seller.tenants.tenants.get(instanceId) === 'open';
  const ok = (call: Call): void => expect(call.resultCode).toBe('000000');
  /** The repeat is the poll: how long the worker takes decides nothing. */
  const heard = async ({ order }: Placed): Promise<void> => void (await market().retryUntil(order, PACE));

  describe('refreshInstance', () => {
    it('RENEWAL sets the end, with 14 digits and with 17, and with another period its product; twice is once', async () => {
      const bought = await seller.ready();
      const end = Math.floor(Date.now() / 1000) * 1000 + 90 * DAY;
      const whole = await market().renew(bought.order, { expireAt: end });
      ok(whole.call);
      ok(await market().again(whole.order));
      ok((await market().renew(bought.order, { expireAt: end + 7, productId: 'notes-year' })).call);
      const record = await seller.settled(bought.instanceId);
      expect(record.state.desired).toMatchObject({ expireAt: end + 7, stated: true, plan: { productId: 'notes-year' } });
      expect(seller.commands(record)).toEqual(['create done', 'renew done', 'renew done']);
      await eventually(() => Promise.resolve(seller.tenants.plans.get(bought.instanceId)?.productId === 'notes-year'));
    });

    it('RENEWAL out of order never moves the end back', async () => {
      const bought = await seller.ready();
      const end = Date.now() + 400 * DAY;
      for (const expireAt of [end, end - 300 * DAY]) ok((await market().renew(bought.order, { expireAt })).call);
      expect((await seller.settled(bought.instanceId)).state.desired.expireAt).toBe(end);
    });

    it('TRIAL_TO_FORMAL makes the tenant formal, even when it is still being built', async () => {
      const { promise: gate, resolve: open } = Promise.withResolvers<void>();
      const early = await seller.ready({ trial: true });
      seller.tenants.trouble.before = (verb) => (verb === 'create' ? gate : Promise.resolve());
      const late = await seller.buy({ trial: true });
      for (const { order } of [early, late]) ok((await market().toFormal(order, { productId: 'notes-year' })).call);
      open();
      for (const { instanceId } of [early, late]) {
        await eventually(() => Promise.resolve(seller.tenants.plans.get(instanceId)?.trial === false));
        expect(seller.tenants.plans.get(instanceId)).toMatchObject({ productId: 'notes-year', quantity: 5 });
      }
    });

    it('UNSUBSCRIBE_RENEWAL_PERIOD moves the end back, even into the past, and freezes nothing by itself', async () => {
      const bought = await seller.ready();
      const before = (await market().asset(bought.order)).expireAt;
      const renewal = await market().renew(bought.order);
      ok((await market().refundRenewal(renewal.order)).call);
      expect((await seller.settled(bought.instanceId)).state.desired).toMatchObject({ expireAt: before, armed: false });
      ok(await refresh(bought.instanceId, 'UNSUBSCRIBE_RENEWAL_PERIOD', '20200101000000', 'CSREFUND1'));
      const { state, phase } = await seller.settled(bought.instanceId);
      expect([phase, state.desired.expireAt, isOpen(bought), state.needsPerson]).toEqual(['active', Date.UTC(2020, 0, 1), true, {}]);
    });

    it('RENEWAL_CHANGE renews at once, and the size follows from its own order: open, frozen for a violation, and while creating', async () => {
      const { promise: gate, resolve: open } = Promise.withResolvers<void>();
      const [active, frozen] = await Promise.all([seller.ready(), seller.ready()]);
      ok(await market().freeze(frozen.instanceId));
      await eventually(() => Promise.resolve(!isOpen(frozen)));
      seller.tenants.trouble.before = (verb) => (verb === 'create' ? gate : Promise.resolve());
      const creating = await seller.buy();
      for (const { order } of [active, frozen, creating]) ok((await market().renewChange(order, { skuCode: 'notes-pro', linearValue: 20 })).call);
      open();
      for (const bought of [active, frozen, creating]) {
        const record = await seller.settled(bought.instanceId);
        expect(seller.commands(record).at(-1)).toBe('renewChange done');
        expect(record.state.desired.stated).toBe(true);
        expect(seller.tenants.plans.get(bought.instanceId)).toMatchObject({ skuCode: 'notes-pro', quantity: 20 });
        expect(isOpen(bought)).toBe(bought !== frozen);
      }
    });

    it('RENEWAL_CHANGE that the provisioner refuses keeps the renewal and the size, and a person is needed', async () => {
      const bought = await seller.ready();
      seller.tenants.trouble.before = (verb) => (verb === 'change' ? Promise.reject(new ProvisionRefused('000104', '9 of 5 users')) : Promise.resolve());
      ok((await market().renewChange(bought.order, { linearValue: 1 })).call);
      const { state, needsPerson } = await seller.until(bought.instanceId, (record) => record.needsPerson.length > 0);
      expect([needsPerson, state.needsPerson['change-refused']?.detail]).toEqual([['change-refused'], '000104 9 of 5 users']);
      expect([state.desired.stated, state.actual.plan?.quantity]).toEqual([true, 5]);
    });

    it('naming an end that cannot be meant is followed, and a person is told', async () => {
      const [past, far] = await Promise.all([seller.ready(), seller.ready()]);
      ok(await refresh(past.instanceId, 'RENEWAL', '20200101000000', 'CSPAST1'));
      ok(await refresh(far.instanceId, 'RENEWAL', '22000101000000', 'CSFAR1'));
      for (const { instanceId } of [past, far]) expect((await seller.until(instanceId, (record) => record.needsPerson.length > 0)).needsPerson).toEqual(['odd-expiry']);
    });
  });

  describe('updateInstanceStatus', () => {
    it.each(['before', 'after'] as const)('UNFREEZE %s its renewal: either way open with the new end', async (order) => {
      const bought = await seller.ready({ expireAt: Date.now() + DAY });
      ok(await market().freeze(bought.instanceId));
      await eventually(() => Promise.resolve(!isOpen(bought)));
      const end = Date.now() + 366 * DAY;
      if (order === 'before') ok(await market().unfreeze(bought.instanceId));
      ok((await market().renew(bought.order, { expireAt: end })).call);
      if (order === 'after') ok(await market().unfreeze(bought.instanceId));
      await eventually(() => Promise.resolve(isOpen(bought)));
      const { state } = await seller.settled(bought.instanceId);
      expect([state.desired.frozen, state.desired.expireAt, state.needsPerson]).toEqual([[], end, {}]);
    });

    it('a FREEZE that comes after a renewal may be stale: it is obeyed, and a person is told', async () => {
      const bought = await seller.ready({ expireAt: Date.now() + DAY });
      ok((await market().renew(bought.order, { expireAt: Date.now() + 366 * DAY })).call);
      ok(await market().freeze(bought.instanceId));
      await eventually(() => Promise.resolve(!isOpen(bought)));
      const { state } = await seller.until(bought.instanceId, (record) => record.needsPerson.length > 0);
      expect([state.desired.frozen, Object.keys(state.needsPerson)]).toEqual([['violation'], ['violation-freeze']]);
    });

    it('a FREEZE signed before the last status call yields to it, and a person is told', async () => {
      const bought = await seller.ready();
      ok(await market().freeze(bought.instanceId));
      ok(await market().unfreeze(bought.instanceId));
      ok(await market().send({ body: { activity: 'updateInstanceStatus', instanceId: bought.instanceId, status: 'FREEZE' }, overrides: { at: Date.now() - 20_000 } }));
      const record = await seller.settled(bought.instanceId);
      expect([record.state.desired.frozen, record.needsPerson, seller.commands(record).at(-1)]).toEqual([[], ['stale-status'], 'freeze superseded']);
      await eventually(() => Promise.resolve(isOpen(bought)));
    });
  });

  describe('upgradeInstance', () => {
    it('up and down, as each order says; the instance, its end and its access stay', async () => {
      const bought = await seller.ready();
      const before = await market().untilReady(bought.order, PACE);
      for (const [skuCode, linearValue] of [['notes-pro', 50], ['notes', 2]] as const) {
        await heard(await market().upgrade(bought.order, { skuCode, linearValue }));
        expect(seller.tenants.plans.get(bought.instanceId)).toMatchObject({ skuCode, quantity: linearValue });
      }
      const record = await seller.settled(bought.instanceId);
      expect(seller.commands(record)).toEqual(['create done', 'change done', 'change done']);
      expect(record.expireAt).toBe(Math.floor((bought.order.expireAt ?? 0) / 1000) * 1000);
      expect(await market().untilReady(bought.order, PACE)).toEqual(before);
    });

    it('while creating is to be asked for again; while frozen it is done, and stays closed', async () => {
      const { promise: gate, resolve: open } = Promise.withResolvers<void>();
      seller.tenants.trouble.before = (verb) => (verb === 'create' ? gate : Promise.resolve());
      const bought = await seller.buy();
      const early = await market().upgrade(bought.order, { linearValue: 8 });
      expect([early.call.resultCode, early.call.answer?.['resultMsg']]).toEqual(['000005', 'the instance is being created: please ask again when it is ready']);
      ok(await market().freeze(bought.instanceId));
      open();
      await heard(early);
      expect([seller.tenants.plans.get(bought.instanceId)?.quantity, isOpen(bought)]).toEqual([8, false]);
    });

    it('refused for good says why each time, changes nothing, and goes through once it fits', async () => {
      const bought = await seller.ready();
      seller.tenants.trouble.before = (verb) => (verb === 'change' ? Promise.reject(new ProvisionRefused('000104', '9 of 5 users are in use')) : Promise.resolve());
      const placed = await market().upgrade(bought.order, { linearValue: 1 });
      const refused = await eventually(async () => {
        const call = await market().again(placed.order);
        return call.answer?.['resultMsg'] === '9 of 5 users are in use' && call;
      });
      expect(refused.resultCode).toBe('000005');
      const { state } = await seller.settled(bought.instanceId);
      expect([state.actual.plan?.quantity, state.desired.plan?.quantity, state.needsPerson]).toEqual([5, 5, {}]);
      seller.tenants.trouble = {};
      await heard(placed);
      expect(seller.tenants.plans.get(bought.instanceId)?.quantity).toBe(1);
    });

    it('to a SKU that nobody serves needs a person with the SKU named; the instance goes on as it is', async () => {
      const bought = await seller.ready();
      expect((await market().upgrade(bought.order, { skuCode: 'unserved' })).call.resultCode).toBe('000005');
      const { state } = await seller.until(bought.instanceId, (record) => record.needsPerson.length > 0);
      expect(state.needsPerson['unknown-product']?.detail).toContain('SKU unserved');
      expect([state.trouble?.effect, isOpen(bought)]).toEqual(['change', true]);
      ok(await market().freeze(bought.instanceId));
      await eventually(() => Promise.resolve(!isOpen(bought)));
    });
  });

  describe('for another product, which another provisioner serves', () => {
    it('an upgrade is refused with the reason, and so is its check: a tenant cannot move', async () => {
      const bought = await seller.ready();
      const placed = await market().upgrade(bought.order, { skuCode: 'moved' });
      const told = async (call: Promise<Call>, message: string): Promise<boolean> => (await call).answer?.['resultMsg'] === message;
      await eventually(() => told(market().again(placed.order), 'SKU moved is served by another provisioner than notes: a tenant cannot move'));
      await eventually(() => told(market().checkChange(bought.order, { skuCode: 'moved' }), 'SKU moved is served in another way than notes'));
      const { state, needsPerson } = await seller.settled(bought.instanceId);
      expect([state.actual.plan?.skuCode, needsPerson, isOpen(bought)]).toEqual(['notes', [], true]);
    });

    it('a renewal keeps its end and the product that is, and a person is needed', async () => {
      const bought = await seller.ready();
      ok((await market().renew(bought.order, { productId: 'moved-month' })).call);
      const { state, needsPerson } = await seller.until(bought.instanceId, (record) => record.needsPerson.length > 0);
      expect([needsPerson, state.desired.stated, state.desired.plan?.productId, isOpen(bought)]).toEqual([['change-refused'], true, 'notes-month', true]);
    });
  });

  describe('changeInstanceCheck', () => {
    it('asks the provisioner whether it would fit, in every spelling, and changes nothing', async () => {
      const bought = await seller.ready();
      const asked: unknown[] = [];
      seller.tenants.fits = (instanceId, { skuCode, quantity }) => {
        asked.push([instanceId, skuCode, quantity]);
        return (quantity ?? 0) >= 5 ? FITS : { allowed: false, reason: '5 users are in use' };
      };
      // One question may come too late on a busy machine: it is asked again, as the marketplace would.
      const check = (linearValue: number, as: 'object' | 'array' | 'text' | 'text-of-array', message: string): Promise<Call> =>
        eventually(async () => {
          const call = await market().checkChange(bought.order, { skuCode: 'notes-pro', linearValue }, { as });
          return call.answer?.['resultMsg'] === message && call;
        });
      for (const as of ['object', 'array', 'text', 'text-of-array'] as const) ok(await check(50, as, 'success'));
      expect((await check(2, 'object', '5 users are in use')).resultCode).toBe('000005');
      expect(asked).toContainEqual([bought.instanceId, 'notes-pro', 50]);
      const record = await seller.settled(bought.instanceId);
      expect([seller.commands(record), seller.effectsOn(bought.instanceId), seller.tenants.plans.get(bought.instanceId)?.quantity]).toEqual([['create done'], ['create'], 5]);
    });

    it('of a product that nobody serves is refused with the reason', async () => {
      const bought = await seller.ready();
      const refused = await eventually(async () => {
        const call = await market().checkChange(bought.order, { skuCode: 'unserved' });
        return String(call.answer?.['resultMsg']).includes('is not offered') && call;
      });
      expect(refused.resultCode).toBe('000005');
    });
  });

  describe('releaseInstance', () => {
    const gone = (instanceId: string): Promise<unknown> => seller.until(instanceId, ({ state }) => state.actual.tenant === 'removed');

    it('with an unsubscription order removes after keep; twice is a success, and the id is unknown afterwards', async () => {
      const bought = await seller.ready();
      ok(await market().release(bought.instanceId, { unsubscribe: true }));
      ok(await market().release(bought.instanceId, { unsubscribe: true }));
      await gone(bought.instanceId);
      expect(seller.effectsOn(bought.instanceId)).toEqual(['create', 'suspend', 'remove']);
      ok(await market().release(bought.instanceId));
      expect((await market().poll(bought.instanceId)).resultCode).toBe('000003');
      expect((await market().renew(bought.order)).call.resultCode).toBe('000003');
      expect((await market().create(bought.order)).answer).toMatchObject({ resultCode: '000000', instanceId: bought.instanceId });
    });

    it('without one, while a stated end lies ahead, ends access and keeps the data for a person', async () => {
      const bought = await seller.ready();
      ok((await market().renew(bought.order)).call);
      await seller.settled(bought.instanceId);
      ok(await market().release(bought.instanceId));
      const { state } = await seller.until(bought.instanceId, ({ phase }) => phase === 'released');
      expect([state.desired.released?.removeAt, Object.keys(state.needsPerson)]).toEqual([null, ['release-while-paid']]);
      expect(seller.tenants.tenants.get(bought.instanceId)).toBe('suspended');
    });

    it('while frozen, and during an upgrade that fails, goes through', async () => {
      const [frozen, changing] = await Promise.all([seller.ready(), seller.ready()]);
      ok(await market().freeze(frozen.instanceId));
      seller.tenants.trouble.before = (verb) => (verb === 'change' ? Promise.reject(new Error('no room')) : Promise.resolve());
      expect((await market().upgrade(changing.order, { linearValue: 9 })).call.resultCode).toBe('000005');
      for (const { instanceId } of [frozen, changing]) ok(await market().release(instanceId, { unsubscribe: true }));
      for (const { instanceId } of [frozen, changing]) await gone(instanceId);
      expect(seller.commands(await seller.settled(changing.instanceId))).toEqual(['create done', 'change superseded', 'release done']);
    });

    it('of an id that was never ours is unknown, like everything else for it', async () => {
      const id = '10e758d0-31ad-4d4e-8f4e-000000000000';
      expect((await market().release(id)).resultCode).toBe('000003');
      expect((await market().freeze(id)).resultCode).toBe('000003');
      expect((await refresh(id, 'RENEWAL', '20300101000000', 'CSFOREIGN1')).resultCode).toBe('000003');
    });
  });
});
