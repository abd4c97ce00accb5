import type { Order } from '../books.ts';
import type { Call } from '../call.ts';
import type { OrderedProduct } from '../entities.ts';
import type { Placed, Play } from './play.ts';

/** The specification or size to change to, of every product of the line; what is left out stays. */
export interface Target extends Partial<OrderedProduct> {
  /** Other products altogether, in place of the above. */
  readonly products?: readonly OrderedProduct[];
}

/** The customer has paid for another specification or size: a new order, whose target the order query tells (saas.md §3.7). */
export async function upgrade({ books, send }: Play, purchase: Order, target: Target): Promise<Placed> {
  const instanceId = await books.instanceIdOf(purchase);
  const { purchaseId, chargingMode, periodType, periodNumber, products } = await books.terms(purchase);
  const { expireAt } = await books.asset(purchase);
  const order = await books.place({ type: 'CHANGE', purchaseId, chargingMode, periodType, periodNumber, expireAt, products: changed(products, target) });
  const { orderId, orderLineId } = order;
  const call = await send({ body: { activity: 'upgradeInstance', instanceId, orderId, orderLineId } });
  if (call.verdict.ok) await books.note(purchaseId, { termsId: orderId });
  return { order, call };
}

/** How `productInfo` is spelled: the page does not say, all of these were seen or are likely (saas.md §3.8). */
export type Spelling = 'object' | 'array' | 'text' | 'text-of-array';

export interface Question {
  /** Default object. */
  readonly as?: Spelling;
}

/** May this renewal bring another size? A question: no order exists yet (saas.md §3.8). Of several products the first is asked about. */
export async function checkChange({ books, send }: Play, purchase: Order, target: Target, { as = 'object' }: Question = {}): Promise<Call> {
  const instanceId = await books.instanceIdOf(purchase);
  const { products } = await books.terms(purchase);
  const [product] = changed(products, target);
  return send({ body: { activity: 'changeInstanceCheck', instanceId, productInfo: spelled(product, as) } });
}

export function changed(products: readonly OrderedProduct[], { products: others, ...target }: Target): readonly OrderedProduct[] {
  return others ?? products.map((product) => ({ ...product, ...target }));
}

function spelled(product: OrderedProduct | undefined, as: Spelling): unknown {
  const value = as === 'array' || as === 'text-of-array' ? [product] : product;
  return as === 'text' || as === 'text-of-array' ? JSON.stringify(value) : value;
}
