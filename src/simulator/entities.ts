import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { Buyer, ExtendParam } from './buyer.ts';
import type { PeriodType } from './periods.ts';
import type { Verdict } from './verdict.ts';

/** Words of the order query (open-api.md §3.2). */
export type OrderType = 'NEW' | 'TRIAL' | 'TRIAL_TO_FORMAL' | 'UNSUBSCRIBE' | 'RENEW' | 'CHANGE';
export type ChargingMode = 'PERIOD' | 'ONE_TIME' | 'ON_DEMAND' | 'ON_DEMAND_PKG';

export interface OrderedProduct {
  readonly productId: string;
  readonly skuCode: string;
  readonly linearValue?: number;
}

/** Where the marketplace's books have an instance; the seller's own view may lag behind or lead. */
export type InstanceStatus = 'ordered' | 'active' | 'frozen' | 'released';

/** Milliseconds since 1970 UTC. */
const instant = () => p.bigint('number');
const word = (length: number) => p.string().length(length);

export const MarketOrder = defineEntity({
  name: 'MarketOrder',
  tableName: 'market_order',
  properties: {
    id: word(64).primary(),
    type: word(32).$type<OrderType>(),
    createdAt: instant(),
    /** The order that bought the instance; a purchase names itself. */
    purchaseId: word(64).index(),
    buyer: p.json<Buyer>(),
    extendParams: p.json<readonly ExtendParam[]>(),
  },
});

export const MarketOrderLine = defineEntity({
  name: 'MarketOrderLine',
  tableName: 'market_order_line',
  properties: {
    id: word(64).primary(),
    orderId: word(64).index(),
    chargingMode: word(25).$type<ChargingMode>(),
    periodType: word(10).$type<PeriodType>().strictNullable(),
    periodNumber: p.integer().strictNullable(),
    expireAt: instant().strictNullable(),
    /** The end before this order moved it: what a refund goes back to. */
    previousExpireAt: instant().strictNullable(),
    products: p.json<readonly OrderedProduct[]>(),
  },
});

/** What was bought by one purchase, from the order to its release. */
export const MarketInstance = defineEntity({
  name: 'MarketInstance',
  tableName: 'market_instance',
  properties: {
    purchaseId: word(64).primary(),
    /** The seller's id; null until a create succeeds. */
    instanceId: word(64).strictNullable().index(),
    status: word(16).$type<InstanceStatus>(),
    /** The end that has been paid for; null for what has none. */
    expireAt: instant().strictNullable(),
    /** The order whose product, size and period hold now: the purchase, or what changed it last with the seller's consent. */
    termsId: word(64),
  },
});

/** A call to the seller and what came back. */
export const MarketCall = defineEntity({
  name: 'MarketCall',
  tableName: 'market_call',
  properties: {
    seq: p.integer().primary(),
    at: instant(),
    ms: p.integer(),
    verb: word(40),
    kind: word(8).$type<'live' | 'test'>(),
    orderId: word(64).strictNullable(),
    instanceId: p.text().strictNullable(),
    query: p.json<Readonly<Record<string, string>>>(),
    body: p.text(),
    status: p.integer().strictNullable(),
    contentType: p.text().strictNullable(),
    /** The answer's body without access data. */
    text: p.text(),
    failure: p.text().strictNullable(),
    verdict: p.json<Verdict>(),
  },
});

export const ENTITIES = [MarketOrder, MarketOrderLine, MarketInstance, MarketCall];

export type OrderRow = InferEntity<typeof MarketOrder>;
export type LineRow = InferEntity<typeof MarketOrderLine>;
export type InstanceRow = InferEntity<typeof MarketInstance>;
export type CallRow = InferEntity<typeof MarketCall>;
