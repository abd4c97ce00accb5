import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CustomerLevel } from '../../src/simulator/platform/levels.ts';
import { DAY, liveUntil, MINUTE, platformOf } from './platform-time.ts';
import { json } from './seller.ts';
import { openStage, STANDARD, START, type Stage } from './stage.ts';

describe('the arrears of an on-demand instance', { timeout: 60_000 }, () => {
  let stage: Stage;
  const open = async (level: CustomerLevel): Promise<void> => {
    stage = await openStage({ platform: { level } });
  };
  beforeEach(() => open('V4'));
  afterEach(() => stage.close());

  async function inArrears(): Promise<{ orderId: string; instanceId: string; since: number }> {
    const { market, clock } = stage;
    const { order } = await market.buy({ ...STANDARD, chargingMode: 'ON_DEMAND' });
    await liveUntil(market, clock, clock.at + 5 * MINUTE);
    await market.arrears(order);
    return { orderId: order.orderId, instanceId: (await market.asset(order)).instanceId ?? '', since: clock.at };
  }
  const statusCalls = async () => (await stage.market.calls()).flatMap(({ verb, at, body }) => (verb === 'updateInstanceStatus' || verb === 'releaseInstance' ? [[/FREEZE|UNFREEZE/.exec(body)?.[0] ?? verb, at]] : []));
  const told = async () => (await platformOf(stage.market).events()).map(({ rule }) => rule).filter((rule) => rule !== 'ready');

  it.each([
    ['V0', 0, 1],
    ['V2', 0, 7],
    ['V3', 1, 7],
    ['V5', 7, 15],
  ] as const)('level %s: frozen after %i days of grace, released after %i days of retention, without an order', async (level, grace, retention) => {
    await stage.close();
    await open(level);
    const { orderId, since } = await inArrears();
    await liveUntil(stage.market, stage.clock, START + 40 * DAY);
    expect(await statusCalls()).toEqual([['FREEZE', since + grace * DAY], ['releaseInstance', since + (grace + retention) * DAY]]);
    expect(stage.seller.received.at(-1)?.members).not.toHaveProperty('orderId');
    expect((await stage.market.asset(orderId)).status).toBe('released');
    expect(await told()).toEqual(['arrears', 'freeze', 'release']);
  });

  it('paid within the grace cause no call at all', async () => {
    const { market, clock } = stage;
    const { orderId } = await inArrears();
    await liveUntil(market, clock, clock.at + 6 * DAY);
    expect(await market.pay(orderId)).toBeNull();
    await liveUntil(market, clock, clock.at + 40 * DAY);
    expect(await statusCalls()).toEqual([]);
    expect(await market.asset(orderId)).toMatchObject({ status: 'active', arrearsSince: null });
  });

  it('paid within the retention bring UNFREEZE, and a second time everything begins anew', async () => {
    const { market, clock } = stage;
    const { orderId, since } = await inArrears();
    await liveUntil(market, clock, since + 8 * DAY);
    expect((await market.pay(orderId))?.verdict.ok).toBe(true);
    expect((await market.asset(orderId)).status).toBe('active');
    clock.at += DAY;
    await market.arrears(orderId);
    const again = clock.at;
    await liveUntil(market, clock, again + 8 * DAY);
    expect(await statusCalls()).toEqual([['FREEZE', since + 7 * DAY], ['UNFREEZE', since + 8 * DAY], ['FREEZE', again + 7 * DAY]]);
    expect(await told()).toEqual(['arrears', 'freeze', 'paid', 'arrears', 'freeze']);
  });

  it('paid while the seller has not accepted the freeze yet: its repeats are called off', async () => {
    const { market, clock, seller } = stage;
    const { orderId, since } = await inArrears();
    seller.answer((_, response) => json(response, { resultCode: '000005', resultMsg: 'not now' }));
    await liveUntil(market, clock, since + 7 * DAY + 10 * MINUTE);
    expect(await platformOf(market).matters()).toHaveLength(1);
    seller.answer(null);
    expect(await market.pay(orderId)).toBeNull();
    expect(await platformOf(market).matters()).toEqual([]);
    await liveUntil(market, clock, clock.at + 40 * DAY);
    expect((await market.asset(orderId)).status).toBe('active');
  });

  it('leave a violation’s freeze standing when they are paid', async () => {
    const { market, clock } = stage;
    const { orderId, instanceId, since } = await inArrears();
    await market.freeze(instanceId, 'violation');
    await liveUntil(market, clock, since + 8 * DAY);
    expect(await market.pay(orderId)).toBeNull();
    expect((await market.asset(orderId)).status).toBe('frozen');
  });

  it('are refused where the product is paid in advance, and paying where nothing is owed', async () => {
    const { market } = stage;
    for (const chargingMode of ['PERIOD', 'ONE_TIME', 'ON_DEMAND_PKG'] as const) {
      const { order } = await market.buy({ ...STANDARD, chargingMode });
      await expect(market.arrears(order)).rejects.toMatchObject({ code: 'NO_ORDER', message: expect.stringContaining('paid in advance') });
      await expect(market.pay(order)).rejects.toMatchObject({ code: 'NO_ORDER' });
    }
    expect(await told()).toEqual([]);
  });
});
