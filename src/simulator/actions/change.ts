import type { Order } from '../books.ts';
import type { Call } from '../call.ts';
import type { OrderedProduct } from '../entities.ts';
import type { Placed, Play } from './play.ts';

/** The specification or size to change to; what is left out stays. */
export type Target = Partial<OrderedProduct>;

/** The customer has paid for another specification or size: a new order, whose target the order query tells (saas.md §3.7). */
export async function upgrade({ books, send }: Play, purchase: Order, target: Target): Promise<Placed> {
  const instanceId = await books.instanceIdOf(purchase);
  const { purchaseId, chargingMode, periodType, periodNumber } = purchase;
  const { expireAt } = await books.asset(purchase);
  const order = await books.place({ type: 'CHANGE', purchaseId, chargingMode, periodType, periodNumber, expireAt, products: changed(purchase, target) });
  const { orderId, orderLineId } = order;
  const call = await send({ body: { activity: 'upgradeInstance', instanceId, orderId, orderLineId } });
  return { order, call };
}

/** May this renewal bring another size? A question: no order exists yet (saas.md §3.8). */
export async function checkChange({ books, send }: Play, purchase: Order, target: Target): Promise<Call> {
  const instanceId = await books.instanceIdOf(purchase);
  const [productInfo] = changed(purchase, target);
  return send({ body: { activity: 'changeInstanceCheck', instanceId, productInfo } });
}

function changed({ products }: Order, target: Target): readonly OrderedProduct[] {
  return products.map((product) => ({ ...product, ...target }));
}
