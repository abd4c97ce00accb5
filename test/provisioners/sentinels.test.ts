import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProvisionRefused, type Provisioner } from '../../src/provisioners/provisioner.ts';
import { SENTINELS, sentinelOf, type SentinelSku } from '../../src/provisioners/sentinels/sentinels.ts';
import { SentinelStruck, withSentinels } from '../../src/provisioners/sentinels/with-sentinels.ts';
import { sqliteTenant } from '../../src/provisioners/sqlite-tenant/sqlite-tenant.ts';
import { memoryTenants } from '../support/provisioners.ts';
import { describeChanges } from './change-contract.ts';

const ID = 'inst_1';
const plain = { productId: 'P1', quantity: 5, chargingMode: 'PERIOD', trial: false };

// An SKU that is no sentinel is served as without the wrapper.
describeChanges(
  'memory behind sentinels',
  async () => {
    const memory = memoryTenants();
    const folder = await mkdtemp(join(tmpdir(), 'kookeeper-sentinels-'));
    return {
      open: () => withSentinels(memory.of({ kind: 'sqlite-tenant', options: {} }), { folder }),
      logIn: (instanceId) => {
        const open = (): boolean => memory.tenants.get(instanceId) === 'open';
        const session = { write: () => Promise.resolve(open()), read: () => Promise.resolve(open() ? ['kept'] : null), leave: () => Promise.resolve() };
        return Promise.resolve(open() ? session : null);
      },
      planOf: (instanceId) => Promise.resolve(memory.plans.get(instanceId)),
      close: () => rm(folder, { recursive: true }),
    };
  },
  { refuses: false, meters: false },
);

describe('a sentinel SKU', () => {
  let folder: string;
  let provisioner: Provisioner;
  let waited: number[];
  let control: AbortController;

  const open = (): Provisioner => withSentinels(sqliteTenant({ folder, publicUrl: 'http://localhost:1' }), { folder, wait: (ms) => (waited.push(ms), Promise.resolve()) });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kookeeper-sentinels-'));
    waited = [];
    control = new AbortController();
    provisioner = open();
  });
  afterEach(() => rm(folder, { recursive: true }));

  const options = () => ({ signal: control.signal });
  const create = (skuCode: SentinelSku | 'sku', instanceId = ID) => provisioner.create({ instanceId, plan: { ...plain, skuCode }, settings: {}, suspended: false }, options());
  const change = (skuCode: SentinelSku | 'sku') => provisioner.change({ instanceId: ID, plan: { ...plain, skuCode }, settings: {} }, options());
  const find = (instanceId = ID) => provisioner.find(instanceId, options());

  it('slow: waits as long as its row says, and builds', async () => {
    expect((await create('kookeeper-slow')).frontEndUrl).toContain(ID);
    expect([waited, await find()]).toEqual([[SENTINELS['kookeeper-slow'].behaviour.ms], 'open']);
  });

  it('fail-once: fails before it has done anything, and only the first attempt of an instance', async () => {
    await expect(create('kookeeper-fail-once')).rejects.toThrow(SentinelStruck);
    expect(await find()).toBe('absent');
    await expect(create('kookeeper-fail-once', 'inst_11')).rejects.toThrow(SentinelStruck);
    await create('kookeeper-fail-once');
    expect(await find()).toBe('open');
  });

  it('remembers over a restart what has struck, and forgets it with the tenant', async () => {
    await expect(create('kookeeper-fail-round')).rejects.toThrow(SentinelStruck);
    provisioner = open();
    await expect(create('kookeeper-fail-round')).rejects.toThrow(SentinelStruck);
    await expect(create('kookeeper-fail-round')).rejects.toThrow(SentinelStruck);
    provisioner = open();
    await create('kookeeper-fail-round');
    await provisioner.remove(ID, options());
    expect(await readdir(folder)).toEqual([]);
  });

  it('fail-always: never builds, and leaves nothing', async () => {
    for (let n = 0; n < 5; n += 1) await expect(create('kookeeper-fail-always')).rejects.toThrow(SentinelStruck);
    expect([await find(), await readdir(folder)]).toEqual(['absent', []]);
  });

  it('refuse: says no for good with its code; the question beforehand says no as well', async () => {
    await expect(create('kookeeper-refuse')).rejects.toThrow(ProvisionRefused);
    await create('sku');
    expect(await provisioner.check({ instanceId: ID, plan: { ...plain, skuCode: 'kookeeper-refuse' }, settings: {} }, options())).toMatchObject({ allowed: false });
    await expect(change('kookeeper-refuse')).rejects.toMatchObject({ code: '000106' });
  });

  it('never-finishes: ends when it is cut off, with nothing built', async () => {
    const hung = create('kookeeper-never-finishes');
    control.abort(new Error('cut off by the test'));
    await expect(hung).rejects.toThrow('cut off by the test');
    control = new AbortController();
    expect(await find()).toBe('absent');
  });

  it('loses-answer: has built when it fails, and the next attempt adopts it', async () => {
    await expect(create('kookeeper-loses-answer')).rejects.toThrow(SentinelStruck);
    expect(await find()).toBe('open');
    expect((await create('kookeeper-loses-answer')).password).toMatch(/^[a-z2-9]{20}$/);
  });

  it('of an upgrade strikes the change, apart from what the create has used up', async () => {
    await expect(create('kookeeper-fail-once')).rejects.toThrow(SentinelStruck);
    await create('kookeeper-fail-once');
    await expect(change('kookeeper-fail-once')).rejects.toThrow(SentinelStruck);
    await change('kookeeper-fail-once');
  });

  it('stands in no way of suspending, opening and removing', async () => {
    await create('kookeeper-slow');
    await provisioner.suspend(ID, options());
    expect(await find()).toBe('suspended');
    await provisioner.resume(ID, options());
    await provisioner.remove(ID, options());
    expect(await find()).toBe('absent');
  });

  it('is written exactly so: no other SKU is one, and none by the names that every object has', () => {
    for (const skuCode of ['kookeeper', 'KOOKEEPER-SLOW', 'kookeeper-slow ', 'constructor', '']) expect(sentinelOf(skuCode)).toBeNull();
    for (const skuCode of Object.keys(SENTINELS)) expect(sentinelOf(skuCode)).not.toBeNull();
  });
});
