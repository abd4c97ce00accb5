import { describe, expect, it } from 'vitest';
import { readPurchase } from '../../src/marketplace/open-api/purchase.ts';
import { isMockOrder, MOCK_ORDERS, mockOrder, type MockOrderId } from '../../src/simulator/open-api/mock-orders.ts';
import { orderAnswer } from '../../src/simulator/open-api/order-query.ts';

const NOW = Date.UTC(2026, 10, 21, 9, 30);
const DAY = 24 * 60 * 60_000;
const ALL: readonly (readonly [MockOrderId, chargingMode: string, trial: boolean, expireAt: number | null])[] = [
  ['MOCKPERIODYEARNEW', 'PERIOD', false, Date.UTC(2027, 10, 21, 9, 30)],
  ['MOCKONETIMENEW', 'ONE_TIME', false, null],
  ['MOCKONDEMAND', 'ON_DEMAND', false, null],
  ['MOCKONDEMANDPKG', 'ON_DEMAND_PKG', false, Date.UTC(2026, 11, 21, 9, 30)],
  ['MOCKPERIODDAYTRIAL', 'PERIOD', true, NOW + 7 * DAY],
  ['MOCKMONTYTRIALTOFORMAL', 'PERIOD', false, Date.UTC(2026, 11, 21, 9, 30)],
  ['MOCKMONTYUNSUBSCRIBE', 'PERIOD', false, Date.UTC(2026, 11, 21, 9, 30)],
  ['MOCKMONTYRENEW', 'PERIOD', false, Date.UTC(2026, 11, 21, 9, 30)],
  ['MOCKMONTYCHANGE', 'PERIOD', false, Date.UTC(2026, 11, 21, 9, 30)],
];

describe('the MOCK orders of the order query (open-api.md §3.1)', () => {
  it.each(ALL)('%s is understood as %s', (orderId, chargingMode, trial, expireAt) => {
    expect(isMockOrder(orderId)).toBe(true);
    const answer: unknown = JSON.parse(JSON.stringify(orderAnswer(mockOrder(orderId, NOW))));
    const { purchase, personal } = readPurchase(answer, { orderId, orderLineId: `${orderId}-000001` });
    expect(purchase).toEqual({ plan: { skuCode: expect.any(String), productId: expect.any(String), quantity: 50, chargingMode, trial }, expireAt, products: 1 });
    expect(JSON.parse(personal ?? 'null')).toMatchObject({ buyerInfo: { customerId: expect.any(String) }, extendParams: [{ name: 'emailDomainName' }, { name: 'ip' }] });
  });

  it('are these nine', () => {
    expect(ALL.map(([orderId]) => orderId)).toEqual(Object.keys(MOCK_ORDERS));
  });

  it('the recorded answer of the service is understood', () => {
    // As the service gave it on 2024-11-21 (open-api.md §3.2).
    const line = {
      orderLineId: 'MOCKPERIODYEARNEW-000001',
      chargingMode: 'PERIOD',
      periodType: 'year',
      periodNumber: 1,
      expireTime: '20251121235959',
      productInfo: [{ productId: 'OFFI846204237451911168', skuCode: '0a4d1578-5295-46a7-92d4-7c803dccc51d', linearValue: 50, productName: 'MOCK测试商品,测试规格,基础版,包周期' }],
    };
    const answer = { resultCode: 'MKT.0000', resultMsg: 'Success', orderInfo: { orderId: 'MOCKPERIODYEARNEW', orderType: 'NEW', createTime: '20241121090846', orderLine: [line] } };
    expect(readPurchase(answer, { orderId: 'MOCKPERIODYEARNEW', orderLineId: 'MOCKPERIODYEARNEW-000001' }).purchase).toEqual({
      plan: { skuCode: '0a4d1578-5295-46a7-92d4-7c803dccc51d', productId: 'OFFI846204237451911168', quantity: 50, chargingMode: 'PERIOD', trial: false },
      expireAt: Date.UTC(2025, 10, 21, 23, 59, 59),
      products: 1,
    });
  });
});
