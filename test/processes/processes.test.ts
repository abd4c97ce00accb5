import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import type { Market } from '../../src/simulator/market.ts';
import { startMarket } from '../../src/simulator/start-market.ts';
import { eventually } from '../support/engine.ts';
import { kookeeper } from '../support/kookeeper.ts';
import { ownNamespace, type OwnNamespace } from '../support/own-namespace.ts';
import { freshDatabase } from '../support/postgres.ts';

describe('the processes', () => {
  let folder: string;
  let market: Market;
  let own: OwnNamespace;
  let env: Record<string, string>;
  const running: ReturnType<typeof kookeeper>[] = [];
  /** What a test leaves running, above all one that fails. */
  const start = (args: readonly string[], variables: Record<string, string>): ReturnType<typeof kookeeper> => {
    const started = kookeeper(args, folder, variables);
    running.push(started);
    return started;
  };
  const secret = (): string => randomBytes(24).toString('hex');

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kookeeper-serve-'));
    market = await startMarket({ keys: { base: secret(), ak: secret(), sk: secret() } });
  });
  beforeEach(async () => {
    own = await ownNamespace();
    const { base, ak, sk } = market.keys;
    env = {
      KOOGALLERY_BASE_KEY: base,
      KOOGALLERY_AK: ak,
      KOOGALLERY_SK: sk,
      KOOGALLERY_OPEN_API: market.openApiUrl,
      KOOKEEPER_SECRET: secret(),
      KOOKEEPER_APP_PORT: '0',
      KOOKEEPER_OPERATOR_PORT: '0',
      KOOKEEPER_PUBLIC_URL: 'https://notes.example',
      KOOKEEPER_WORKFLOW_BUNDLE: inject('workflowBundlePath'),
      PORT: '0',
      TEMPORAL_ADDRESS: inject('temporalAddress'),
      TEMPORAL_NAMESPACE: own.namespace,
    };
  });
  afterEach(async () => {
    for (const { child, ended } of running.splice(0)) {
      child.kill('SIGKILL');
      await ended;
    }
    await own.drop();
  });
  afterAll(async () => {
    await market.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('serves with no file at all, says so, drains on SIGTERM, and leaves a journal that can be read', { timeout: 90_000 }, async () => {
    const serve = start(['serve'], env);
    const address = await eventually(() => Promise.resolve(/production address\s+(\S+)/.exec(serve.out())?.[1]), 60_000);
    market.setSeller(address);
    const { origin } = new URL(address);
    expect(await (await fetch(`${origin}/healthz`)).json()).toEqual({ status: 'ok' });
    const ready = await eventually(async () => {
      const response = await fetch(`${origin}/readyz`);
      return response.status === 200 && response.json();
    });
    expect(ready).toEqual({ status: 'ok', components: { database: 'ok', temporal: 'ok', worker: 'ok', mailboxes: 'ok' } });

    const { order, call } = await market.buy({ skuCode: 'any-sku', productId: 'any-product' });
    const access = await market.untilReady(order, { every: 100, limit: 20_000 });
    const instanceId = String(call.answer?.['instanceId']);
    expect(access.frontEndUrl).toBe(`https://notes.example/t/${instanceId}`);

    const listed = await kookeeper(['instance', 'list', '--output', 'json'], folder, env).ended;
    expect(listed.code).toBe(0);
    expect(JSON.parse(listed.out)).toMatchObject([{ instanceId, orderLine: order.orderLineId, phase: 'active', needsPerson: [], waiting: 0 }]);
    const shown = await kookeeper(['instance', 'show', order.orderLineId], folder, env).ended;
    expect(shown.out).toMatch(/create\s+marketplace\s+done/);

    const bad = await market.send({ body: { activity: 'queryInstance', instanceId }, overrides: { key: `${env['KOOGALLERY_BASE_KEY']}\n` } });
    expect(bad.resultCode).toBe('000001');
    const refused = await kookeeper(['calls', 'list', '--refused', '--output', 'json'], folder, env).ended;
    const [refusal] = JSON.parse(refused.out) as { id: string }[];
    const explained = await kookeeper(['explain', refusal?.id ?? '', '--output', 'json'], folder, env).ended;
    expect(explained.code).toBe(1);
    expect(JSON.parse(explained.out)).toMatchObject([{ id: 'key-blank-at-end' }]);
    expect(explained.out + explained.err).not.toContain(env['KOOGALLERY_BASE_KEY']);

    serve.child.kill('SIGTERM');
    const { code, out, err } = await serve.ended;
    expect(code).toBe(0);
    expect(err).toContain('every SKU is served by sqlite-tenant');
    expect(err).toContain('SIGTERM: finishing what is under way');
    for (const secretValue of [env['KOOGALLERY_BASE_KEY'], env['KOOGALLERY_SK'], env['KOOKEEPER_SECRET'], access.password]) expect(out + err).not.toContain(secretValue);

    const calls = await kookeeper(['calls', 'list', '--verb', 'newInstance', '--output', 'jsonl'], folder, env).ended;
    const [newest] = calls.out.trim().split('\n').map((line) => JSON.parse(line) as { id: string; resultCode: string });
    expect(newest).toMatchObject({ resultCode: '000004', instanceId });
    const one = await kookeeper(['calls', 'show', newest?.id ?? ''], folder, env).ended;
    expect(one.out).toContain(order.orderId);
    expect((await kookeeper(['calls', 'show', 'nothing'], folder, env).ended).code).toBe(1);
  });

  it('says which key is missing and where the Seller Console shows it, and exits 2', async () => {
    const { KOOGALLERY_BASE_KEY: _missing, ...rest } = env;
    const { code, err } = await kookeeper(['serve'], folder, rest).ended;
    expect(code).toBe(2);
    expect(err).toContain('KOOGALLERY_BASE_KEY');
    expect(err).toContain('密钥管理');
  });

  it('says which port is taken and which variable moves it, and leaves nothing running', { timeout: 60_000 }, async () => {
    const taken = createServer().listen(0, '0.0.0.0');
    await once(taken, 'listening');
    const { port } = taken.address() as { port: number };
    const { code, err } = await kookeeper(['serve'], folder, { ...env, PORT: String(port) }).ended;
    taken.close();
    expect(code).toBe(1);
    expect(err).toContain(`port ${port}`);
    expect(err).toContain('PORT');
  });

  it('run apart on PostgreSQL: refuse an older schema with the mend, then serve once it is migrated', { timeout: 90_000 }, async () => {
    const apart = { ...env, DATABASE_URL: await freshDatabase(inject('postgresUrl')) };
    const refused = await kookeeper(['api'], folder, apart).ended;
    expect(refused.code).toBe(1);
    expect(refused.err).toContain('run `kookeeper migrate`');
    expect((await kookeeper(['instance', 'list'], folder, apart).ended).err).toContain('run `kookeeper migrate`');

    const migrated = await kookeeper(['migrate'], folder, apart).ended;
    expect(migrated).toMatchObject({ code: 0, out: expect.stringContaining('applied') });
    expect((await kookeeper(['migrate', '--output', 'json'], folder, apart).ended).out).toContain('"applied": []');

    const api = start(['api'], apart);
    const address = await eventually(() => Promise.resolve(/production address\s+(\S+)/.exec(api.out())?.[1]), 30_000);
    market.setSeller(address);
    const { order, call } = await market.buy({ skuCode: 'any-sku', productId: 'any-product' });
    expect(call.resultCode).toBe('000004');
    const worker = start(['worker'], apart);
    await market.untilReady(order, { every: 200, limit: 40_000 });
    expect(await (await fetch(`${new URL(address).origin}/readyz`)).json()).toMatchObject({ status: 'ok' });

    worker.child.kill('SIGTERM');
    api.child.kill('SIGTERM');
    expect((await worker.ended).code).toBe(0);
    expect((await api.ended).code).toBe(0);
  });
});
