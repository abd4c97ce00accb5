import { BUYER, EXTEND_PARAMS } from '../buyer.ts';
import type { Order } from '../books.ts';
import type { ChargingMode, OrderType } from '../entities.ts';
import { orderLineIdOf } from '../ids.ts';
import { addPeriods, type PeriodType } from '../periods.ts';

interface MockOrder {
  readonly type: OrderType;
  readonly chargingMode: ChargingMode;
  readonly period: readonly [PeriodType, number] | null;
}

/**
 * The orders that exist for every seller without a purchase (open-api.md §3.1); MONTY is the service's spelling. Only the first one's answer is
 * known, the others follow from their names. https://support.huaweicloud.com/mpintro-marketplace/zh-cn_topic_0000001911267757.html
 */
export const MOCK_ORDERS = {
  MOCKPERIODYEARNEW: { type: 'NEW', chargingMode: 'PERIOD', period: ['year', 1] },
  MOCKONETIMENEW: { type: 'NEW', chargingMode: 'ONE_TIME', period: null },
  MOCKONDEMAND: { type: 'NEW', chargingMode: 'ON_DEMAND', period: null },
  MOCKONDEMANDPKG: { type: 'NEW', chargingMode: 'ON_DEMAND_PKG', period: ['month', 1] },
  MOCKPERIODDAYTRIAL: { type: 'TRIAL', chargingMode: 'PERIOD', period: ['day', 7] },
  MOCKMONTYTRIALTOFORMAL: { type: 'TRIAL_TO_FORMAL', chargingMode: 'PERIOD', period: ['month', 1] },
  MOCKMONTYUNSUBSCRIBE: { type: 'UNSUBSCRIBE', chargingMode: 'PERIOD', period: ['month', 1] },
  MOCKMONTYRENEW: { type: 'RENEW', chargingMode: 'PERIOD', period: ['month', 1] },
  MOCKMONTYCHANGE: { type: 'CHANGE', chargingMode: 'PERIOD', period: ['month', 1] },
} as const satisfies Record<string, MockOrder>;

export type MockOrderId = keyof typeof MOCK_ORDERS;

export function isMockOrder(orderId: string): orderId is MockOrderId {
  return Object.hasOwn(MOCK_ORDERS, orderId);
}

/** The mock order as if it had been placed now. */
export function mockOrder(orderId: MockOrderId, now: number): Order {
  const { type, chargingMode, period }: MockOrder = MOCK_ORDERS[orderId];
  return {
    orderId,
    orderLineId: orderLineIdOf(orderId),
    type,
    createdAt: now,
    purchaseId: orderId,
    chargingMode,
    periodType: period?.[0] ?? null,
    periodNumber: period?.[1] ?? null,
    expireAt: period === null ? null : addPeriods(now, ...period),
    previousExpireAt: null,
    products: [{ productId: 'OFFI000000000000000001', skuCode: '00000000-0000-4000-8000-000000000001', linearValue: 50 }],
    buyer: BUYER,
    extendParams: EXTEND_PARAMS,
  };
}
