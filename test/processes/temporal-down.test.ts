import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { freePorts } from '../../src/temporal/dev-server/ports.ts';
import { findServer } from '../../src/temporal/dev-server/find-server.ts';
import { startDevServer, type DevServer } from '../../src/temporal/dev-server/start.ts';
import { startMarket } from '../../src/simulator/start-market.ts';
import { eventually } from '../support/engine.ts';
import { kookeeper } from '../support/kookeeper.ts';

it('serve answers all the same while the Temporal of others is away, and carries out what it promised once it is there', { timeout: 120_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kookeeper-away-'));
  const [port = 0, uiPort = 0] = await freePorts('127.0.0.1', 2);
  const keys = { base: 'base-key-of-this-test-00000001', ak: 'ak-of-this-test-00001', sk: 'sk-of-this-test-00001' };
  const market = await startMarket({ keys });
  const serve = kookeeper(['serve'], folder, {
    KOOGALLERY_BASE_KEY: keys.base,
    KOOGALLERY_AK: keys.ak,
    KOOGALLERY_SK: keys.sk,
    KOOGALLERY_OPEN_API: market.openApiUrl,
    KOOKEEPER_SECRET: 'a-secret-of-this-test-that-is-long-enough',
    KOOKEEPER_PUBLIC_URL: 'https://notes.example',
    KOOKEEPER_APP_PORT: '0',
    KOOKEEPER_OPERATOR_PORT: '0',
    PORT: '0',
    TEMPORAL_ADDRESS: `127.0.0.1:${port}`,
  });
  let server: DevServer | null = null;
  try {
    const address = await eventually(() => Promise.resolve(/production address\s+(\S+)/.exec(serve.out())?.[1]));
    market.setSeller(address);
    const { order, call } = await market.buy({ skuCode: 'any', productId: 'any' });
    expect(call.resultCode).toBe('000004');
    expect(await (await fetch(`${new URL(address).origin}/readyz`)).json()).toMatchObject({ components: { temporal: 'not ready', worker: 'not ready' } });

    const found = await findServer({});
    if (found.kind !== 'cli') throw new Error('this test needs a server of its own: unset TEMPORAL_ADDRESS');
    server = await startDevServer({ cli: found.path, port, uiPort, logFile: join(folder, 'temporal.log') });
    await market.untilReady(order, { every: 200, limit: 60_000 });
    serve.child.kill('SIGTERM');
    expect((await serve.ended).code).toBe(0);
  } finally {
    serve.child.kill('SIGKILL');
    await server?.stop();
    await market.close();
    await rm(folder, { recursive: true, force: true });
  }
});

it('a worker that finds no Temporal says so and ends, so that whoever runs it can start it again', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kookeeper-down-'));
  const [port = 0] = await freePorts('127.0.0.1', 1);
  const worker = kookeeper(['worker'], folder, {
    KOOGALLERY_AK: 'ak-of-this-test-00001',
    KOOGALLERY_SK: 'sk-of-this-test-00001',
    KOOKEEPER_SECRET: 'a-secret-of-this-test-that-is-long-enough',
    KOOKEEPER_PUBLIC_URL: 'https://notes.example',
    TEMPORAL_ADDRESS: `127.0.0.1:${port}`,
  });
  const limit = setTimeout(() => worker.child.kill('SIGKILL'), 30_000);
  try {
    const { code, err } = await worker.ended;
    expect(err).toContain(`no Temporal server answers at 127.0.0.1:${port}`);
    expect(code).toBe(1);
  } finally {
    clearTimeout(limit);
    await rm(folder, { recursive: true, force: true });
  }
});
