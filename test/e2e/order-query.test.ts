import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workflowIdOf } from '../../src/delivery/temporal-bell.ts';
import { BUYER } from '../../src/simulator/buyer.ts';
import { getSealed } from '../../src/store/sealed.ts';
import { createSealer } from '../../src/store/sealer.ts';
import type { InstanceStatus } from '../../src/workflows/instance.ts';
import { eventually, startEngine, type Engine } from '../support/engine.ts';
import { memoryTenants } from '../support/provisioners.ts';

const PURCHASE = { skuCode: 'notes', productId: 'notes-month' } as const;
const PACE = { every: 100, limit: 20_000 } as const;

describe('the order query', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine({ provisioners: memoryTenants() });
  });
  afterAll(() => engine.stop());

  it('leaves the personal part sealed in the store, and nowhere in the clear', async () => {
    const { order, call } = await engine.market.buy(PURCHASE);
    await engine.market.untilReady(order, PACE);
    const instanceId = String(call.answer?.['instanceId']);
    const personal = await getSealed(engine.store.em(), createSealer(engine.config.secrets), instanceId, 'order');
    expect(JSON.parse(personal ?? '')).toMatchObject({ buyerInfo: { email: BUYER.email } });
    const rows = await engine.store.em().getConnection().execute<{ text: string }[]>('select text from sealed');
    expect(JSON.stringify(rows)).not.toContain(BUYER.email);
  });

  it('is asked again after a fault of the marketplace, and the order is served', async () => {
    engine.market.trouble({ orderQuery: '500', times: 2 });
    const { order } = await engine.market.buy(PURCHASE);
    const access = await engine.market.untilReady(order, PACE);
    expect(access.frontEndUrl).toContain('https://');
    expect(engine.market.openApiCalls().slice(-3).map(({ status }) => status)).toEqual([500, 500, 200]);
  });

  it('stops for every order at the first refused signature, for the gateway locks an access key after five', async () => {
    await engine.market.clear();
    engine.market.trouble({ orderQuery: 'wrong-signature-reply', times: 1 });
    const placed = await Promise.all([engine.market.buy(PURCHASE), engine.market.buy(PURCHASE), engine.market.buy(PURCHASE)]);
    for (const { order } of placed) {
      const { state } = await eventually(async () => {
        const status = await engine.temporal.client.workflow
          .getHandle(workflowIdOf(`${order.orderId}/${order.orderLineId}`))
          .query<InstanceStatus>('status')
          .catch(() => null);
        return (status?.state.trouble ?? status?.state.actual.tenant === 'open') && status;
      });
      // Those whose query was already on its way were answered; nobody asks after the refusal.
      if (state.trouble) {
        expect(state.trouble.code).toBe('signature-refused');
        expect(state.needsPerson['keys-refused']).toBeDefined();
      }
    }
    const refused = engine.market.openApiCalls().length;
    expect(refused).toBeLessThanOrEqual(3);
    const { order } = await engine.market.buy(PURCHASE);
    await eventually(async () => {
      const status = await engine.temporal.client.workflow
        .getHandle(workflowIdOf(`${order.orderId}/${order.orderLineId}`))
        .query<InstanceStatus>('status')
        .catch(() => null);
      return status?.state.trouble?.code === 'signature-refused';
    });
    expect(engine.market.openApiCalls().length).toBe(refused);
  });
});
