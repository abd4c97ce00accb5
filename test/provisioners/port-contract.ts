import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { InstanceIdUnsafe } from '../../src/provisioners/instance-id.ts';
import { TenantMissing, type Provisioner, type TenantAccess, type TenantRequest } from '../../src/provisioners/provisioner.ts';

/** A buyer who is inside: what they can still do with the session they have. Each answers false or null once they are shut out. */
export interface BuyerSession {
  write(text: string): Promise<boolean>;
  read(): Promise<string[] | null>;
  leave(): Promise<void>;
}

/** What the contract needs of an adapter: itself, and a real look from outside. */
export interface Subject {
  /** A provisioner over the same tenants, as another process would have it. */
  open(): Provisioner;
  /** Logs in with nothing but what the buyer was told; null when refused. */
  logIn(instanceId: string, access: TenantAccess): Promise<BuyerSession | null>;
  /** Everything that exists anywhere, for all tenants together: names of files, or of roles and schemas. */
  traces(): Promise<string[]>;
  close(): Promise<void>;
}

/** The rules of the port, checked on a real adapter. `make` is called once; each test has an instance id of its own. */
export function describeProvisioner(name: string, make: () => Promise<Subject>): void {
  describe(`${name} keeps the provisioner port`, () => {
    let subject: Subject;
    let provisioner: Provisioner;
    let instanceId: string;
    let sessions: BuyerSession[];
    const options = (): { signal: AbortSignal } => ({ signal: new AbortController().signal });

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

    const request = (changes: Partial<TenantRequest> = {}): TenantRequest => ({
      instanceId,
      settings: {},
      plan: { skuCode: `sku'"\\$1`, productId: 'OFFI1', quantity: 5, chargingMode: 'PERIOD', trial: false },
      suspended: false,
      ...changes,
    });
    const find = (): Promise<string> => provisioner.find(instanceId, options());
    const create = (changes?: Partial<TenantRequest>): Promise<TenantAccess> => provisioner.create(request(changes), options());
    async function enter(access: TenantAccess): Promise<BuyerSession> {
      const session = await subject.logIn(instanceId, access);
      if (session === null) throw new Error('the buyer was refused');
      sessions.push(session);
      return session;
    }
    const refused = async (access: TenantAccess): Promise<boolean> => {
      const session = await subject.logIn(instanceId, access);
      if (session !== null) sessions.push(session);
      return session === null;
    };

    it('finds nothing under an id that was never created', async () => {
      expect(await find()).toBe('absent');
    });

    it('creates a tenant the buyer can log in to with the access data, and keeps what they write', async () => {
      const access = await create();
      expect(await find()).toBe('open');
      expect(access.frontEndUrl.length).toBeLessThanOrEqual(512);
      expect(access.password).toMatch(/^[a-z2-9]{20}$/);
      expect((access.memo ?? '').length).toBeLessThanOrEqual(1024);
      const buyer = await enter(access);
      expect(await buyer.write('first')).toBe(true);
      expect(await buyer.read()).toEqual(['first']);
    });

    it('refuses a wrong password', async () => {
      const access = await create();
      expect(await refused({ ...access, password: 'a'.repeat(20) })).toBe(true);
    });

    it('suspends: no login, sessions ended, data kept; and opens again with the same password', async () => {
      const access = await create();
      const buyer = await enter(access);
      await buyer.write('kept');
      await provisioner.suspend(instanceId, options());
      expect(await find()).toBe('suspended');
      expect(await buyer.read()).toBeNull();
      expect(await buyer.write('too late')).toBe(false);
      expect(await refused(access)).toBe(true);
      await provisioner.resume(instanceId, options());
      expect(await find()).toBe('open');
      expect(await buyer.read()).toBeNull();
      expect(await (await enter(access)).read()).toEqual(['kept']);
    });

    it('takes every verb twice', async () => {
      await create();
      const access = await create();
      await provisioner.suspend(instanceId, options());
      await provisioner.suspend(instanceId, options());
      expect(await find()).toBe('suspended');
      await provisioner.resume(instanceId, options());
      await provisioner.resume(instanceId, options());
      expect(await find()).toBe('open');
      await enter(access);
      await provisioner.remove(instanceId, options());
      await provisioner.remove(instanceId, options());
      expect(await find()).toBe('absent');
    });

    it('resumes an open tenant without ending its sessions', async () => {
      const buyer = await enter(await create());
      await provisioner.resume(instanceId, options());
      expect(await buyer.write('still here')).toBe(true);
    });

    it('adopts what a lost create built: the data stay, the new password holds, the old one and its sessions end', async () => {
      const lost = await create();
      const buyer = await enter(lost);
      await buyer.write('before');
      const traces = await subject.traces();
      const afterRestart = subject.open();
      try {
        const access = await afterRestart.create(request(), options());
        expect(await subject.traces()).toEqual(traces);
        expect(await buyer.read()).toBeNull();
        expect(await refused(lost)).toBe(true);
        expect(await (await enter(access)).read()).toEqual(['before']);
      } finally {
        await afterRestart.close();
      }
    });

    it('leaves one whole tenant or none when a create is aborted at any moment, and the next create succeeds', async () => {
      const before = await subject.traces();
      for (const delay of [0, 1, 3, 6, 10, 20, 40, 80]) {
        const controller = new AbortController();
        const creating = provisioner.create(request(), { signal: controller.signal });
        creating.catch(() => {});
        await new Promise((resolve) => setTimeout(resolve, delay));
        controller.abort(new Error('stop'));
        await creating.catch((error: unknown) => expect(error).toEqual(new Error('stop')));
        await enter(await create());
        await provisioner.remove(instanceId, options());
        expect(await subject.traces()).toEqual(before);
      }
    });

    it('makes one tenant of concurrent creates, and the password returned last works', async () => {
      await create();
      const oneTenant = (await subject.traces()).length;
      await provisioner.remove(instanceId, options());
      const other = subject.open();
      try {
        const finished: TenantAccess[] = [];
        const creates = [provisioner, other, provisioner, other, provisioner].map(async (each) => {
          finished.push(await each.create(request(), options()));
        });
        await Promise.all(creates);
        expect(await subject.traces()).toHaveLength(oneTenant);
        expect(new Set(finished.map(({ password }) => password)).size).toBe(5);
        const last = finished.pop();
        for (const access of finished) expect(await refused(access)).toBe(true);
        expect(last !== undefined && !(await refused(last))).toBe(true);
      } finally {
        await other.close();
      }
    });

    it('creates suspended: built, and nobody gets in before it is resumed', async () => {
      const access = await create({ suspended: true });
      expect(await find()).toBe('suspended');
      expect(await refused(access)).toBe(true);
      await provisioner.resume(instanceId, options());
      await enter(access);
    });

    it('adopts in the state that is asked for, both ways', async () => {
      const buyer = await enter(await create());
      const shut = await create({ suspended: true });
      expect(await find()).toBe('suspended');
      expect(await buyer.read()).toBeNull();
      expect(await refused(shut)).toBe(true);
      const open = await create({ suspended: false });
      expect(await find()).toBe('open');
      await enter(open);
    });

    it('removes everything, also under the feet of a buyer, and creates anew without the old data', async () => {
      const before = await subject.traces();
      const access = await create();
      const buyer = await enter(access);
      await buyer.write('gone tomorrow');
      await provisioner.remove(instanceId, options());
      expect(await find()).toBe('absent');
      expect(await subject.traces()).toEqual(before);
      expect(await buyer.read()).toBeNull();
      expect(await refused(access)).toBe(true);
      const again = await create();
      expect(await (await enter(again)).read()).toEqual([]);
    });

    it('removes a suspended tenant', async () => {
      await create({ suspended: true });
      await provisioner.remove(instanceId, options());
      expect(await find()).toBe('absent');
    });

    it('says TenantMissing when asked to suspend or resume what is not there, and builds nothing', async () => {
      const before = await subject.traces();
      await expect(provisioner.suspend(instanceId, options())).rejects.toThrow(TenantMissing);
      await expect(provisioner.resume(instanceId, options())).rejects.toThrow(TenantMissing);
      expect(await subject.traces()).toEqual(before);
    });

    it('touches only the tenant it was asked for', async () => {
      const neighbour = instanceId.slice(0, -1);
      const theirs = await provisioner.create({ ...request(), instanceId: neighbour }, options());
      try {
        await create();
        const buyer = await subject.logIn(neighbour, theirs);
        if (buyer === null) throw new Error('the neighbour was refused');
        sessions.push(buyer);
        await provisioner.suspend(instanceId, options());
        await provisioner.remove(instanceId, options());
        expect(await buyer.write('undisturbed')).toBe(true);
      } finally {
        await provisioner.remove(neighbour, options());
      }
    });

    it('does nothing once the signal is aborted', async () => {
      await create();
      const before = await subject.traces();
      const aborted = { signal: AbortSignal.abort(new Error('stop')) };
      await expect(provisioner.find(instanceId, aborted)).rejects.toThrow('stop');
      await expect(provisioner.create(request({ suspended: true }), aborted)).rejects.toThrow('stop');
      await expect(provisioner.suspend(instanceId, aborted)).rejects.toThrow('stop');
      await expect(provisioner.remove(instanceId, aborted)).rejects.toThrow('stop');
      await expect(provisioner.change(request(), aborted)).rejects.toThrow('stop');
      await expect(provisioner.check(request(), aborted)).rejects.toThrow('stop');
      await expect(provisioner.meter(instanceId, request().plan, aborted)).rejects.toThrow('stop');
      expect(await find()).toBe('open');
      await provisioner.suspend(instanceId, options());
      await expect(provisioner.resume(instanceId, aborted)).rejects.toThrow('stop');
      expect(await find()).toBe('suspended');
      expect(await subject.traces()).toEqual(before);
    });

    it.each(['', '.', '..', '../evil', 'a/b', 'a\\b', 'a\0b', 'a.b', 'a b', `a'; DROP ROLE x; --`, 'a"b', 'ü', 'a\n', 'x'.repeat(65)])(
      'refuses the instance id %j in every verb',
      async (odd) => {
        const before = await subject.traces();
        await expect(provisioner.create({ ...request(), instanceId: odd }, options())).rejects.toThrow(InstanceIdUnsafe);
        await expect(provisioner.find(odd, options())).rejects.toThrow(InstanceIdUnsafe);
        await expect(provisioner.suspend(odd, options())).rejects.toThrow(InstanceIdUnsafe);
        await expect(provisioner.resume(odd, options())).rejects.toThrow(InstanceIdUnsafe);
        await expect(provisioner.remove(odd, options())).rejects.toThrow(InstanceIdUnsafe);
        await expect(provisioner.change({ ...request(), instanceId: odd }, options())).rejects.toThrow(InstanceIdUnsafe);
        await expect(provisioner.check({ ...request(), instanceId: odd }, options())).rejects.toThrow(InstanceIdUnsafe);
        await expect(provisioner.meter(odd, request().plan, options())).rejects.toThrow(InstanceIdUnsafe);
        expect(await subject.traces()).toEqual(before);
      },
    );

    it('takes an id of 64 characters with dashes in front', async () => {
      const long = '-_'.repeat(32);
      const access = await provisioner.create({ ...request(), instanceId: long }, options());
      try {
        expect(access.frontEndUrl.length).toBeLessThanOrEqual(512);
        const buyer = await subject.logIn(long, access);
        if (buyer === null) throw new Error('the buyer was refused');
        sessions.push(buyer);
      } finally {
        await provisioner.remove(long, options());
      }
    });
  });
}
