import type { Buyer, ExtendParam } from '../buyer.ts';
import type { Order } from '../books.ts';
import type { ChargingMode, OrderedProduct, OrderType } from '../entities.ts';
import { orderLineIdOf } from '../ids.ts';
import { addPeriods, type PeriodType } from '../periods.ts';

interface MockOrder {
  readonly type: OrderType;
  readonly chargingMode: ChargingMode;
  readonly period: readonly [PeriodType, number] | null;
}

/** The buyer, the fields and the product of the service's recorded answer (open-api.md §3.2): invented by KooGallery, nobody's data. */
const BUYER: Buyer = {
  mobilePhone: '18688888888',
  email: null,
  customerId: '459bbbec25d24749b2eb83be37b602a8',
  customerName: 'mock_user_01',
  customerRealName: '测试用户1',
  customerType: 0,
  userId: null,
  userName: null,
};
const EXTEND_PARAMS: readonly ExtendParam[] = [
  { name: 'emailDomainName', value: 'test.xxxx.com' },
  { name: 'ip', value: '127.0.0.1' },
];
const PRODUCT: OrderedProduct = { productId: 'OFFI846204237451911168', skuCode: '0a4d1578-5295-46a7-92d4-7c803dccc51d', linearValue: 50 };
/** How the name of the product ends; only 包周期 was recorded. */
const MODE_NAMES: Readonly<Record<ChargingMode, string>> = { PERIOD: '包周期', ONE_TIME: '按次', ON_DEMAND: '按需', ON_DEMAND_PKG: '按需套餐包' };

const DAY = 24 * 60 * 60_000;

/**
 * The orders that exist for every seller without a purchase (open-api.md §3.1); MONTY is the service's spelling. Only the first one's answer was
 * recorded, and is given as it was but for its dates; the others follow from their names. https://support.huaweicloud.com/mpintro-marketplace/zh-cn_topic_0000001911267757.html
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

/** The mock order as if it had been placed now; it ends with the last second of a day, as the recorded one does. */
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
    expireAt: period === null ? null : endOfDay(addPeriods(now, ...period)),
    previousExpireAt: null,
    products: [{ ...PRODUCT, productName: `MOCK测试商品,测试规格,基础版,${MODE_NAMES[chargingMode]}` }],
    buyer: BUYER,
    extendParams: EXTEND_PARAMS,
  };
}

/** 23:59:59 of the day, UTC. */
function endOfDay(at: number): number {
  return Math.floor(at / DAY) * DAY + DAY - 1_000;
}
