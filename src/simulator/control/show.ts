import type { Asset, Order } from '../books.ts';
import type { Market } from '../market.ts';

/** An order with what its purchase brought, and without the buyer. */
export interface ShownOrder extends Omit<Order, 'buyer' | 'extendParams'>, Pick<Asset, 'instanceId' | 'status' | 'arrearsSince'> {
  /** The end that has been paid for, UTC ms, whatever this order stated. */
  readonly paidUntil: number | null;
}

/** By the order's id or the instance's. Throws NoOrder. */
export async function showOrder(market: Market, ref: string): Promise<ShownOrder> {
  const { order: found, asset } = await market.look(ref);
  const { buyer: _buyer, extendParams: _params, ...order } = found;
  const { instanceId, status, expireAt: paidUntil, arrearsSince } = asset;
  return { ...order, instanceId, status, paidUntil, arrearsSince };
}
