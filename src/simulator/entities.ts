import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { Activity } from '../marketplace/saas-v2/verbs.ts';
import type { Buyer, ExtendParam } from './buyer.ts';
import type { Edits } from './edits.ts';
import type { PeriodType } from './periods.ts';
import type { RecordCode } from './open-api/usage-codes.ts';
import type { UsageInterfaceName } from './open-api/usage-interfaces.ts';
import type { Members } from './request.ts';
import type { Verdict } from './verdict.ts';

/** Words of the order query (open-api.md §3.2). */
export type OrderType = 'NEW' | 'TRIAL' | 'TRIAL_TO_FORMAL' | 'UNSUBSCRIBE' | 'RENEW' | 'CHANGE';
export type ChargingMode = 'PERIOD' | 'ONE_TIME' | 'ON_DEMAND' | 'ON_DEMAND_PKG';

export interface OrderedProduct {
  readonly productId: string;
  readonly skuCode: string;
  readonly linearValue?: number;
  /** Product, specification, edition and mode as one text; left out for the market's own products, which share one. */
  readonly productName?: string;
}

/** Where the marketplace's books have an instance; the seller's own view may lag behind or lead. */
export type InstanceStatus = 'ordered' | 'active' | 'frozen' | 'released';

/** Why the marketplace froze an instance; its call does not say (saas.md §3.5). */
export type FreezeCause = 'expiry' | 'violation' | 'arrears';

/** Whether the seller's product can be bought (saas.md 6.5.4, §6.6). */
export type Trading = 'on-sale' | 'frozen' | 'delisted';

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
    /** What a person wanted different in the order's calls and in what the order query tells of it. */
    edits: p.json<Edits>().strictNullable(),
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
    /** Set while the marketplace has it frozen. */
    frozenFor: word(16).$type<FreezeCause>().strictNullable(),
    /** Since when the bill of an on-demand instance has not been paid. */
    arrearsSince: instant().strictNullable(),
    /** Since when it has its status; null where an older release of the market did not note it. */
    statusSince: instant().strictNullable(),
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
    trouble: p.text().strictNullable(),
  },
});

/** A call that the seller has not accepted yet, or the polling of an instance that is not ready yet. */
export const MarketMatter = defineEntity({
  name: 'MarketMatter',
  tableName: 'market_matter',
  properties: {
    /** Verb and order, or verb and instance for what has no order. */
    key: p.string().length(120).primary(),
    verb: word(40).$type<Activity>(),
    /** Body of the call, to be sent again with a new stamp. */
    members: p.json<Members>(),
    orderId: word(64).strictNullable(),
    instanceId: word(64).strictNullable(),
    purchaseId: word(64).index(),
    /** When the first call was sent. */
    since: instant(),
    /** Repeats so far. */
    tries: p.integer(),
    /** The next repeat; null: the plan is over, and the console's restart button is all that is left. */
    dueAt: instant().strictNullable(),
    /** What was wrong with the last answer. */
    reason: p.text(),
  },
});

/** Something that the platform did by itself. */
export const MarketEvent = defineEntity({
  name: 'MarketEvent',
  tableName: 'market_event',
  properties: {
    id: p.integer().primary().autoincrement(),
    at: instant(),
    rule: word(40),
    orderId: word(64).strictNullable(),
    instanceId: word(64).strictNullable(),
    text: p.text(),
  },
});

/** A debugging case that the console has saved (调试用例), one per activity. */
export const MarketCase = defineEntity({
  name: 'MarketCase',
  tableName: 'market_case',
  properties: { verb: word(40).$type<Activity>().primary(), members: p.json<Members>(), savedAt: instant() },
});

/** How the seller stands with the platform; one row. */
export const MarketStanding = defineEntity({
  name: 'MarketStanding',
  tableName: 'market_standing',
  properties: {
    id: p.integer().primary(),
    trading: word(16).$type<Trading>(),
    /** Probe rounds so far, two a day. */
    rounds: p.integer(),
    failedToday: p.boolean(),
    /** Days of failed probes in a row. */
    failedDays: p.integer(),
    nextProbeAt: instant().strictNullable(),
    /** Failed orders before this count no more: the seller has been put on sale again. */
    countedFrom: instant(),
  },
});

/** A usage record (话单) as the seller pushed it, the good and the bad. */
export const MarketUsage = defineEntity({
  name: 'MarketUsage',
  tableName: 'market_usage',
  properties: {
    id: p.integer().primary().autoincrement(),
    /** When it was pushed. */
    at: instant(),
    pushedBy: word(8).$type<UsageInterfaceName>(),
    instanceId: word(64).index(),
    productId: word(64).strictNullable(),
    /** The times as they were sent, UTC: `yyyyMMdd'T'HHmmss'Z'` unless the code says 002. */
    recordTime: word(64),
    beginTime: word(64),
    endTime: word(64),
    value: word(64),
    meteringSn: word(64).strictNullable().index(),
    packageInstanceId: word(64).strictNullable(),
    /** What is wrong with it; null: it is billed. */
    code: word(3).$type<RecordCode>().strictNullable(),
    /** What the market took, and the real one may not. */
    remark: p.text().strictNullable(),
  },
});

export const ENTITIES = [MarketOrder, MarketOrderLine, MarketInstance, MarketCall, MarketMatter, MarketEvent, MarketCase, MarketStanding, MarketUsage];

export type OrderRow = InferEntity<typeof MarketOrder>;
export type LineRow = InferEntity<typeof MarketOrderLine>;
export type InstanceRow = InferEntity<typeof MarketInstance>;
export type CallRow = InferEntity<typeof MarketCall>;
export type MatterRow = InferEntity<typeof MarketMatter>;
export type EventRow = InferEntity<typeof MarketEvent>;
export type UsageRow = InferEntity<typeof MarketUsage>;
export type StandingRow = InferEntity<typeof MarketStanding>;
