import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NotOnSale } from '../../src/simulator/errors.ts';
import type { Market } from '../../src/simulator/market.ts';
import { PATIENCE, patienceOf } from '../../src/simulator/platform/levels.ts';
import { PLATFORM_RULES } from '../../src/simulator/platform/rules.ts';
import { DAY, HOUR, liveUntil, MINUTE, platformOf } from './platform-time.ts';
import { json, type Handler } from './seller.ts';
import { openStage, STANDARD, START, type Stage } from './stage.ts';

const END = Date.UTC(2026, 11, 21, 9, 30);
const refuse: Handler = (_, response) => json(response, { resultCode: '000005', resultMsg: 'not now' });
const rules = async (market: Market): Promise<string[]> => (await platformOf(market).events()).map(({ rule }) => rule);

let stage: Stage;
beforeEach(async () => {
  stage = await openStage({ platform: { level: 'V1' } });
});
afterEach(() => stage.close());

async function bought(): Promise<{ orderId: string; instanceId: string }> {
  const { market, clock } = stage;
  const { order } = await market.buy(STANDARD);
  await liveUntil(market, clock, clock.at + 5 * MINUTE);
  return { orderId: order.orderId, instanceId: (await market.asset(order)).instanceId ?? '' };
}
const statusCalls = async () => (await stage.market.calls()).filter(({ verb }) => verb === 'updateInstanceStatus' || verb === 'releaseInstance').map(({ verb, at, body }) => [/FREEZE|UNFREEZE/.exec(body)?.[0] ?? verb, at]);

describe('the end of a validity', { timeout: 60_000 }, () => {
  it('freezes after the grace and releases after the retention of the customer level, without an order', async () => {
    const { market, clock, seller } = stage;
    const { orderId } = await bought();
    await liveUntil(market, clock, END + 30 * DAY);
    expect(await statusCalls()).toEqual([['FREEZE', END + DAY], ['releaseInstance', END + 8 * DAY]]);
    expect(seller.received.at(-1)?.members).not.toHaveProperty('orderId');
    expect((await market.asset(orderId)).status).toBe('released');
    expect(await platformOf(market).nextDue()).toBeNull();
  });

  it('freezes first and releases then, when the market did not run while both fell due', async () => {
    const { market, clock, seller } = stage;
    const { orderId } = await bought();
    // The freeze takes longer than the release.
    seller.answer(async ({ members }, response) => {
      if (members['activity'] === 'updateInstanceStatus') await new Promise((resolve) => setTimeout(resolve, 30));
      json(response, { resultCode: '000000', resultMsg: 'ok' });
    });
    clock.at = END + 30 * DAY;
    await liveUntil(market, clock, clock.at);
    expect((await statusCalls()).map(([what]) => what)).toEqual(['FREEZE', 'releaseInstance']);
    expect(seller.received.slice(-2).map(({ members }) => members['activity'])).toEqual(['updateInstanceStatus', 'releaseInstance']);
    expect((await market.asset(orderId)).status).toBe('released');
  });

  it('comes later when it was renewed before', async () => {
    const { market, clock } = stage;
    const { orderId } = await bought();
    const { order } = await market.renew(orderId);
    await liveUntil(market, clock, END + 20 * DAY);
    expect(await statusCalls()).toEqual([]);
    expect(await platformOf(market).nextDue()).toBe((order.expireAt ?? 0) + DAY);
  });

  it('is undone by a renewal in the retention: refreshInstance, then UNFREEZE', async () => {
    const { market, clock } = stage;
    const { orderId } = await bought();
    await liveUntil(market, clock, END + 3 * DAY);
    await market.renew(orderId);
    expect((await market.calls()).slice(-2).map(({ verb }) => verb)).toEqual(['refreshInstance', 'updateInstanceStatus']);
    expect((await market.asset(orderId)).status).toBe('active');
    await liveUntil(market, clock, END + 20 * DAY);
    expect((await market.asset(orderId)).status).toBe('active');
  });

  it('leaves a violation’s freeze standing when the customer renews', async () => {
    const { market } = stage;
    const { orderId, instanceId } = await bought();
    await market.freeze(instanceId);
    await market.renew(orderId);
    expect((await market.asset(orderId)).status).toBe('frozen');
    expect((await statusCalls()).map(([what]) => what)).toEqual(['FREEZE']);
  });

  it('leaves a violation’s freeze standing when the end comes on top of it, and the customer renews then', async () => {
    const { market } = stage;
    const { orderId, instanceId } = await bought();
    await market.freeze(instanceId, 'violation');
    await market.expire(instanceId);
    await market.renew(orderId);
    expect((await statusCalls()).map(([what]) => what)).toEqual(['FREEZE', 'FREEZE']);
    expect((await market.asset(orderId)).status).toBe('frozen');
  });

  it('calls a freeze off that the seller has not accepted before the renewal', async () => {
    const { market, clock, seller } = stage;
    const { orderId } = await bought();
    seller.answer(refuse);
    await liveUntil(market, clock, END + DAY + MINUTE);
    seller.answer(null);
    await market.renew(orderId);
    const before = seller.received.length;
    await liveUntil(market, clock, END + 10 * DAY);
    expect(seller.received).toHaveLength(before);
  });

  it('goes on to the release although the freeze was never accepted', async () => {
    const { market, clock, seller } = stage;
    const { orderId } = await bought();
    seller.answer(({ members }, response) => json(response, { resultCode: members['status'] === 'FREEZE' ? '000005' : '000000', resultMsg: 'so it is' }));
    await liveUntil(market, clock, END + 30 * DAY);
    const whats = (await statusCalls()).map(([what]) => what);
    expect(whats.filter((what) => what === 'FREEZE')).toHaveLength(61);
    expect(whats.at(-1)).toBe('releaseInstance');
    expect((await market.asset(orderId)).status).toBe('released');
  });

  it('does not come for what has no end', async () => {
    const { market, clock } = stage;
    await market.buy({ ...STANDARD, chargingMode: 'ON_DEMAND' });
    await liveUntil(market, clock, START + HOUR);
    expect(await platformOf(market).nextDue()).toBeNull();
  });

  it('has the days of the published table for every level', () => {
    expect(patienceOf('V3', 'PERIOD')).toEqual({ grace: 7 * DAY, retention: 7 * DAY });
    expect(patienceOf('V3', 'ON_DEMAND_PKG')).toEqual({ grace: DAY, retention: 7 * DAY });
    for (const { period } of Object.values(PATIENCE)) expect(period.retention).toBeLessThanOrEqual(15);
  });
});

