import { writeExpireTime } from '../../marketplace/times.ts';
import type { Order } from '../books.ts';
import { NoOrder } from '../errors.ts';
import type { PeriodType } from '../periods.ts';
import type { scenes } from '../../marketplace/saas-v2/verbs.ts';
import { changed, type Target } from './change.ts';
import type { Placed, Play } from './play.ts';

export interface Extension {
  /** How many periods; default 1. */
  readonly periods?: number;
  /** Default the one that holds now. */
  readonly periodType?: PeriodType;
  /** New end, UTC ms, in place of the one counted. */
  readonly expireAt?: number;
  /** Sent when given: the period type changed, or a trial became formal (saas.md §3.4). */
  readonly productId?: string;
}

type Scene = (typeof scenes)[number];

/** Renews what the purchase bought. The new end counts from the original end, also when that is past (saas.md 6.7.5). */
export async function renew(play: Play, purchase: Order, extension: Extension = {}): Promise<Placed> {
  return extend(play, purchase, { type: 'RENEW', scene: 'RENEWAL', from: await endOf(play, purchase), extension });
}

export interface ChangedExtension extends Extension {
  /** Which of the two such an order is called is not stated (saas.md §3.4); default RENEW. */
  readonly orderType?: 'RENEW' | 'CHANGE';
}

/** Renews with another specification or size, which the order query tells (saas.md §3.4, RENEWAL_CHANGE). The call names the target's product if `target` does. */
export async function renewChange(play: Play, purchase: Order, target: Target, { orderType = 'RENEW', ...extension }: ChangedExtension = {}): Promise<Placed> {
  const productId = extension.productId ?? target.productId;
  const named = productId === undefined ? extension : { ...extension, productId };
  return extend(play, purchase, { type: orderType, scene: 'RENEWAL_CHANGE', from: await endOf(play, purchase), extension: named, target });
}

/** A trial becomes formal, counted from now; the instance id stays (saas.md 6.7.7). */
export function toFormal(play: Play, trial: Order, extension: Extension = {}): Promise<Placed> {
  if (trial.type !== 'TRIAL') throw new NoOrder(`order ${trial.orderId} is no trial`);
  const productId = extension.productId ?? trial.products[0]?.productId;
  const periodType = extension.periodType ?? 'month';
  return extend(play, trial, { type: 'TRIAL_TO_FORMAL', scene: 'TRIAL_TO_FORMAL', from: play.now(), extension: { ...extension, periodType, ...(productId === undefined ? {} : { productId }) } });
}

/** Takes the period of a renewal back. The call carries the refund's own order, as the newer pages have it (saas.md 8.8). */
export async function refundRenewal(play: Play, renewal: Order): Promise<Placed> {
  const { type, expireAt, previousExpireAt, periodType, periodNumber, products } = renewal;
  // An upgrade is a CHANGE too, but leaves the end where it was.
  const renews = type === 'RENEW' || (type === 'CHANGE' && expireAt !== previousExpireAt);
  if (!renews || previousExpireAt === null) throw new NoOrder(`order ${renewal.orderId} is no renewal`);
  return refresh(play, renewal, { type: 'UNSUBSCRIBE', scene: 'UNSUBSCRIBE_RENEWAL_PERIOD', periodType, periodNumber, expireAt: previousExpireAt, products });
}

interface Extending {
  readonly type: Order['type'];
  readonly scene: Scene;
  /** Where the new end counts from. */
  readonly from: number | null;
  readonly extension: Extension;
  readonly target?: Target;
}

async function extend(play: Play, order: Order, { type, scene, from, extension, target = {} }: Extending): Promise<Placed> {
  const terms = await play.books.terms(order);
  const { periods: periodNumber = 1, periodType = terms.periodType, productId } = extension;
  const expireAt = extension.expireAt ?? (from === null || periodType === null ? null : play.addPeriods(from, periodType, periodNumber));
  if (expireAt === null) throw new NoOrder(`what order ${order.orderId} bought has no end that could move`);
  const products = changed(terms.products, productId === undefined ? target : { ...target, productId });
  return refresh(play, order, { type, scene, periodType, periodNumber, expireAt, products, productId });
}

interface Refresh extends Pick<Order, 'type' | 'periodType' | 'periodNumber' | 'products'> {
  readonly scene: Scene;
  readonly expireAt: number;
  readonly productId?: string | undefined;
}

async function refresh({ books, send }: Play, of: Order, { scene, productId, ...terms }: Refresh): Promise<Placed> {
  const instanceId = await books.instanceIdOf(of);
  const { purchaseId, chargingMode } = of;
  const order = await books.place({ purchaseId, chargingMode, ...terms });
  const { orderId, orderLineId } = order;
  const call = await send({ body: { activity: 'refreshInstance', scene, orderId, orderLineId, instanceId, productId, expireTime: expireTime(terms.expireAt) } });
  if (call.verdict.ok && terms.type !== 'UNSUBSCRIBE') await books.note(purchaseId, { termsId: orderId });
  return { order, call };
}

async function endOf({ books }: Play, purchase: Order): Promise<number | null> {
  return (await books.asset(purchase)).expireAt;
}

/** Declared with 14 digits, printed with 17 (saas.md 8.7): milliseconds are sent when there are any. */
function expireTime(at: number): string {
  return writeExpireTime(at, at % 1000 === 0 ? 14 : 17);
}
