import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { workflowIdOf } from '../../src/delivery/temporal-bell.ts';
import type { InstanceStatus } from '../../src/workflows/instance.ts';
import { eventually, startEngine, type Engine } from '../support/engine.ts';
import { freshDatabase } from '../support/postgres.ts';

describe('a configuration file that names its products', () => {
  let engine: Engine;
  let adminUrl: string;
  beforeAll(async () => {
    adminUrl = await freshDatabase(inject('postgresUrl'));
    engine = await startEngine({
      env: { TENANTS_URL: adminUrl },
      products: [
        {
          skuCode: 'schema',
          provisioner: { kind: 'postgres-tenant', options: { adminUrl: { fromEnvironment: 'TENANTS_URL' }, publicUrl: 'https://app.example/{instanceId}' } },
          clocks: { keep: '100ms' },
        },
      ],
    });
  });
  afterAll(() => engine.stop());

  const logIn = async (user: string, password: string): Promise<unknown> => {
    const url = new URL(adminUrl);
    const client = new pg.Client({ host: url.hostname, port: Number(url.port), database: url.pathname.slice(1), user, password });
    try {
      await client.connect();
      const { rows } = await client.query('select current_user as who');
      return rows[0];
    } finally {
      await client.end();
    }
  };

  it('builds a schema and a role per instance with postgres-tenant: frozen means no login, released means gone', async () => {
    const { market } = engine;
    const { order, call } = await market.buy({ skuCode: 'schema', productId: 'schema-year' });
    const { userName = '', password = '', frontEndUrl } = await market.untilReady(order, { every: 100, limit: 20_000 });
    const instanceId = String(call.answer?.['instanceId']);
    expect(frontEndUrl).toBe(`https://app.example/${instanceId}`);
    expect(await logIn(userName, password)).toEqual({ who: userName });

    await market.freeze(instanceId);
    await eventually(() => logIn(userName, password).then(() => false, (error: unknown) => /not permitted to log in/.test(String(error))));
    await market.unfreeze(instanceId);
    await eventually(() => logIn(userName, password).catch(() => false));
    await market.release(instanceId, { unsubscribe: true });
    await eventually(() => logIn(userName, password).then(() => false, (error: unknown) => /authentication failed|does not exist/.test(String(error))));
    await eventually(async () => (await market.poll(instanceId)).resultCode === '000003');
  });

  it('lets an SKU that it does not name wait for a person, and builds nothing for it', async () => {
    const { market, temporal, store } = engine;
    const { order, call } = await market.buy({ skuCode: 'never-configured', productId: 'p' });
    const handle = temporal.client.workflow.getHandle(workflowIdOf(`${order.orderId}/${order.orderLineId}`));
    const { state } = await eventually(async () => {
      const status = await handle.query<InstanceStatus>('status').catch(() => null);
      return status?.state.needsPerson['unknown-product'] && status;
    });
    expect(state.needsPerson['unknown-product']?.detail).toContain('never-configured');
    expect((await market.poll(String(call.answer?.['instanceId']))).resultCode).toBe('000004');
    await eventually(async () => (await store.em().getConnection().execute<{ n: number }[]>('select count(*) as n from instance where needs_person = 1'))[0]?.n === 1);
    const counts = await fetch(`http://127.0.0.1:${engine.api.operatorPort}/counts`);
    expect(await counts.json()).toMatchObject({ needsPerson: 1 });
    const attributes = (await handle.describe()).typedSearchAttributes.getAll();
    expect(attributes.find(({ key }) => key.name === 'KooNeedsPerson')?.value).toBe(true);
  });
});
