import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TenantAccess } from '../../src/provisioners/provisioner.ts';
import { addNote, deleteNote, listNotes } from '../../src/provisioners/sqlite-tenant/notes.ts';
import { sqliteTenant } from '../../src/provisioners/sqlite-tenant/sqlite-tenant.ts';
import { inTenant, visitTenant } from '../../src/provisioners/sqlite-tenant/tenant-file.ts';
import { logIn, SESSION_MS, sessionUser, setPasswordHash } from '../../src/provisioners/sqlite-tenant/users.ts';
import { readPlan } from '../../src/provisioners/sqlite-tenant/tenant-plan.ts';
import { describeChanges } from './change-contract.ts';
import { describeProvisioner, type BuyerSession, type Subject } from './port-contract.ts';

const publicUrl = 'http://localhost:1/';
const signal = new AbortController().signal;
const plan = { skuCode: 'sku', productId: 'product', quantity: null, chargingMode: 'PERIOD', trial: false };

const temporaryFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'kookeeper-tenants-'));

describeProvisioner('sqlite-tenant', async (): Promise<Subject> => {
  const root = await temporaryFolder();
  // Made by the adapter, at the first create.
  const folder = join(root, 'tenants');
  return {
    open: () => sqliteTenant({ folder, publicUrl }),
    logIn: (instanceId, access) => enter(folder, instanceId, access),
    traces: async () => (await readdir(root, { recursive: true })).filter((name) => name !== 'tenants').toSorted(),
    close: () => rm(root, { recursive: true }),
  };
});

describeChanges('sqlite-tenant', async () => {
  const folder = await temporaryFolder();
  return {
    open: () => sqliteTenant({ folder, publicUrl, now: () => 3_000 }),
    logIn: (instanceId, access) => enter(folder, instanceId, access),
    planOf: async (instanceId) => inTenant(folder, instanceId, readPlan),
    outgrow: async (instanceId) => {
      inTenant(folder, instanceId, (db) => setPasswordHash(db, 'second', 'scrypt$16384$8$1$AAAA$AAAA'));
      return { ...plan, quantity: 1 };
    },
    metered: async () => ({ ...plan, chargingMode: 'ON_DEMAND' }),
    close: () => rm(folder, { recursive: true }),
  };
});

async function enter(folder: string, instanceId: string, access: TenantAccess): Promise<BuyerSession | null> {
  const { userName = '', password = '' } = access;
  const visit = await logIn(folder, instanceId, { userName, password, now: 1_000 });
  const session = visit.tenant === 'open' ? visit.value : null;
  if (session === null) return null;
  return {
    async write(text) {
      const written = visitTenant(folder, instanceId, (db) => {
        const user = sessionUser(db, session.token, 2_000);
        if (user !== null) addNote(db, { text, writtenBy: user, writtenAt: 2_000 });
        return user !== null;
      });
      return written.tenant === 'open' && written.value;
    },
    async read() {
      const read = visitTenant(folder, instanceId, (db) =>
        sessionUser(db, session.token, 2_000) === null ? null : listNotes(db).map(({ text }) => text),
      );
      return read.tenant === 'open' ? read.value : null;
    },
    async leave() {},
  };
}

