import type { Market, MarketOptions } from '../../src/simulator/market.ts';
import { startMarket } from '../../src/simulator/start-market.ts';
import { startSeller, type Seller } from './seller.ts';

export const KEY = 'kg-test-0123456789abcdef0123456789ab';
export const AK = 'TESTAK0123456789ABCD';
export const SK = 'test-sk-0123456789abcdefghijklmnopqrstuv';
/** 2026-11-21T09:30:00.000Z */
export const START = Date.UTC(2026, 10, 21, 9, 30);

/** Stands still unless a test moves it. */
export interface Clock {
  at: number;
}

export interface Stage {
  readonly seller: Seller;
  readonly market: Market;
  readonly clock: Clock;
  close(): Promise<void>;
}

export async function openMarket(clock: Clock, options: Partial<MarketOptions> = {}): Promise<Market> {
  return startMarket({ keys: { base: KEY, ak: AK, sk: SK }, now: () => clock.at, ...options });
}

/** A market and an honest seller that share a clock. */
export async function openStage(options: Partial<MarketOptions> = {}): Promise<Stage> {
  const clock = { at: START };
  const seller = await startSeller(KEY);
  const market = await openMarket(clock, { seller: seller.url, ...options });
  return {
    seller,
    market,
    clock,
    async close() {
      await market.close();
      await seller.close();
    },
  };
}

export const STANDARD = { skuCode: 'sku-standard', productId: 'OFFI-month', linearValue: 10 };
