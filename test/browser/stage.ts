import { serveControl } from '../../src/simulator/control/server.ts';
import type { Loopback } from '../../src/simulator/loopback.ts';
import type { Market, MarketOptions } from '../../src/simulator/market.ts';
import type { Received, Seller } from '../simulator/seller.ts';
import { json, startSeller } from '../simulator/seller.ts';
import { KEY, openMarket, type Clock } from '../simulator/stage.ts';
import type { Locator, Page } from 'playwright-core';

export interface PageStage {
  readonly seller: Seller;
  readonly market: Market;
  readonly clock: Clock;
  readonly url: string;
  /** Ends the market as Ctrl-C does; the seller stays. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

interface PageOptions extends Partial<MarketOptions> {
  /** Of the page; a free one by default. */
  readonly pagePort?: number;
  /** One that is there already, and is not ended with the stage. */
  readonly by?: Seller;
}

/** A market with its page, and an honest seller. */
export async function openPage(clock: Clock, { pagePort = 0, by, ...options }: PageOptions = {}): Promise<PageStage> {
  const seller = by ?? (await startSeller(KEY));
  const market = await openMarket(clock, { seller: seller.url, platform: { level: 'V1' }, ...options });
  const control: Loopback = await serveControl(market, { port: pagePort, now: () => clock.at });
  const stop = async (): Promise<void> => {
    await control.close();
    await market.close();
  };
  return {
    seller,
    market,
    clock,
    url: control.url,
    stop,
    async close() {
      await stop();
      if (by === undefined) await seller.close();
    },
  };
}

/** Answers what `concerns` picks with this code, and everything else like an honest seller that has each instance ready at once. */
export function refusing(seller: Seller, concerns: (received: Received) => boolean, resultCode: string, resultMsg: string): void {
  seller.answer((received, response) => {
    if (concerns(received)) return json(response, { resultCode, resultMsg });
    const { activity, orderLineId, instanceId } = received.members;
    const id = typeof orderLineId === 'string' ? `i-${orderLineId.slice(2, 16).toLowerCase()}` : instanceId;
    if (activity === 'newInstance') return json(response, { resultCode: '000004', resultMsg: 'being made', instanceId: id });
    const info = [{ instanceId, appInfo: { frontEndUrl: 'https://app.example.cn/t/1', userName: 'admin', password: 'secret' } }];
    return json(response, { resultCode: '000000', resultMsg: 'success', ...(activity === 'queryInstance' ? { info } : {}) });
  });
}

/** Opens the market's page and waits until its stream is there. */
export async function visit(page: Page, { url }: Pick<PageStage, 'url'>): Promise<void> {
  await page.goto(url);
  await isLive(page);
}

export async function isLive(page: Page): Promise<void> {
  await page.locator('#live[data-state=live]').waitFor();
}

/** The card of a purchase. */
export function card(page: Page, { orderId }: { readonly orderId: string }): Locator {
  return page.locator(`#p-${orderId}`);
}

/** Opens whatever an element is folded away in, from the outside inwards, as a person does. */
export async function unfold(hidden: Locator): Promise<void> {
  for (const details of await hidden.locator('xpath=ancestor::details').all()) {
    if ((await details.getAttribute('open')) === null) await details.locator('> summary').click();
  }
}

/** Presses an action's button within `scope`, and gives what the page says came of it. */
export async function press(scope: Locator, action: string): Promise<string> {
  const button = scope.locator(`[data-action=${action}]`).first();
  await unfold(button);
  await button.click();
  const result = button.locator('xpath=ancestor::form').locator('output');
  await result.and(scope.page().locator('.good, .bad')).waitFor();
  return (await result.textContent()) ?? '';
}