describe('sqlite-tenant files', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await temporaryFolder();
  });
  afterEach(() => rm(folder, { recursive: true }));

  const create = (instanceId: string): Promise<TenantAccess> =>
    sqliteTenant({ folder, publicUrl }).create({ instanceId, plan, settings: {}, suspended: false }, { signal });

  it('hands out the address of the tenant in the demo app', async () => {
    expect((await create('one')).frontEndUrl).toBe('http://localhost:1/t/one');
  });

  it('keeps a tenant in one file that only its owner may read, without the clear password', async () => {
    const { password = 'missing' } = await create('one');
    expect(await readdir(folder)).toEqual(['one.sqlite']);
    expect((await stat(join(folder, 'one.sqlite'))).mode & 0o777).toBe(0o600);
    expect((await readFile(join(folder, 'one.sqlite'))).includes(password)).toBe(false);
  });

  it('salts each hash: the same password is stored differently in two tenants', async () => {
    const fixed = { folder, publicUrl };
    let call = 0;
    const random = (size: number): Buffer => Buffer.alloc(size, size === 20 ? 7 : (call += 1));
    const one = await sqliteTenant({ ...fixed, random }).create({ instanceId: 'one', plan, settings: {}, suspended: false }, { signal });
    const two = await sqliteTenant({ ...fixed, random }).create({ instanceId: 'two', plan, settings: {}, suspended: false }, { signal });
    expect(one.password).toBe(two.password);
    const hashes = ['one', 'two'].map((id) =>
      visitTenant(folder, id, (db) => db.prepare('SELECT password_hash FROM user').get()?.['password_hash']),
    );
    expect(hashes[0]).toMatchObject({ tenant: 'open', value: expect.stringMatching(/^scrypt\$16384\$8\$1\$/) });
    expect(hashes[0]).not.toEqual(hashes[1]);
  });

  it('lets the configuration\'s number of users win over the bought quantity, and takes nothing else it does not know', async () => {
    const provisioner = sqliteTenant({ folder, publicUrl });
    const two = { instanceId: 'one', plan: { ...plan, quantity: 2 }, suspended: false };
    const usersAfter = async (settings: Record<string, unknown>): Promise<unknown> => {
      await provisioner.create({ ...two, settings }, { signal });
      return inTenant(folder, 'one', (db) => readPlan(db).users);
    };
    expect(await usersAfter({})).toBe(2);
    expect(await usersAfter({ users: 7 })).toBe(7);
    expect(await usersAfter({ users: null })).toBeNull();
    for (const wrong of [{ user: 7 }, { users: 0 }, { users: '7' }, { users: 1.5 }]) {
      await expect(provisioner.create({ ...two, settings: wrong }, { signal })).rejects.toThrow('sqlite-tenant knows `users` alone');
      await expect(provisioner.change({ ...two, settings: wrong }, { signal })).rejects.toThrow('product product, SKU sku');
      await expect(provisioner.check({ ...two, settings: wrong }, { signal })).rejects.toMatchObject({ code: 'TENANT_SETTINGS_WRONG' });
    }
    inTenant(folder, 'one', (db) => setPasswordHash(db, 'second', 'scrypt$16384$8$1$AAAA$AAAA'));
    const one = { ...plan, quantity: 1 };
    expect(await provisioner.check({ instanceId: 'one', plan: one, settings: { users: 2 } }, { signal })).toEqual({ allowed: true });
    expect(await provisioner.check({ instanceId: 'one', plan, settings: { users: 1 } }, { signal })).toEqual({ allowed: false, reason: '2 users are in use, the target has 1' });
  });

  it('reads the bought quantity as the users of a file that the first release wrote', async () => {
    await create('one');
    inTenant(folder, 'one', (db) => db.prepare('UPDATE tenant SET plan = ?').run(JSON.stringify({ ...plan, quantity: 4 })));
    expect(inTenant(folder, 'one', (db) => readPlan(db).users)).toBe(4);
  });

  it.each(['ON_DEMAND', 'ON_DEMAND_PKG'])('meters %s by the notes ever written, also after they are deleted, at the instant of its clock', async (chargingMode) => {
    let now = 1_700_000_000_000;
    const provisioner = sqliteTenant({ folder, publicUrl, now: () => now });
    const metered = { ...plan, chargingMode };
    await create('one');
    const reading = (value: number) => [{ value, at: now, dashboardUrl: 'http://localhost:1/t/one' }];
    expect(await provisioner.meter('one', metered, { signal })).toEqual(reading(0));
    inTenant(folder, 'one', (db) => {
      for (const text of ['first', 'second']) addNote(db, { text, writtenBy: 'admin', writtenAt: now });
      for (const { id } of listNotes(db)) deleteNote(db, id);
    });
    now += 1;
    expect(await provisioner.meter('one', metered, { signal })).toEqual(reading(2));
    inTenant(folder, 'one', (db) => addNote(db, { text: 'third', writtenBy: 'admin', writtenAt: now }));
    expect(await provisioner.meter('one', metered, { signal })).toEqual(reading(3));
  });

  it('tells a suspended and a removed tenant apart from a wrong password', async () => {
    const provisioner = sqliteTenant({ folder, publicUrl });
    const { password = '' } = await create('one');
    const attempt = (typed: string) => logIn(folder, 'one', { userName: 'admin', password: typed, now: 0 });
    expect(await attempt('wrong')).toEqual({ tenant: 'open', value: null });
    await provisioner.suspend('one', { signal });
    expect(await attempt(password)).toEqual({ tenant: 'suspended' });
    expect(await attempt('wrong')).toEqual({ tenant: 'suspended' });
    await provisioner.remove('one', { signal });
    expect(await attempt(password)).toEqual({ tenant: 'absent' });
  });

  it('refuses a login that began before a suspension and ends after it', async () => {
    const { password = '' } = await create('one');
    const entering = logIn(folder, 'one', { userName: 'admin', password, now: 0 });
    await sqliteTenant({ folder, publicUrl }).suspend('one', { signal });
    expect(await entering).toEqual({ tenant: 'suspended' });
  });

  it('refuses a login with a password that was replaced while it was being checked', async () => {
    const { password = '' } = await create('one');
    const entering = logIn(folder, 'one', { userName: 'admin', password, now: 0 });
    inTenant(folder, 'one', (db) => setPasswordHash(db, 'admin', 'scrypt$16384$8$1$AAAA$AAAA'));
    expect(await entering).toEqual({ tenant: 'open', value: null });
  });

  it('ends a session after its twelve hours', async () => {
    const { password = '' } = await create('one');
    const visit = await logIn(folder, 'one', { userName: 'admin', password, now: 5_000 });
    const token = visit.tenant === 'open' ? (visit.value?.token ?? '') : '';
    const user = (now: number) => visitTenant(folder, 'one', (db) => sessionUser(db, token, now));
    expect(user(5_000 + SESSION_MS - 1)).toEqual({ tenant: 'open', value: 'admin' });
    expect(user(5_000 + SESSION_MS)).toEqual({ tenant: 'open', value: null });
  });

  it('deletes what SQLite and a killed build left beside the file', async () => {
    await create('one');
    await create('one-more');
    for (const name of ['one.sqlite-wal', 'one.sqlite-shm', 'one.sqlite-journal', '.one.draft.00', '.one.draft.00-journal']) {
      await writeFile(join(folder, name), 'left over');
    }
    await sqliteTenant({ folder, publicUrl }).remove('one', { signal });
    expect(await readdir(folder)).toEqual(['one-more.sqlite']);
  });

  it('does not play a removed tenant\'s journal back into its successor', async () => {
    await writeFile(join(folder, 'one.sqlite-journal'), 'of a predecessor');
    await create('one');
    expect(await readdir(folder)).toEqual(['one.sqlite']);
  });

  it('refuses a file that was copied from another tenant', async () => {
    await create('one');
    await cp(join(folder, 'one.sqlite'), join(folder, 'two.sqlite'));
    await expect(sqliteTenant({ folder, publicUrl }).find('two', { signal })).rejects.toThrow('belongs to another instance');
  });

  it('leaves whole files only when the process is killed while it creates', async () => {
    const source = new URL('../../src/provisioners/sqlite-tenant/sqlite-tenant.ts', import.meta.url).href;
    const program = `
      import { sqliteTenant } from ${JSON.stringify(source)};
      const provisioner = sqliteTenant({ folder: ${JSON.stringify(folder)}, publicUrl: 'http://localhost' });
      const plan = ${JSON.stringify(plan)};
      for (let n = 0; ; n += 4) {
        await Promise.all([0, 1, 2, 3].map((m) =>
          provisioner.create({ instanceId: 'tenant-' + (n + m), plan, settings: {}, suspended: false }, { signal: new AbortController().signal })));
        if (n === 8) console.log('under way');
      }`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program], { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(child, 'exit');
    await once(child.stdout, 'data');
    await new Promise((resolve) => setTimeout(resolve, 37));
    child.kill('SIGKILL');
    await ended;
    const ids = (await readdir(folder)).filter((name) => name.endsWith('.sqlite')).map((name) => name.slice(0, -'.sqlite'.length));
    expect(ids.length).toBeGreaterThanOrEqual(12);
    const provisioner = sqliteTenant({ folder, publicUrl });
    for (const id of ids) expect(await provisioner.find(id, { signal })).toBe('open');
  });
});
