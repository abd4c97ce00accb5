import type { Activity } from '../marketplace/saas-v2/verbs.ts';
import { orderLineIdOf } from './ids.ts';
import type { MockOrderId } from './open-api/mock-orders.ts';
import type { Members } from './request.ts';

const INSTANCE_ID = '10e758d0-31ad-4f0e-9c55-0a6f2b7d4c11';

/** The console's saved debugging case of each activity (调试用例, saas.md §6.5, §6.8): the same members every time, of orders and instances long gone. */
export const DEBUGGING_CASES: { readonly [A in Activity]: Members } = {
  newInstance: { ...ofOrder('MOCKPERIODYEARNEW'), businessId: '87b94795-0603-4c1f-8d2e-6a0f4f0c2b1d' },
  queryInstance: { instanceId: INSTANCE_ID },
  refreshInstance: { ...ofOrder('MOCKMONTYRENEW'), instanceId: INSTANCE_ID, scene: 'RENEWAL', productId: 'OFFI000000000000000001', expireTime: '20221124023618256' },
  updateInstanceStatus: { instanceId: INSTANCE_ID, status: 'FREEZE' },
  releaseInstance: { ...ofOrder('MOCKMONTYUNSUBSCRIBE'), instanceId: INSTANCE_ID },
  upgradeInstance: { ...ofOrder('MOCKMONTYCHANGE'), instanceId: INSTANCE_ID },
  changeInstanceCheck: { instanceId: INSTANCE_ID, productInfo: { linearValue: 100, productId: 'OFFI000000000000000001', skuCode: '00000000-0000-4000-8000-000000000001' } },
};

/** Order and line of a MOCK order. */
export function ofOrder(orderId: MockOrderId): { readonly orderId: MockOrderId; readonly orderLineId: string } {
  return { orderId, orderLineId: orderLineIdOf(orderId) };
}
