/** What `import … from 'kookeeper/market'` gives: a simulated KooGallery for the tests of any seller (docs/guides/testing-your-seller.md). */
export { startMarket } from './start-market.ts';
export type { Market, MarketOptions } from './market.ts';
export { MarketError, NoInstance, NoOrder, NoSeller, NotOnSale, NotReady } from './errors.ts';
export type { AccessData } from '../marketplace/dialect.ts';
export type { Activity } from '../marketplace/saas-v2/verbs.ts';
export type { Asset, Order, OrderRef } from './books.ts';
export type { Call } from './call.ts';
export type { Purchase } from './actions/create.ts';
export type { Placed } from './actions/play.ts';
export type { Disorder, Disturbance } from './disorder.ts';
export type { ChargingMode } from './entities.ts';
export type { MarketKeys } from './keys.ts';
export type { OpenApiCall } from './open-api/server.ts';
export type { OrderQueryTrouble, Trouble, UsagePushTrouble } from './open-api/trouble.ts';
export type { UsageRecord } from './open-api/usage-book.ts';
export type { Pace } from './repeat.ts';
export type { Verdict } from './verdict.ts';
