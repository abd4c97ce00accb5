import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Plan } from '../../src/lifecycle/plan.ts';
import { ProvisionRefused, TenantMissing, type CallOptions, type ChangeRequest, type Provisioner, type TenantAccess } from '../../src/provisioners/provisioner.ts';
import type { BuyerSession, Subject } from './port-contract.ts';

/** What the rules of change, check and meter need of an adapter beside its port. */
export interface ChangeSubject extends Pick<Subject, 'open' | 'logIn' | 'close'> {
  /** What the tenant holds now, as its product sees it. */
  planOf(instanceId: string): Promise<unknown>;
  /** Puts the tenant to such use that it does not fit the plan answered. Left out by an adapter that refuses no change. */
  outgrow?(instanceId: string): Promise<Plan>;
  /** A plan whose use is counted, after whatever gives the tenant a count. Left out by an adapter that counts nothing. */
  metered?(instanceId: string): Promise<Plan>;
}

const PLAN: Plan = { skuCode: 'small', productId: 'OFFI1', quantity: 5, chargingMode: 'PERIOD', trial: false };
const BIGGER: Plan = { ...PLAN, skuCode: `big'"\\$1`, quantity: 50 };

/** The rules of the port for a living tenant's size and use. `make` is called once; each test has an instance id of its own. */
export function describeChanges(name: string, make: () => Promise<ChangeSubject>, { refuses = true, meters = true } = {}): void {
  describe(`${name} keeps the rules of change, check and meter`, () => {
    let subject: ChangeSubject;
    let provisioner: Provisioner;
    let instanceId: string;
    let sessions: BuyerSession[];
    const options = (): CallOptions => ({ signal: new AbortController().signal });

    beforeAll(async () => {
      subject = await make();
      provisioner = subject.open();
    });
    beforeEach(() => {
      instanceId = `test_${randomBytes(12).toString('base64url')}`;
      sessions = [];
    });
    afterEach(async () => {
      for (const session of sessions) await session.leave();
      await provisioner.remove(instanceId, options());
    });
    afterAll(async () => {
      await provisioner.close();
      await subject.close();
    });

    const create = (plan = PLAN): Promise<TenantAccess> => provisioner.create({ instanceId, plan, settings: {}, suspended: false }, options());
    const to = (plan: Plan): ChangeRequest => ({ instanceId, plan, settings: {} });
    const change = (plan: Plan): Promise<void> => provisioner.change(to(plan), options());
    const find = (): Promise<string> => provisioner.find(instanceId, options());
    async function enter(access: TenantAccess): Promise<BuyerSession> {
      const session = await subject.logIn(instanceId, access);
      if (session === null) throw new Error('the buyer was refused');
      sessions.push(session);
      return session;
    }

    it('changes to another plan and back: session, data and access data stay as they were', async () => {
      const access = await create();
      const before = await subject.planOf(instanceId);
      const buyer = await enter(access);
      await buyer.write('kept');
      await change(BIGGER);
      expect(await subject.planOf(instanceId)).toMatchObject(BIGGER);
      expect(await buyer.read()).toEqual(['kept']);
      expect(await (await enter(access)).read()).toEqual(['kept']);
      await change(PLAN);
      expect(await subject.planOf(instanceId)).toEqual(before);
      expect(await buyer.read()).toEqual(['kept']);
    });

    it('changes twice to the same plan, and to the plan it has', async () => {
      await create();
      await change(PLAN);
      await change(BIGGER);
      const after = await subject.planOf(instanceId);
      await change(BIGGER);
      expect(await subject.planOf(instanceId)).toEqual(after);
    });

    it('leaves an open tenant open, and a suspended one suspended until it is resumed', async () => {
      const access = await create();
      await change(BIGGER);
      expect(await find()).toBe('open');
      await provisioner.suspend(instanceId, options());
      await change(PLAN);
      expect(await find()).toBe('suspended');
      expect(await subject.logIn(instanceId, access)).toBeNull();
      await provisioner.resume(instanceId, options());
      expect(await subject.planOf(instanceId)).toMatchObject(PLAN);
      await enter(access);
    });

    it('is told by a create that adopts, as by a change, what the plan is', async () => {
      await create();
      await create(BIGGER);
      expect(await subject.planOf(instanceId)).toMatchObject(BIGGER);
    });

    it('answers a check by what a change would do, and changes nothing', async () => {
      const access = await create();
      const before = await subject.planOf(instanceId);
      expect(await provisioner.check(to(BIGGER), options())).toEqual({ allowed: true });
      expect(await subject.planOf(instanceId)).toEqual(before);
      await provisioner.suspend(instanceId, options());
      expect(await provisioner.check(to(BIGGER), options())).toEqual({ allowed: true });
      expect(await find()).toBe('suspended');
      await provisioner.resume(instanceId, options());
      await enter(access);
    });

    it.each(refuses ? [0] : [])('refuses a plan that the use does not fit, with a reason, as often as it is asked, and leaves everything as it was', async () => {
      const access = await create();
      const buyer = await enter(access);
      await buyer.write('kept');
      const tooSmall = await need(subject.outgrow)(instanceId);
      const before = await subject.planOf(instanceId);
      for (const state of ['open', 'suspended']) {
        if (state === 'suspended') await provisioner.suspend(instanceId, options());
        const checked = await provisioner.check(to(tooSmall), options());
        const refusal: unknown = await change(tooSmall).catch((error: unknown) => error);
        expect(refusal).toBeInstanceOf(ProvisionRefused);
        // The reason goes to the marketplace's log.
        expect(checked).toEqual({ allowed: false, reason: expect.stringMatching(/^[ -~]{1,255}$/) });
        expect(refusal instanceof ProvisionRefused && refusal.message).toBe(checked.allowed ? '' : checked.reason);
        await expect(change(tooSmall)).rejects.toThrow(ProvisionRefused);
        expect(await subject.planOf(instanceId)).toEqual(before);
        expect(await find()).toBe(state);
      }
      await provisioner.resume(instanceId, options());
      expect(await (await enter(access)).read()).toEqual(['kept']);
    });

    it('meters nothing where the plan is not paid by use', async () => {
      await create();
      expect(await provisioner.meter(instanceId, PLAN, options())).toBeNull();
    });

    it.each(meters ? [0] : [])('reads the same use twice where none was in between, open or suspended, and changes nothing', async () => {
      const access = await create();
      const plan = await need(subject.metered)(instanceId);
      await change(plan);
      const before = await subject.planOf(instanceId);
      const readings = (await provisioner.meter(instanceId, plan, options())) ?? [];
      expect(readings.length).toBeGreaterThan(0);
      for (const { value, at, dashboardUrl = '' } of readings) {
        expect(value).toBeGreaterThanOrEqual(0);
        expect(Number(value.toFixed(4))).toBe(value);
        expect(Number.isSafeInteger(at)).toBe(true);
        expect(dashboardUrl.length).toBeLessThanOrEqual(512);
      }
      await provisioner.suspend(instanceId, options());
      const again = await provisioner.meter(instanceId, plan, options());
      expect(again?.map(({ value }) => value)).toEqual(readings.map(({ value }) => value));
      expect(await find()).toBe('suspended');
      expect(await subject.planOf(instanceId)).toEqual(before);
      await provisioner.resume(instanceId, options());
      await enter(access);
    });

    it('says TenantMissing of what is not there, and builds nothing', async () => {
      await expect(change(BIGGER)).rejects.toThrow(TenantMissing);
      await expect(provisioner.check(to(BIGGER), options())).rejects.toThrow(TenantMissing);
      await create();
      await provisioner.remove(instanceId, options());
      await expect(change(BIGGER)).rejects.toThrow(TenantMissing);
      expect(await find()).toBe('absent');
    });

    it.each(meters ? [0] : [])('says TenantMissing when it is to read the use of what is not there', async () => {
      await create();
      const plan = await need(subject.metered)(instanceId);
      await provisioner.remove(instanceId, options());
      await expect(provisioner.meter(instanceId, plan, options())).rejects.toThrow(TenantMissing);
    });
  });
}

function need<T>(given: T | undefined): T {
  if (given === undefined) throw new Error('the subject leaves out what this rule needs');
  return given;
}