describe('probes', { timeout: 60_000 }, () => {
  const probed = async () => (await stage.market.calls()).filter(({ kind }) => kind === 'test').map(({ at }) => at - START);

  it('replay the cases that were saved twice a day, signed afresh', async () => {
    const { market, clock, seller } = stage;
    await market.probe('newInstance');
    await liveUntil(market, clock, START + 36 * HOUR);
    expect(await probed()).toEqual([0]);
    // What is only "being processed" is no success for a probe.
    expect(await rules(market)).toEqual([]);
    seller.answer((_, response) => json(response, { resultCode: '000000', resultMsg: 'ok', instanceId: 'i-test' }));
    await market.probe('newInstance');
    await market.probe('releaseInstance');
    await liveUntil(market, clock, clock.at + 36 * HOUR);
    expect(await probed()).toEqual([0, 36, 36, 48, 48, 60, 60, 72, 72].map((hours) => hours * HOUR));
    expect(new Set(seller.received.map(({ query }) => query.get('nonce'))).size).toBe(9);
    expect(seller.received.every(({ members, signed }) => members['testFlag'] === '1' && signed)).toBe(true);
    expect((await platformOf(market).gauge()).savedCases).toEqual(['newInstance', 'releaseInstance']);
  });

  it('freeze the trading after five days of failures in a row, and end with it', async () => {
    const { market, clock, seller } = stage;
    await market.probe('releaseInstance');
    seller.answer(refuse);
    await liveUntil(market, clock, START + 4 * DAY);
    expect(await platformOf(market).gauge()).toMatchObject({ trading: 'on-sale', failedProbeDays: 4 });
    await liveUntil(market, clock, START + 30 * DAY);
    expect(await platformOf(market).gauge()).toMatchObject({ trading: 'frozen', failedProbeDays: 5, nextProbeAt: null });
    expect(await probed()).toHaveLength(11);
    await expect(market.buy(STANDARD)).rejects.toThrow(NotOnSale);
    await platformOf(market).sellAgain();
    seller.answer(null);
    await market.buy(STANDARD);
  });

  it('count days in a row: one good day begins anew', async () => {
    const { market, clock, seller } = stage;
    await market.probe('releaseInstance');
    seller.answer(refuse);
    await liveUntil(market, clock, START + 4 * DAY);
    seller.answer(null);
    await liveUntil(market, clock, START + 5 * DAY);
    seller.answer(refuse);
    await liveUntil(market, clock, START + 9 * DAY);
    expect(await platformOf(market).gauge()).toMatchObject({ trading: 'on-sale', failedProbeDays: 4 });
  });

  it('do not make up for rounds that fell into a time without a running market', async () => {
    const { market, clock } = stage;
    await market.probe('releaseInstance');
    clock.at = START + 10 * DAY + HOUR;
    await liveUntil(market, clock, START + 11 * DAY);
    expect(await probed()).toEqual([0, 10 * DAY + HOUR, 10 * DAY + 12 * HOUR, 11 * DAY]);
  });
});

describe('failed orders', { timeout: 60_000 }, () => {
  async function fail(count: number): Promise<void> {
    const { market, clock, seller } = stage;
    seller.answer(refuse);
    for (let n = 0; n < count; n += 1) await market.buy(STANDARD);
    await liveUntil(market, clock, clock.at + 4 * HOUR);
  }

  it('delist the product when more than five failed in a month', async () => {
    const { market } = stage;
    await fail(5);
    expect(await platformOf(market).gauge()).toMatchObject({ trading: 'on-sale', failedOrders: 5 });
    await fail(1);
    expect(await platformOf(market).gauge()).toMatchObject({ trading: 'delisted', failedOrders: 6 });
    expect((await rules(market)).filter((rule) => rule === 'delisted')).toHaveLength(1);
    await expect(market.buy(STANDARD)).rejects.toThrow(NotOnSale);
  });

  it('count for a month only', async () => {
    const { market, clock } = stage;
    await fail(5);
    await liveUntil(market, clock, clock.at + 30 * DAY);
    await fail(5);
    expect(await platformOf(market).gauge()).toMatchObject({ trading: 'on-sale', failedOrders: 5 });
  });
});

describe('the rules of the platform', { timeout: 60_000 }, () => {
  it('each have a page', () => {
    for (const { page } of Object.values(PLATFORM_RULES)) expect(page).toMatch(/^https:\/\//);
  });
});
