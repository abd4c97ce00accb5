import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { queryOrder } from '../../src/marketplace/open-api/order-query.ts';
import { startSeller, type Seller } from './seller.ts';
import { AK, KEY, openMarket, SK, STANDARD, START } from './stage.ts';

describe('a market with a database file', () => {
  let folder: string;
  let seller: Seller;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kookeeper-market-'));
    seller = await startSeller(KEY);
  });
  afterEach(async () => {
    await seller.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('goes on with its orders, instances and calls after a restart', async () => {
    const clock = { at: START };
    const database = join(folder, 'new', 'market.sqlite');
    const first = await openMarket(clock, { database, seller: seller.url });
    const { order } = await first.buy(STANDARD);
    const { order: renewal } = await first.renew(order);
    await first.freeze(`i-${order.orderLineId}`);
    const before = { calls: await first.calls(), orders: await first.orders(), asset: await first.asset(order) };
    await first.close();

    const second = await openMarket(clock, { database, seller: seller.url });
    try {
      expect({ calls: await second.calls(), orders: await second.orders(), asset: await second.asset(order) }).toEqual(before);
      expect(before.asset).toEqual({ instanceId: `i-${order.orderLineId}`, status: 'frozen', expireAt: renewal.expireAt, arrearsSince: null });
      const { orderId, orderLineId } = order;
      const { purchase } = await queryOrder({ baseUrl: second.openApiUrl, ak: AK, sk: SK, orderId, orderLineId, fetch, now: () => clock.at });
      expect(purchase.plan.skuCode).toBe(STANDARD.skuCode);
      const call = await second.create(orderId);
      expect(call.seq).toBe(4);
      expect(seller.received.at(-1)!.members).toMatchObject({ orderId, orderLineId });
      await second.renew(order);
      expect(seller.received.at(-1)!.members['expireTime']).toBe('20270221093000');
    } finally {
      await second.close();
    }
  });

  it('keeps no password in its file', async () => {
    const database = join(folder, 'market.sqlite');
    const market = await openMarket({ at: START }, { database, seller: seller.url });
    const { order } = await market.buy(STANDARD);
    const { password } = await market.untilReady(order, { every: 1, limit: 100 });
    await market.close();
    const { readFile, readdir } = await import('node:fs/promises');
    const bytes = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name), 'latin1')));
    expect(password).toContain('geheim');
    expect(bytes.join('')).not.toContain('geheim');
    expect(bytes.join('')).toContain('frontEndUrl');
  });

  it('draws another order number when the random source repeats itself', async () => {
    let draws = 0;
    const random = (size: number) => new Uint8Array(size).fill((draws += 1) < 6 ? 7 : draws);
    const market = await openMarket({ at: START }, { random, seller: seller.url });
    try {
      const { order: one } = await market.buy(STANDARD);
      draws = 0;
      const { order: two } = await market.buy(STANDARD);
      expect(two.orderId).not.toBe(one.orderId);
    } finally {
      await market.close();
    }
  });
});
