import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { workflowIdOf } from '../../src/delivery/temporal-bell.ts';
import { startDevServer, type DevServer } from '../../src/temporal/dev-server/start.ts';
import { findServer } from '../../src/temporal/dev-server/find-server.ts';
import { freePorts } from '../../src/temporal/dev-server/ports.ts';
import { eventually, startEngine, type Engine } from '../support/engine.ts';
import { memoryTenants } from '../support/provisioners.ts';

const PURCHASE = { skuCode: 'notes', productId: 'notes-month' } as const;
const PACE = { every: 200, limit: 45_000 } as const;

describe('Temporal away', () => {
  let folder: string;
  let engine: Engine;
  let server: DevServer;
  let start: () => Promise<DevServer>;
  const tenants = memoryTenants();

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kookeeper-outage-'));
    const found = await findServer({});
    if (found.kind !== 'cli') throw new Error('this test needs a server of its own: unset TEMPORAL_ADDRESS');
    const [port = 0, uiPort = 0] = await freePorts('127.0.0.1', 2);
    start = () => startDevServer({ cli: found.path, port, uiPort, dbFile: join(folder, 'temporal.db'), logFile: join(folder, 'temporal.log') });
    server = await start();
    engine = await startEngine({ provisioners: tenants, target: { address: server.address, development: true } });
  });
  afterAll(async () => {
    await engine.stop();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('changes no answer: creates, freezes and renewals are taken, and carried out in order when it is back', async () => {
    const { market } = engine;
    const before = await market.buy(PURCHASE);
    await market.untilReady(before.order, PACE);
    const known = String(before.call.answer?.['instanceId']);

    await server.stop();
    const during = await market.buy(PURCHASE);
    expect(during.call.resultCode).toBe('000004');
    expect(during.call.ms).toBeLessThan(5_000);
    expect((await market.create(during.order)).answer).toEqual({ ...during.call.answer });
    expect((await market.freeze(known)).resultCode).toBe('000000');
    expect((await market.unfreeze(known)).resultCode).toBe('000000');
    expect((await market.freeze(known)).resultCode).toBe('000000');
    expect((await market.renew(before.order, {})).call.resultCode).toBe('000000');
    expect((await market.poll(known)).resultCode).toBe('000000');
    const ready = await fetch(`http://127.0.0.1:${engine.api.port}/readyz`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({ components: { database: 'ok', temporal: 'not ready' } });

    server = await start();
    await market.untilReady(during.order, PACE);
    const instanceId = String(during.call.answer?.['instanceId']);
    expect(tenants.effects.filter((effect) => effect.endsWith(instanceId))).toEqual([`create ${instanceId}`]);
    const rows = await eventually(async () => {
      const all = await engine.store.em().getConnection().execute<{ seq: number; outcome: string | null }[]>(`select seq, outcome from command where instance_id = '${known}' order by seq`);
      return all.every(({ outcome }) => outcome !== null) && all;
    });
    expect(rows.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
    // The last two words were freeze and a renewal: frozen for a violation, since the paid end lies ahead.
    await eventually(() => Promise.resolve(tenants.tenants.get(known) === 'suspended'));
  });
});

describe('a process that is killed', () => {
  it('between journal and ring: another process rings for what it promised', async () => {
    const tenants = memoryTenants();
    const engine = await startEngine({ provisioners: tenants });
    try {
      await engine.stopApi();
      // The API that is gone had committed; nothing of it rings any more.
      const { createApi } = await import('../../src/api/app.ts');
      const { listen } = await import('../../src/processes/listen.ts');
      const { createSealer } = await import('../../src/store/sealer.ts');
      const { pino } = await import('pino');
      const dead = createApi({
        store: engine.store,
        sealer: createSealer(engine.config.secrets),
        keys: engine.config.keys,
        checks: {},
        outcomes: { wait: () => Promise.resolve(null) },
        questions: { ask: () => Promise.resolve(null) },
        dispatcher: { ring: () => undefined },
        now: () => Date.now(),
        newId: () => crypto.randomUUID(),
        log: pino({ level: 'silent' }),
        crash: (point) => {
          if (point === 'after-commit') throw new Error('killed');
        },
      });
      const listening = await listen({ fetch: dead.fetch, port: 0, host: '127.0.0.1', setting: 'PORT' });
      engine.market.setSeller(`http://127.0.0.1:${listening.port}/koogallery/saas`);
      const { order, call } = await engine.market.buy(PURCHASE);
      expect(call.resultCode).toBe('000005');
      await listening.close();

      await engine.startApi();
      // The market repeats, learns the id that was promised, and one tenant is built.
      const again = await engine.market.create(order);
      expect(again.resultCode).toBe('000004');
      await engine.market.untilReady(order, PACE);
      expect(tenants.effects).toEqual([`create ${String(again.answer?.['instanceId'])}`]);
    } finally {
      await engine.stop();
    }
  });

  it('in the middle of a build: the next worker adopts the tenant, and the buyer gets in', { timeout: 90_000 }, async () => {
    const engine = await startEngine({ withWorker: false });
    const folder = await mkdtemp(join(tmpdir(), 'kookeeper-killed-'));
    const mark = join(folder, 'mark');
    const worker = spawn(process.execPath, ['test/support/slow-worker.ts'], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: {
        PATH: process.env['PATH'],
        TEST_CONFIG: 'kookeeper.config.json',
        TEST_CWD: join(engine.config.dataFolder, '..'),
        TEST_QUEUE: engine.taskQueue,
        TEST_TEMPORAL: inject('temporalAddress'),
        TEST_MARK: mark,
        TEST_TENANTS: engine.tenants,
        KOOKEEPER_WORKFLOW_BUNDLE: inject('workflowBundlePath'),
        KOOGALLERY_AK: engine.config.openApi.ak,
        KOOGALLERY_SK: engine.config.openApi.sk,
        KOOGALLERY_OPEN_API: engine.market.openApiUrl,
        KOOKEEPER_SECRET: engine.config.secrets[0],
      },
    });
    try {
      const { order, call } = await engine.market.buy(PURCHASE);
      await eventually(() => Promise.resolve(existsSync(mark)), 45_000);
      worker.kill('SIGKILL');
      await engine.startWorker();
      const access = await engine.market.untilReady(order, PACE);
      const { logIn } = await import('../../src/provisioners/sqlite-tenant/users.ts');
      const visit = await logIn(engine.tenants, String(call.answer?.['instanceId']), { userName: access.userName ?? '', password: access.password ?? '', now: Date.now() });
      expect(visit).toMatchObject({ tenant: 'open', value: { token: expect.any(String) } });
      const history = await engine.temporal.client.workflow.getHandle(workflowIdOf(`${order.orderId}/${order.orderLineId}`)).fetchHistory();
      expect((history.events ?? []).filter(({ activityTaskScheduledEventAttributes: begun }) => begun?.activityType?.name === 'provision')).toHaveLength(1);
    } finally {
      worker.kill('SIGKILL');
      await engine.stop();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
