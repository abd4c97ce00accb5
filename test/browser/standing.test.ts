import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DAY, HOUR, liveUntil, MINUTE } from '../simulator/platform-time.ts';
import { json, startSeller } from '../simulator/seller.ts';
import { KEY, STANDARD } from '../simulator/stage.ts';
import { startChromium } from '../support/chromium.ts';
import { card, isLive, openPage, press, refusing, visit, type PageStage } from './stage.ts';

describe('the page of the market, looked at', { timeout: 120_000 }, () => {
  let browser: Browser;
  let page: Page;
  let stage: PageStage;

  beforeAll(async () => {
    browser = await startChromium();
  }, 20 * MINUTE);
  afterAll(() => browser.close());
  beforeEach(async () => {
    stage = await openPage({ at: Date.now() });
    page = await browser.newPage();
    await visit(page, stage);
  });
  afterEach(async () => {
    await stage.close();
    await page.close();
  });

  it('warns as soon as nothing listens at the seller’s address, and no longer than that', async () => {
    const port = Number(new URL(stage.seller.url).port);
    const banner = page.getByRole('alert');
    expect(await banner.textContent()).toMatch(/^\s*$/);
    await stage.seller.close();
    await banner.getByText('The seller does not answer.').waitFor();
    expect(await banner.textContent()).toMatch(/nothing listens there \(ECONNREFUSED\)/);
    await press(page.locator('#buy'), 'buy');
    expect(await page.locator('.life li.call').textContent()).toMatch(/unreachable: ECONNREFUSED/);
    const again = await startSeller(KEY, port);
    await banner.getByText('The seller does not answer.').waitFor({ state: 'detached' });
    expect(again.received).toEqual([]);
    await again.close();
  });

  it('warns of a seller who lets a call wait too long, until it answers one', async () => {
    const { market, seller } = stage;
    const { order } = await market.buy(STANDARD);
    seller.answer(() => undefined);
    await market.send({ body: { activity: 'newInstance', orderId: order.orderId }, overrides: { timeLimit: 50 } });
    await page.getByText('newInstance timed out').waitFor();
    seller.answer(null);
    await market.again(order);
    await page.getByText('The seller does not answer.').waitFor({ state: 'detached' });
    expect(await page.getByRole('alert').textContent()).toMatch(/^\s*$/);
  });

  it('counts failed orders and failed probe days against five, and the time left to stuck orders', async () => {
    const { market, seller, clock } = stage;
    const tile = (what: string) => page.locator(`[data-gauge=${what}]`);
    await market.probe('releaseInstance');
    refusing(seller, () => true, '000005', 'down');
    for (let bought = 0; bought < 2; bought += 1) await market.buy(STANDARD);
    await tile('stuck').getByText(/^(?:3 h 0|2 h 59) min left$/).waitFor();
    await tile('stuck').locator('.number').getByText('2', { exact: true }).waitFor();
    expect(await page.locator('.stuck').first().textContent()).toMatch(/newInstance failed once: resultCode is 000005[\s\S]*min left in its retry window[\s\S]*next repeat in/);
    expect(await page.locator('.life li.call .next').first().textContent()).toMatch(/^next try in/);
    await liveUntil(market, clock, clock.at + 4 * HOUR);
    await tile('orders').getByText('2 of 5').waitFor();
    expect(await tile('orders').locator('.pips .on').count()).toBe(2);
    await tile('stuck').locator('.number').getByText('0', { exact: true }).waitFor();
    await liveUntil(market, clock, clock.at + 3 * DAY);
    await tile('probes').getByText('3 of 5').waitFor();
    await liveUntil(market, clock, clock.at + 3 * DAY);
    await page.getByText('trading frozen 冻结交易').waitFor();
    expect(await press(page.locator('#buy'), 'buy')).toMatch(/its trading is frozen; put it on sale again first/);
  });

  it('shows a call that waits for its answer', async () => {
    const { market, seller } = stage;
    const answered = Promise.withResolvers<void>();
    seller.answer(async ({ members }, response) => {
      await answered.promise;
      json(response, { resultCode: '000000', resultMsg: 'ok', instanceId: `i-${String(members['orderId'])}` });
    });
    const buying = market.buy(STANDARD);
    await page.getByText('waiting for the answer').waitFor();
    answered.resolve();
    const { order } = await buying;
    await card(page, order).locator('li.call.ok').waitFor();
    expect(await page.getByText('waiting for the answer').count()).toBe(0);
  });

  it('lets a person buy and read with the keyboard alone', async () => {
    const tabTo = async (reached: string): Promise<void> => {
      for (let pressed = 0; pressed < 40 && !(await page.evaluate(reached)); pressed += 1) await page.keyboard.press('Tab');
      expect(await page.evaluate(reached)).toBe(true);
    };
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the orders');
    await tabTo("document.activeElement.name === 'skuCode'");
    await page.keyboard.press('Control+A');
    await page.keyboard.type('sku-keys');
    const focused = 'document.activeElement.dataset.action ?? document.activeElement.textContent';
    const passed: unknown[] = [];
    while (passed.length < 20 && passed.at(-1) !== 'buy') {
      await page.keyboard.press('Tab');
      passed.push(await page.evaluate(focused));
      expect(await page.evaluate("getComputedStyle(document.activeElement).outlineStyle + ' ' + document.activeElement.matches(':focus-visible')")).toBe('solid true');
    }
    expect(passed).toContain('More fields');
    expect(passed.at(-1)).toBe('buy');
    await page.keyboard.press('Enter');
    const summary = page.locator('.life li.call summary');
    await summary.waitFor();
    expect(await page.locator('.life h3').textContent()).toMatch(/sku-keys/);
    await tabTo("document.activeElement.matches('li.call summary')");
    await page.keyboard.press('Enter');
    await page.getByLabel('Request body').waitFor();
  });

  it('fits on a phone with everything opened: nothing scrolls sideways', async () => {
    const { market, seller } = stage;
    refusing(seller, ({ members }) => members['activity'] === 'refreshInstance', '000005', 'a-word-that-is-longer-than-any-phone-is-wide-and-never-ends-'.repeat(3));
    const { order } = await market.buy({ ...STANDARD, skuCode: 'sku-with-a-name-that-is-sixty-four-letters-long-and-has-no-space' });
    await market.renew(order);
    await market.probe('queryInstance');
    await page.setViewportSize({ width: 360, height: 740 });
    await card(page, order).locator('.stuck').waitFor();
    await page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })");
    expect(await page.locator('li.call').count()).toBeGreaterThan(2);
    for (const row of await page.locator('li.call').all()) await row.getByLabel('Answer body').waitFor();
    await page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })");
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
  });

  it('shows the same in two tabs', async () => {
    const second = await browser.newPage();
    await visit(second, stage);
    await press(page.locator('#buy'), 'buy');
    await second.locator('.life li.call.ok').waitFor();
    await press(second.locator('#buy'), 'buy');
    await expect.poll(() => page.locator('.life').count(), { timeout: 30_000 }).toBe(2);
    await second.close();
  });

  it('goes on by itself after a restart of the market', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kookeeper-page-'));
    const database = join(folder, 'market.db');
    const clock = { at: Date.now() };
    const first = await openPage(clock, { database });
    await visit(page, first);
    await press(page.locator('#buy'), 'buy');
    await first.stop();
    await page.locator('#live[data-state=lost]').waitFor();
    const second = await openPage(clock, { database, pagePort: Number(new URL(first.url).port), by: first.seller });
    await isLive(page);
    expect(await page.locator('.life').count()).toBe(1);
    await press(page.locator('#buy'), 'buy');
    await expect.poll(() => page.locator('.life').count(), { timeout: 30_000 }).toBe(2);
    await second.close();
    await first.seller.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('buys, shows and sends again without a script', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const plain = await context.newPage();
    await plain.goto(stage.url);
    await plain.locator('#buy button').click();
    await plain.waitForURL(/#p-CS/);
    await plain.locator('li.call summary').click();
    await plain.getByRole('link', { name: 'Call 1 with request and answer' }).click();
    await plain.getByText('Edit and resend').click();
    await plain.getByRole('button', { name: 'Resend' }).click();
    await plain.waitForURL(/calls\/2$/);
    expect(stage.seller.received.map(({ signed }) => signed)).toEqual([true, true]);
    await context.close();
  });
});
