import { workflowIdOf } from '../delivery/temporal-bell.ts';
import type { AccessData } from '../marketplace/dialect.ts';
import type { Market } from '../simulator/market.ts';

export interface Sold {
  readonly orderLineId: string;
  readonly workflowId: string;
  /** Of a throwaway tenant that ends with the demo: meant to be shown. */
  readonly access: AccessData;
}

/** Sells one more subscription, for a year, and waits until it can be used. Throws NoInstance, NotReady. */
export async function sellOne(market: Market): Promise<Sold> {
  const { order } = await market.buy({ skuCode: 'demo-notes', productId: 'demo-notes-year', linearValue: 5, periodType: 'year' });
  const access = await market.untilReady(order, { every: 100, limit: 15_000 });
  return { orderLineId: order.orderLineId, workflowId: workflowIdOf(`${order.orderId}/${order.orderLineId}`), access };
}
