import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBuyer } from '../../src/demo/buyer.ts';
import { workflowIdOf } from '../../src/delivery/temporal-bell.ts';
import { showInstance } from '../../src/operations/show-instance.ts';
import { startDemoApp } from '../../src/processes/app.ts';
import type { Listening } from '../../src/processes/listen.ts';
import { tenantPath } from '../../src/provisioners/sqlite-tenant/tenant-file.ts';
import { createLog } from '../../src/processes/log.ts';
import type { InstanceStatus } from '../../src/workflows/instance.ts';
import { BUYER } from '../../src/simulator/buyer.ts';
import { eventually, startEngine, type Engine } from '../support/engine.ts';

const PURCHASE = { skuCode: 'notes', productId: 'notes-month', linearValue: 3 } as const;
const PACE = { every: 100, limit: 20_000 } as const;

describe.each(['sqlite', 'postgres'] as const)('one life, kept in %s', (database) => {
  let engine: Engine;
  let app: Listening;

  beforeAll(async () => {
    engine = await startEngine({ database, clocks: { graceStated: '500ms', retention: '500ms', keep: '200ms' } });
    app = await startDemoApp({ appPort: 0, publicUrl: engine.config.publicUrl, dataFolder: engine.config.dataFolder }, createLog('silent', 'test'));
  });
  afterAll(async () => {
    await app.close();
    await engine.stop();
  });

  it('goes from purchase to release, and every step does to the tenant what it says', async () => {
    const { market, tenants, temporal, store } = engine;
    const { order, call } = await market.buy({ ...PURCHASE, expireAt: Date.now() + 1_000 });
    expect(call.resultCode).toBe('000004');
    const instanceId = String(call.answer?.['instanceId']);

    const access = await market.untilReady(order, PACE);
    const buyer = createBuyer({ ...access, frontEndUrl: access.frontEndUrl.replace(':1/', `:${app.port}/`) });
    expect(await buyer.logIn()).toBe(303);
    expect(await buyer.writeNote('kept')).toBe(303);
    expect((await market.create(order)).resultCode).toBe('000000');

    expect((await market.freeze(instanceId)).resultCode).toBe('000000');
    await eventually(async () => (await buyer.logIn()) === 403);
    // The read model follows the effect within moments.
    const frozen = await eventually(async () => {
      const polled = await market.poll(instanceId);
      const [info] = (polled.answer?.['info'] ?? []) as { appInfo: Record<string, string> }[];
      return info && info.appInfo['password'] === undefined && info;
    });
    expect(frozen.appInfo).toEqual({ frontEndUrl: access.frontEndUrl });

    expect((await market.unfreeze(instanceId)).resultCode).toBe('000000');
    await eventually(async () => (await buyer.logIn()) === 303);
    expect(await buyer.page()).toContain('kept');

    const end = Date.now() + 1_500;
    expect((await market.renew(order, { expireAt: end })).call.resultCode).toBe('000000');
    await eventually(async () => (await buyer.logIn()) === 403);
    expect(Date.now()).toBeGreaterThanOrEqual(end + 500);
    const handle = temporal.client.workflow.getHandle(workflowIdOf(`${order.orderId}/${order.orderLineId}`));
    const status = await eventually(async () => {
      const now = await handle.query<InstanceStatus>('status');
      return now.state.needsPerson['retention-over'] && now;
    });
    expect(status.phase).toBe('frozen');
    expect(status.state.desired.frozen).toEqual(['clock']);

    expect((await market.release(instanceId)).resultCode).toBe('000000');
    await eventually(async () => !existsSync(tenantPath(tenants, instanceId)));
    await eventually(async () => (await handle.describe()).status.name === 'COMPLETED');
    expect((await market.poll(instanceId)).resultCode).toBe('000003');
    expect((await market.create(order)).answer).toMatchObject({ resultCode: '000000', instanceId });
    expect((await market.release(instanceId)).resultCode).toBe('000000');
    expect((await market.renew(order, { expireAt: end + 60_000 })).call.resultCode).toBe('000003');

    const record = await showInstance(store, order.orderLineId);
    expect(record?.commands.map(({ instruction, outcome }) => [instruction.kind, outcome])).toEqual([
      ['create', 'done'],
      ['freeze', 'done'],
      ['unfreeze', 'done'],
      ['renew', 'done'],
      ['release', 'done'],
    ]);
  });

  it('tells the Temporal UI phase, plan, what comes next, and answers its handlers', async () => {
    const { market, temporal } = engine;
    const { order } = await market.buy(PURCHASE);
    await market.untilReady(order, PACE);
    const handle = temporal.client.workflow.getHandle(workflowIdOf(`${order.orderId}/${order.orderLineId}`));
    // The state is stored within the task that shows it: the server has the attributes when that task has ended.
    const attributes = await eventually(async () => {
      const shown = Object.fromEntries((await handle.describe()).typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]));
      return shown['KooPhase'] === 'active' && shown;
    });
    expect(attributes).toMatchObject({ KooOrderLine: `${order.orderId}/${order.orderLineId}`, KooProduct: 'notes-month', KooPhase: 'active', KooNeedsPerson: false });
    expect(attributes['KooExpireAt']).toBeInstanceOf(Date);
    const metadata = await handle.query<{ currentDetails: string; definition: { signalDefinitions: { name: string; description: string }[] } }>('__temporal_workflow_metadata');
    expect(metadata.currentDetails).toContain('| phase | active |');
    expect(metadata.currentDetails).toContain('notes × 3');
    expect(metadata.currentDetails).toMatch(/\| next \| the coming end is announced at 20\d\d-/);
    expect(metadata.definition.signalDefinitions.find(({ name }) => name === 'bell')?.description).toContain('mailbox');
    const history = await handle.fetchHistory();
    const summaries = (history.events ?? []).map(({ userMetadata }) => Buffer.from(userMetadata?.summary?.data ?? []).toString());
    expect(summaries).toContain('"build the tenant for notes"');
  });

  it('leaves no password, key, phone or mail in the history, the attributes or the log', async () => {
    const { market, temporal, config, logged } = engine;
    const { order } = await market.buy(PURCHASE);
    const access = await market.untilReady(order, PACE);
    const { events } = await temporal.client.workflow.getHandle(workflowIdOf(`${order.orderId}/${order.orderLineId}`)).fetchHistory();
    // Payload data are bytes: spelled out they would hide a word from a plain search.
    const history = JSON.stringify(events, (_key, value: unknown) => (value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : typeof value === 'bigint' ? String(value) : value));
    expect(history).toContain(order.orderLineId);
    const told = history + logged.join('\n');
    for (const secret of [access.password, config.keys.base[0], config.openApi.ak, config.openApi.sk, config.secrets[0], BUYER.mobilePhone, BUYER.email, BUYER.customerName, BUYER.customerRealName, 'mobilePhone']) {
      expect(secret).toBeTruthy();
      expect(told).not.toContain(secret);
    }
  });
});
