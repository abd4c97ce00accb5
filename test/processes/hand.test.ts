import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, inject, it } from 'vitest';
import { startMarket } from '../../src/simulator/start-market.ts';
import { eventually } from '../support/engine.ts';
import { kookeeper } from '../support/kookeeper.ts';
import { ownNamespace } from '../support/own-namespace.ts';

it('a person’s commands beside a running `serve`: told, carried out, and answered with their outcome', { timeout: 120_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kookeeper-hand-'));
  const secret = (): string => randomBytes(24).toString('hex');
  const [base, ak, sk] = [secret(), secret(), secret()];
  const market = await startMarket({ keys: { base, ak, sk } });
  const { namespace, drop } = await ownNamespace();
  const config = {
    products: [
      { skuCode: 'notes', provisioner: { kind: 'sqlite-tenant' } },
      // Nobody listens on port 9: this provisioner fails.
      { skuCode: 'broken', provisioner: { kind: 'postgres-tenant', options: { adminUrl: { fromEnvironment: 'TENANTS_URL' }, publicUrl: 'https://app.example' } } },
    ],
  };
  await writeFile(join(folder, 'kookeeper.config.json'), JSON.stringify(config));
  const env = {
    KOOGALLERY_BASE_KEY: base,
    KOOGALLERY_AK: ak,
    KOOGALLERY_SK: sk,
    KOOGALLERY_OPEN_API: market.openApiUrl,
    KOOKEEPER_SECRET: secret(),
    KOOKEEPER_CONFIG: 'kookeeper.config.json',
    KOOKEEPER_APP_PORT: '0',
    KOOKEEPER_OPERATOR_PORT: '0',
    KOOKEEPER_PUBLIC_URL: 'https://notes.example',
    KOOKEEPER_WORKFLOW_BUNDLE: inject('workflowBundlePath'),
    TENANTS_URL: 'postgres://keeper:never@127.0.0.1:9/tenants',
    PORT: '0',
    TEMPORAL_ADDRESS: inject('temporalAddress'),
    TEMPORAL_NAMESPACE: namespace,
  };
  const instance = (...args: string[]) => kookeeper(['instance', ...args, '--output', 'json'], folder, env).ended;
  const serve = kookeeper(['serve'], folder, env);
  try {
    market.setSeller(await eventually(() => Promise.resolve(/production address\s+(\S+)/.exec(serve.out())?.[1]), 60_000));
    const { order } = await market.buy({ skuCode: 'notes', productId: 'notes' });
    await market.untilReady(order, { every: 100, limit: 30_000 });

    const frozen = await instance('freeze', order.orderLineId, '--wait', '30s');
    expect(frozen.code).toBe(0);
    expect(JSON.parse(frozen.out)).toMatchObject({ action: 'freeze', command: 2, outcome: 'done', phase: 'frozen', frozenFor: 'person', next: null });
    expect(JSON.parse((await instance('unfreeze', order.orderLineId, '--wait', '30s')).out)).toMatchObject({ outcome: 'done', phase: 'active', frozenFor: null });
    expect((await instance('release', order.orderLineId)).code).toBe(2);
    expect(JSON.parse((await instance('release', order.orderLineId, '--yes', '--wait', '30s')).out)).toMatchObject({ outcome: 'done', phase: 'released' });
    expect(JSON.parse((await instance('cancel-release', order.orderLineId, '--wait', '30s')).out)).toMatchObject({ outcome: 'done' });

    const { order: failing, call } = await market.buy({ skuCode: 'broken', productId: 'broken' });
    await eventually(async () => JSON.parse((await instance('show', failing.orderLineId)).out).state?.trouble?.effect === 'provision', 60_000);
    await writeFile(join(folder, 'access.json'), JSON.stringify({ frontEndUrl: 'https://by-hand.example', password: 'made-by-hand' }));
    const completed = await instance('complete', failing.orderLineId, '--access', 'access.json', '--wait', '30s');
    expect(JSON.parse(completed.out)).toMatchObject({ outcome: 'done', phase: 'active', needsPerson: null });
    expect(await market.untilReady(failing, { every: 100, limit: 30_000 })).toEqual({ frontEndUrl: 'https://by-hand.example', password: 'made-by-hand' });
    const show = await kookeeper(['instance', 'show', String(call.answer?.['instanceId'])], folder, env).ended;
    expect(show.out).toMatch(/complete +person +done/);

    serve.child.kill('SIGTERM');
    const { code, err } = await serve.ended;
    expect(code).toBe(0);
    for (const told of [err, show.out, completed.out, completed.err]) expect(told).not.toContain('made-by-hand');
  } finally {
    serve.child.kill('SIGKILL');
    await serve.ended;
    await market.close();
    await drop();
    await rm(folder, { recursive: true, force: true });
  }
});
