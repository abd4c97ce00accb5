import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { Call } from '../../src/simulator/call.ts';
import type { Market } from '../../src/simulator/market.ts';
import { HOUR, liveUntil, MINUTE, platformOf } from './platform-time.ts';
import { json, startSeller, type Handler } from './seller.ts';
import { KEY, openMarket, openStage, STANDARD, START, type Stage } from './stage.ts';

const refuse: Handler = (_, response) => json(response, { resultCode: '000005', resultMsg: 'not now' });
const after = (calls: readonly Call[], verb: string): number[] => calls.filter((call) => call.verb === verb).map(({ at }) => at - START);
const rules = async (market: Market): Promise<string[]> => (await platformOf(market).events()).map(({ rule }) => rule);

describe('the platform’s repeats', { timeout: 60_000 }, () => {
  let stage: Stage;
  const live = (ms: number) => liveUntil(stage.market, stage.clock, START + ms);

  beforeEach(async () => {
    stage = await openStage({ platform: { level: 'V1' } });
  });
  afterEach(() => stage.close());

  /** A purchase that is ready; the stage's clock stands where it became so. */
  async function bought(): Promise<{ orderId: string; instanceId: string }> {
    const { order } = await stage.market.buy(STANDARD);
    await live(5 * MINUTE);
    const { instanceId, status } = await stage.market.asset(order);
    expect(status).toBe('active');
    return { orderId: order.orderId, instanceId: instanceId ?? '' };
  }

  it('polls after 000004 until the access data come, and then no more', async () => {
    const { market } = stage;
    const { order } = await market.buy(STANDARD);
    expect((await market.asset(order)).status).toBe('ordered');
    await live(3 * HOUR);
    expect(after(await market.calls(), 'queryInstance')).toEqual([MINUTE, 2 * MINUTE]);
    expect((await market.asset(order)).status).toBe('active');
    expect(await rules(market)).toEqual(['ready']);
    expect(await platformOf(market).matters()).toEqual([]);
  });

  it('repeat a refused create hourly, each with a businessId of its own, and end in unsubscription and refund', async () => {
    const { market, seller } = stage;
    seller.answer(refuse);
    const { order } = await market.buy(STANDARD);
    await live(24 * HOUR);
    expect(after(await market.calls(), 'newInstance')).toEqual([0, HOUR, 2 * HOUR, 3 * HOUR]);
    expect(new Set(seller.received.map(({ members }) => members['businessId'])).size).toBe(4);
    expect(seller.received.every(({ signed }) => signed)).toBe(true);
    expect(await rules(market)).toEqual(['order-failed', 'refunded']);
    expect((await market.orders()).map(({ type }) => type)).toEqual(['NEW', 'UNSUBSCRIBE']);
    expect((await market.asset(order)).status).toBe('released');
    // The seller never gave an instance id, so there is nothing that could be released.
    expect(after(await market.calls(), 'releaseInstance')).toEqual([]);
  });

  it('stop with the repeat that is accepted, and the books know what it brought', async () => {
    const { market, seller } = stage;
    seller.answer(refuse);
    const { order } = await market.buy(STANDARD);
    await live(HOUR - 1);
    seller.answer(null);
    await live(5 * HOUR);
    expect(after(await market.calls(), 'newInstance')).toEqual([0, HOUR]);
    expect(await market.asset(order)).toMatchObject({ instanceId: `i-${order.orderLineId}`, status: 'active' });
    expect(await rules(market)).toEqual(['ready']);
  });

  it('give up the polling of what never becomes ready, refund the order and release the instance', async () => {
    const { market, seller } = stage;
    seller.answer(({ members }, response) =>
      json(response, members['activity'] === 'releaseInstance' ? { resultCode: '000000', resultMsg: 'ok' } : { resultCode: '000004', resultMsg: 'working', instanceId: 'i-never' }),
    );
    const { order } = await market.buy(STANDARD);
    await live(24 * HOUR);
    const calls = await market.calls();
    expect(after(calls, 'queryInstance')).toHaveLength(180);
    expect(after(calls, 'queryInstance').at(-1)).toBe(3 * HOUR);
    expect(await rules(market)).toEqual(['order-failed', 'refunded']);
    const unsubscription = (await market.orders()).find(({ type }) => type === 'UNSUBSCRIBE');
    expect(seller.received.at(-1)?.members).toMatchObject({ activity: 'releaseInstance', instanceId: 'i-never', orderId: unsubscription?.orderId });
    expect((await market.asset(order)).status).toBe('released');
  });

  it('repeat a refused renewal for two hours, then leave it to a person, whose restart ends it', async () => {
    const { market, seller, clock } = stage;
    const { orderId } = await bought();
    seller.answer(refuse);
    const from = clock.at;
    const { order: renewal } = await market.renew(orderId);
    await live(24 * HOUR);
    const repeats = (await market.calls()).filter(({ verb }) => verb === 'refreshInstance');
    expect(repeats).toHaveLength(61);
    expect(repeats.at(-1)!.at - from).toBe(2 * HOUR);
    expect(new Set(repeats.map(({ body }) => body)).size).toBe(1);
    expect(await rules(market)).toEqual(['ready', 'order-failed', 'left-to-a-person']);
    expect(await platformOf(market).matters()).toMatchObject([{ orderId: renewal.orderId, dueAt: null, tries: 60 }]);
    seller.answer(null);
    await market.again(renewal);
    expect(await platformOf(market).matters()).toEqual([]);
  });

  it('unsubscribe a change that is never accepted, and leave the instance as it was', async () => {
    const { market, seller } = stage;
    const { orderId } = await bought();
    seller.answer(refuse);
    const { order: change } = await market.upgrade(orderId, { linearValue: 20 });
    await live(24 * HOUR);
    expect((await market.calls()).filter(({ verb }) => verb === 'upgradeInstance')).toHaveLength(4);
    expect((await market.orders()).at(-1)).toMatchObject({ type: 'UNSUBSCRIBE', products: change.products });
    expect((await market.asset(orderId)).status).toBe('active');
    seller.answer(null);
    await market.renew(orderId);
    expect((await market.orders()).at(-1)?.products).toEqual([expect.objectContaining({ linearValue: 10 })]);
  });

  it('carry out a freeze late, and only the newest of freeze and unfreeze', async () => {
    const { market, seller, clock } = stage;
    const { orderId, instanceId } = await bought();
    seller.answer(refuse);
    await market.freeze(instanceId);
    await liveUntil(market, clock, clock.at + 3 * MINUTE);
    await market.unfreeze(instanceId);
    seller.answer(null);
    const before = seller.received.length;
    await liveUntil(market, clock, clock.at + 3 * HOUR);
    expect(seller.received.slice(before).map(({ members }) => members['status'])).toEqual(['UNFREEZE']);
    expect((await market.asset(orderId)).status).toBe('active');
  });

  it('never repeat a question, a debugging call, or a look at the resource details', async () => {
    const { market, seller } = stage;
    const { orderId, instanceId } = await bought();
    seller.answer(refuse);
    await market.checkChange(orderId, { linearValue: 20 });
    await market.probe('newInstance');
    await market.poll(instanceId);
    expect(await platformOf(market).nextDue()).toBeGreaterThan(START + 24 * HOUR);
    expect(await platformOf(market).matters()).toEqual([]);
  });

  it('do not wait for an order that hangs, and do nothing twice that is under way', async () => {
    const { market, seller, clock } = stage;
    const platform = platformOf(market);
    seller.answer(refuse);
    await market.buy(STANDARD);
    const hanging: (() => void)[] = [];
    seller.answer((received, response) => new Promise<void>((resolve) => hanging.push(resolve)).then(() => refuse(received, response)));
    clock.at += HOUR;
    const first = platform.runDue();
    while (hanging.length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(await platform.nextDue()).toBeNull();
    await platform.runDue();
    hanging[0]?.();
    await first;
    expect(seller.received).toHaveLength(2);
    expect(await platform.nextDue()).toBe(START + 2 * HOUR);
  });

  it('send one call when two look at the same moment what is due', async () => {
    const { market, seller, clock } = stage;
    seller.answer(refuse);
    await market.buy(STANDARD);
    clock.at += HOUR;
    const { runDue } = platformOf(market);
    await Promise.all([runDue(), runDue(), runDue()]);
    expect(seller.received).toHaveLength(2);
  });

  it('count an answer that did not arrive in time as a failure', async () => {
    const { market, seller } = stage;
    seller.answer((_, response) => void response.destroy());
    await market.buy(STANDARD);
    expect(await platformOf(market).matters()).toMatchObject([{ verb: 'newInstance', reason: expect.stringContaining('unreachable'), dueAt: START + HOUR }]);
  });
});

describe('the platform in a faster life', { timeout: 60_000 }, () => {
  it('shortens periods and repeats, while stamps and dates stay real', async () => {
    const stage = await openStage({ platform: { level: 'V1' }, speed: 3_600 });
    onTestFinished(() => stage.close());
    const { market, seller, clock } = stage;
    seller.answer(refuse);
    const { order } = await market.buy(STANDARD);
    expect(order.expireAt).toBe(START + Math.ceil((30 * 24 * HOUR) / 3_600));
    await liveUntil(market, clock, START + 10_000);
    expect(after(await market.calls(), 'newInstance')).toEqual([0, 1_000, 2_000, 3_000]);
    expect(seller.received.map(({ query }) => Number(query.get('timestamp')) - START)).toEqual([0, 1_000, 2_000, 3_000]);
    expect(await rules(market)).toEqual(['order-failed', 'refunded']);
  });
});

describe('the platform after a restart', { timeout: 60_000 }, () => {
  it('goes on with what was waiting', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'kookeeper-market-'));
    const seller = await startSeller(KEY);
    onTestFinished(async () => {
      await seller.close();
      await rm(folder, { recursive: true, force: true });
    });
    const clock = { at: START };
    const options = { seller: seller.url, database: join(folder, 'market.db'), platform: { level: 'V1' } } as const;
    const first = await openMarket(clock, options);
    seller.answer(refuse);
    const { order } = await first.buy(STANDARD);
    await liveUntil(first, clock, START + HOUR);
    await first.close();
    seller.answer(null);
    clock.at = START + HOUR + MINUTE;
    const second = await openMarket(clock, options);
    onTestFinished(() => second.close());
    await liveUntil(second, clock, START + 3 * HOUR);
    expect(after(await second.calls(), 'newInstance')).toEqual([0, HOUR, 2 * HOUR]);
    expect((await second.asset(order)).status).toBe('active');
  });
});
