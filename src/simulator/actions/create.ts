import type { Books, Order } from '../books.ts';
import { textMember, type Call } from '../call.ts';
import type { ChargingMode, OrderedProduct } from '../entities.ts';
import { newBusinessId } from '../ids.ts';
import type { PeriodType } from '../periods.ts';
import type { Placed, Play } from './play.ts';

export interface Purchase {
  readonly skuCode: string;
  readonly productId: string;
  readonly linearValue?: number;
  /** Default PERIOD. */
  readonly chargingMode?: ChargingMode;
  /** Default month, for a trial day. */
  readonly periodType?: PeriodType;
  /** Default 1, for a trial 7. */
  readonly periodNumber?: number;
  /** End of validity, UTC ms, in place of the one counted from now; the order query states it cut to seconds. */
  readonly expireAt?: number;
  readonly trial?: boolean;
  /** Several products of one line, in place of the one above. */
  readonly products?: readonly OrderedProduct[];
}

/** Only these have a period that ends (open-api.md §3.2). */
const ENDING: readonly ChargingMode[] = ['PERIOD', 'ON_DEMAND_PKG'];

/** A customer has paid: takes the order and sends its first newInstance. */
export async function buy(play: Play, purchase: Purchase): Promise<Placed> {
  const order = await placePurchase(play, purchase);
  const call = await create(play, order);
  return { order, call };
}

/** Sends newInstance for an order, again or for the first time; every call carries a businessId of its own (saas.md §3.2). */
export async function create({ books, send, random }: Play, order: Order): Promise<Call> {
  const { orderId, orderLineId } = order;
  const call = await send({ body: { activity: 'newInstance', businessId: newBusinessId(random), orderId, orderLineId } });
  await noteCreated(books, order, call);
  return call;
}

function placePurchase({ books, now, addPeriods }: Play, purchase: Purchase): Promise<Order> {
  const { skuCode, productId, linearValue, chargingMode = 'PERIOD', trial = false } = purchase;
  const { periodType = trial ? 'day' : 'month', periodNumber = trial ? 7 : 1, expireAt = addPeriods(now(), periodType, periodNumber) } = purchase;
  const { products = [{ productId, skuCode, ...(linearValue === undefined ? {} : { linearValue }) }] } = purchase;
  const ends = ENDING.includes(chargingMode);
  const period = ends ? { periodType, periodNumber, expireAt } : { periodType: null, periodNumber: null, expireAt: null };
  return books.place({ type: trial ? 'TRIAL' : 'NEW', chargingMode, ...period, products });
}

/** The first id given stays: a seller that gives another one later has made a second instance of one order. */
export async function noteCreated(books: Books, order: Order, { verdict, answer, resultCode }: Call): Promise<void> {
  const instanceId = textMember(answer, 'instanceId');
  if (!verdict.ok || instanceId === null) return;
  const asset = await books.asset(order);
  await books.note(order.purchaseId, {
    ...(asset.instanceId === null ? { instanceId } : {}),
    ...(resultCode === '000000' && asset.status === 'ordered' ? { status: 'active' } : {}),
  });
}
