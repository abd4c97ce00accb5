import { describe, expect, it } from 'vitest';
import { readPurchase } from '../../src/marketplace/open-api/purchase.ts';
import { isMockOrder, MOCK_ORDERS, mockOrder, type MockOrderId } from '../../src/simulator/open-api/mock-orders.ts';
import { orderAnswer } from '../../src/simulator/open-api/order-query.ts';

const NOW = Date.UTC(2026, 10, 21, 9, 30);
const ALL: readonly (readonly [MockOrderId, chargingMode: string, trial: boolean, expireAt: number | null])[] = [
  ['MOCKPERIODYEARNEW', 'PERIOD', false, Date.UTC(2027, 10, 21, 23, 59, 59)],
  ['MOCKONETIMENEW', 'ONE_TIME', false, null],
  ['MOCKONDEMAND', 'ON_DEMAND', false, null],
  ['MOCKONDEMANDPKG', 'ON_DEMAND_PKG', false, Date.UTC(2026, 11, 21, 23, 59, 59)],
  ['MOCKPERIODDAYTRIAL', 'PERIOD', true, Date.UTC(2026, 10, 28, 23, 59, 59)],
  ['MOCKMONTYTRIALTOFORMAL', 'PERIOD', false, Date.UTC(2026, 11, 21, 23, 59, 59)],
  ['MOCKMONTYUNSUBSCRIBE', 'PERIOD', false, Date.UTC(2026, 11, 21, 23, 59, 59)],
  ['MOCKMONTYRENEW', 'PERIOD', false, Date.UTC(2026, 11, 21, 23, 59, 59)],
  ['MOCKMONTYCHANGE', 'PERIOD', false, Date.UTC(2026, 11, 21, 23, 59, 59)],
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

  it('the first is answered as the service answered it, and that answer is understood', () => {
    // As the service gave it on 2024-11-21 (open-api.md §3.2).
    const orderInfo = {
      orderId: 'MOCKPERIODYEARNEW',
      orderType: 'NEW',
      createTime: '20241121090846',
      orderLine: [
        {
          orderLineId: 'MOCKPERIODYEARNEW-000001',
          chargingMode: 'PERIOD',
          periodType: 'year',
          periodNumber: 1,
          expireTime: '20251121235959',
          productInfo: [{ productId: 'OFFI846204237451911168', skuCode: '0a4d1578-5295-46a7-92d4-7c803dccc51d', linearValue: 50, productName: 'MOCK测试商品,测试规格,基础版,包周期' }],
          extendParams: [
            { name: 'emailDomainName', value: 'test.xxxx.com' },
            { name: 'ip', value: '127.0.0.1' },
          ],
          currency: '100',
          currencyAfterDiscount: '100',
        },
      ],
      buyerInfo: { mobilePhone: '18688888888', email: null, customerId: '459bbbec25d24749b2eb83be37b602a8', customerName: 'mock_user_01', customerRealName: '测试用户1', customerType: 0, userId: null, userName: null },
      extendParams: [],
    };
    const answer = orderAnswer(mockOrder('MOCKPERIODYEARNEW', Date.UTC(2024, 10, 21, 9, 8, 46)));
    expect(JSON.stringify(answer)).toBe(JSON.stringify({ resultCode: 'MKT.0000', resultMsg: 'Success', orderInfo }));
    expect(readPurchase(answer, { orderId: 'MOCKPERIODYEARNEW', orderLineId: 'MOCKPERIODYEARNEW-000001' }).purchase).toEqual({
      plan: { skuCode: '0a4d1578-5295-46a7-92d4-7c803dccc51d', productId: 'OFFI846204237451911168', quantity: 50, chargingMode: 'PERIOD', trial: false },
      expireAt: Date.UTC(2025, 10, 21, 23, 59, 59),
      products: 1,
    });
  });
});
