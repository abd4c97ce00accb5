import { writeExpireTime } from '../../marketplace/times.ts';
import type { Order } from '../books.ts';
import { NoOrder } from '../errors.ts';
import { addPeriods, type PeriodType } from '../periods.ts';
import type { scenes } from '../../marketplace/saas-v2/verbs.ts';
import type { Placed, Play } from './play.ts';

export interface Extension {
  /** How many periods; default 1. */
  readonly periods?: number;
  /** Default the purchase's. */
  readonly periodType?: PeriodType;
  /** New end, UTC ms, in place of the one counted. */
  readonly expireAt?: number;
  /** Sent when given: the period type changed, or a trial became formal (saas.md §3.4). */
  readonly productId?: string;
}

type Scene = (typeof scenes)[number];

/** Renews what the purchase bought. The new end counts from the original end, also when that is past (saas.md 6.7.5). */
export async function renew(play: Play, purchase: Order, extension: Extension = {}): Promise<Placed> {
  const { expireAt } = await play.books.asset(purchase);
  return extend(play, purchase, 'RENEW', 'RENEWAL', expireAt, extension);
}

/** A trial becomes formal, counted from now; the instance id stays (saas.md 6.7.7). */
export function toFormal(play: Play, trial: Order, extension: Extension = {}): Promise<Placed> {
  if (trial.type !== 'TRIAL') throw new NoOrder(`order ${trial.orderId} is no trial`);
  const productId = extension.productId ?? trial.products[0]?.productId;
  const periodType = extension.periodType ?? 'month';
  return extend(play, trial, 'TRIAL_TO_FORMAL', 'TRIAL_TO_FORMAL', play.now(), { ...extension, periodType, ...(productId === undefined ? {} : { productId }) });
}

/** Takes the period of a renewal back. The call carries the refund's own order, as the newer pages have it (saas.md 8.8). */
export async function refundRenewal(play: Play, renewal: Order): Promise<Placed> {
  if (renewal.type !== 'RENEW' || renewal.previousExpireAt === null) throw new NoOrder(`order ${renewal.orderId} is no renewal`);
  return refresh(play, renewal, 'UNSUBSCRIBE', 'UNSUBSCRIBE_RENEWAL_PERIOD', { periodType: renewal.periodType, periodNumber: renewal.periodNumber, expireAt: renewal.previousExpireAt });
}

function extend(play: Play, order: Order, type: Order['type'], scene: Scene, from: number | null, extension: Extension): Promise<Placed> {
  const { periods: periodNumber = 1, periodType = order.periodType, productId } = extension;
  const expireAt = extension.expireAt ?? (from === null || periodType === null ? null : addPeriods(from, periodType, periodNumber));
  if (expireAt === null) throw new NoOrder(`what order ${order.orderId} bought has no end that could move`);
  return refresh(play, order, type, scene, { periodType, periodNumber, expireAt, ...(productId === undefined ? {} : { productId }) });
}

interface Terms extends Pick<Order, 'periodType' | 'periodNumber'> {
  readonly expireAt: number;
  readonly productId?: string;
}

async function refresh({ books, send }: Play, of: Order, type: Order['type'], scene: Scene, { productId, ...period }: Terms): Promise<Placed> {
  const instanceId = await books.instanceIdOf(of);
  const products = productId === undefined ? of.products : of.products.map((product) => ({ ...product, productId }));
  const order = await books.place({ type, purchaseId: of.purchaseId, chargingMode: of.chargingMode, ...period, products });
  const { orderId, orderLineId } = order;
  const call = await send({ body: { activity: 'refreshInstance', scene, orderId, orderLineId, instanceId, productId, expireTime: expireTime(period.expireAt) } });
  return { order, call };
}

/** Declared with 14 digits, printed with 17 (saas.md 8.7): milliseconds are sent when there are any. */
function expireTime(at: number): string {
  return writeExpireTime(at, at % 1000 === 0 ? 14 : 17);
}
