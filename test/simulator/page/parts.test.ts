import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Order } from '../../../src/simulator/books.ts';
import { partsOf } from '../../../src/simulator/page/parts.ts';
import { readScene } from '../../../src/simulator/page/scene.ts';
import { json } from '../seller.ts';
import { HOUR, liveUntil, MINUTE, platformOf } from '../platform-time.ts';
import { openStage, STANDARD, type Stage } from '../stage.ts';

describe('the parts of the page', { timeout: 60_000 }, () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await openStage({ platform: { level: 'V1' } });
  });
  afterEach(() => stage.close());

  const parts = async () => partsOf(await readScene(stage.market, () => null));
  const part = async (id: string): Promise<string> => (await parts()).html.get(id) ?? '';
  const card = ({ orderId }: Pick<Order, 'orderId'>): Promise<string> => part(`p-${orderId}`);
  const text = (html: string): string => html.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');

  it('show an order’s calls in the order of sending, with what came back', async () => {
    const { order } = await stage.market.buy(STANDARD);
    await liveUntil(stage.market, stage.clock, stage.clock.at + 2 * MINUTE);
    const shown = text(await card(order));
    expect(shown).toMatch(/purchase 新购 .*newInstance 创建实例 000004 0 ms ok, being made .*queryInstance 查询实例信息 000004 .*queryInstance 查询实例信息 000000 0 ms ok .*ready/);
    expect(shown).toMatch(/sku-standard × 10 active 使用中/);
  });

  it('keep the newest purchase on top, and every renewal, change and refund on its purchase’s card', async () => {
    const { order: first } = await stage.market.buy(STANDARD);
    stage.clock.at += MINUTE;
    const { order: second } = await stage.market.buy(STANDARD);
    await stage.market.renew(first);
    await stage.market.upgrade(first, { linearValue: 20 });
    expect((await parts()).cards).toEqual([`p-${second.orderId}`, `p-${first.orderId}`]);
    expect(text(await card(first))).toMatch(/sku-standard × 20 .*refreshInstance RENEWAL .*upgradeInstance/);
    expect(await card(second)).not.toContain('refreshInstance');
  });

  it('change with what happens alone, not with the time that goes by', async () => {
    stage.seller.answer((_, response) => json(response, { resultCode: '000005', resultMsg: 'down' }));
    await stage.market.buy(STANDARD);
    const before = await parts();
    stage.clock.at += 20 * MINUTE;
    expect(await parts()).toEqual(before);
  });

  it('tell the end of a stuck order’s retry window, its next try, and when none is left', async () => {
    stage.seller.answer((_, response) => json(response, { resultCode: '000005', resultMsg: 'billing is down' }));
    const from = stage.clock.at;
    const { order } = await stage.market.buy(STANDARD);
    const shown = await card(order);
    expect(shown).toContain(`data-to="${from + 3 * HOUR}"`);
    expect(shown.match(new RegExp(`data-until="${from + HOUR}"`, 'g'))).toHaveLength(2);
    expect(text(shown)).toMatch(/newInstance failed once: resultCode is 000005\. .*success: resultCode is 000005 billing is down next try/);
    await liveUntil(stage.market, stage.clock, from + 4 * HOUR);
    expect(text(await card(order))).toMatch(/order failed .*refunded/);
    expect(text(await part('gauge'))).toMatch(/Failed orders, 30 days 1 of 5 .*Stuck orders 0/);
  });

  it('leave what is only left to a person in sight', async () => {
    const { order } = await stage.market.buy(STANDARD);
    await liveUntil(stage.market, stage.clock, stage.clock.at + 3 * MINUTE);
    stage.seller.answer((_, response) => json(response, { resultCode: '000005', resultMsg: 'down' }));
    await stage.market.renew(order);
    await liveUntil(stage.market, stage.clock, stage.clock.at + 3 * HOUR);
    const shown = text(await card(order));
    expect(shown).toMatch(/refreshInstance failed 61 times: resultCode is 000005\. the retry window is over: restart it/);
    expect(shown).toContain('60 more like the next: refreshInstance 000005');
    expect(shown).toContain('no repeat is left');
  });

  it('escape whatever comes from outside', async () => {
    const evil = `'"><script>alert(1)</script>`;
    stage.seller.answer((_, response) => json(response, { resultCode: evil, resultMsg: evil, instanceId: evil }));
    const { order } = await stage.market.buy({ skuCode: evil, productId: evil });
    await stage.market.probe('queryInstance', { instanceId: evil });
    const all = [...(await parts()).html.values()].join('');
    expect(all).not.toContain('<script');
    expect(await card(order)).toContain('&lt;script&gt;');
  });

  it('never show a buyer’s access data or person', async () => {
    const { order } = await stage.market.buy(STANDARD);
    await liveUntil(stage.market, stage.clock, stage.clock.at + 3 * MINUTE);
    expect(JSON.stringify([...(await parts()).html])).not.toContain('geheim');
    for (const personal of [order.buyer.mobilePhone, order.buyer.email]) expect(await card(order)).not.toContain(personal);
  });

  it('name the trouble that is made, and the trading', async () => {
    stage.market.disturb({ seed: 7, chances: { duplicate: 0.5 } });
    stage.market.trouble({ orderQuery: 'slow', times: 2 });
    expect(text(await part('gauge'))).toContain('Trouble on purpose: duplicate 0.5, order query: slow for 2 (seed 7)');
    await platformOf(stage.market).sellAgain();
    expect(text(await part('gauge'))).toContain('on sale 在售');
  });
});
