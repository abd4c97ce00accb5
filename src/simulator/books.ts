import type { SqlEntityManager } from '@mikro-orm/sql';
import type { Edits } from './edits.ts';
import { BUYER, EXTEND_PARAMS, type Buyer, type ExtendParam } from './buyer.ts';
import {
  MarketInstance,
  MarketOrder,
  MarketOrderLine,
  type ChargingMode,
  type FreezeCause,
  type InstanceStatus,
  type OrderedProduct,
  type OrderRow,
  type OrderType,
} from './entities.ts';
import { NoInstance, NoOrder } from './errors.ts';
import { newOrderId, orderLineIdOf, type RandomBytes } from './ids.ts';
import type { PeriodType } from './periods.ts';

export interface Order {
  readonly orderId: string;
  readonly orderLineId: string;
  readonly type: OrderType;
  readonly createdAt: number;
  /** The order that bought the instance; a purchase names itself. */
  readonly purchaseId: string;
  readonly chargingMode: ChargingMode;
  readonly periodType: PeriodType | null;
  readonly periodNumber: number | null;
  /** End of validity as this order states it, UTC ms. */
  readonly expireAt: number | null;
  readonly previousExpireAt: number | null;
  readonly products: readonly OrderedProduct[];
  readonly buyer: Buyer;
  readonly extendParams: readonly ExtendParam[];
}

/** An order by its id, by the id of the instance that it bought, or by anything that carries an order's id. */
export type OrderRef = string | { readonly orderId: string };

/** What a purchase brought. */
export interface Asset {
  /** The seller's id; null until a create succeeds. */
  readonly instanceId: string | null;
  readonly status: InstanceStatus;
  /** The end that has been paid for, UTC ms. */
  readonly expireAt: number | null;
  /** Since when the bill of an on-demand instance has not been paid, UTC ms. */
  readonly arrearsSince: number | null;
}

type Draft = Pick<Order, 'type' | 'chargingMode' | 'periodType' | 'periodNumber' | 'expireAt' | 'products'> & {
  /** The purchase it belongs to; left out for a purchase. */
  readonly purchaseId?: string;
};

export interface Books {
  /** Takes an order. A purchase opens its asset, any other order that states an end moves the asset's. */
  place(draft: Draft): Promise<Order>;
  find(orderId: string): Promise<Order | null>;
  /** By the order's id, or by the instance's: then its purchase. Throws NoOrder. */
  order(ref: OrderRef): Promise<Order>;
  /** Oldest first; only the `newest` so many when that is given. */
  list(newest?: number): Promise<readonly Order[]>;
  /** What the order's purchase brought. */
  asset(order: Order): Promise<Asset>;
  /** The order whose product, size and period hold now for what the order's purchase brought. */
  terms(order: Order): Promise<Order>;
  /** Throws NoInstance. */
  instanceIdOf(order: Order): Promise<string>;
  /** What a person wanted different for this order; null for an order as it comes. */
  editsOf(orderId: string): Promise<Edits | null>;
  /** Why what the purchase brought is, or is about to be, frozen. */
  causeOf(purchaseId: string): Promise<FreezeCause | null>;
  /** Instances that the seller has and that have an end or are in arrears, in no order. */
  ending(): Promise<readonly Ending[]>;
  /** The purchase behind an instance id; null when no seller gave it to this market. */
  purchaseOf(instanceId: string): Promise<Order | null>;
  /** Released is final: a freeze or its lifting that the seller still accepts makes nothing of it again. */
  note(purchaseId: string, change: { readonly instanceId?: string; readonly status?: InstanceStatus; readonly termsId?: string; readonly expireAt?: number; readonly frozenFor?: FreezeCause | null; readonly arrearsSince?: number | null }): Promise<void>;
}

/** An instance that is paid for up to an instant and no further. */
export interface Ending {
  readonly purchaseId: string;
  readonly instanceId: string;
  readonly status: InstanceStatus;
  /** The end of its validity, or the beginning of its arrears, UTC ms. */
  readonly endsAt: number;
  readonly cause: Exclude<FreezeCause, 'violation'>;
  readonly frozenFor: FreezeCause | null;
}

const TRIES = 20;

export interface BooksOptions {
  readonly em: () => SqlEntityManager;
  readonly now: () => number;
  readonly random: RandomBytes;
  /** What the person whose action is under way wants different. */
  readonly edits?: () => Edits | null;
}

export function openBooks({ em, now, random, edits = () => null }: BooksOptions): Books {
  /** Five random characters a minute can meet twice. */
  async function unusedId(): Promise<string> {
    for (let left = TRIES; left > 0; left -= 1) {
      const id = newOrderId(now(), random);
      if ((await em().count(MarketOrder, { id })) === 0) return id;
    }
    throw new Error(`the random source gave ${TRIES} order numbers in a row that exist already`);
  }

  const books: Books = {
    async place({ purchaseId, type, ...line }) {
      const id = await unusedId();
      await em().transactional(async (tx) => {
        const asset = purchaseId === undefined ? null : await tx.findOne(MarketInstance, { purchaseId });
        await tx.insert(MarketOrder, { id, type, createdAt: now(), purchaseId: purchaseId ?? id, buyer: BUYER, extendParams: EXTEND_PARAMS, edits: edits() });
        await tx.insert(MarketOrderLine, { id: orderLineIdOf(id), orderId: id, ...line, previousExpireAt: asset?.expireAt ?? null });
        if (purchaseId === undefined) await tx.insert(MarketInstance, { purchaseId: id, instanceId: null, status: 'ordered', expireAt: line.expireAt, termsId: id, frozenFor: null, arrearsSince: null, statusSince: now() });
        else if (line.expireAt !== null) await tx.nativeUpdate(MarketInstance, { purchaseId }, { expireAt: line.expireAt });
      });
      return books.order(id);
    },
    async find(orderId) {
      const tx = em();
      const row = await tx.findOne(MarketOrder, { id: orderId });
      return row === null ? null : read(tx, row);
    },
    async order(ref) {
      const id = typeof ref === 'string' ? ref : ref.orderId;
      const order = (await books.find(id)) ?? (await books.purchaseOf(id));
      if (order === null) throw new NoOrder(`this market has no order and no instance ${id}`);
      return order;
    },
    async list(newest) {
      const tx = em();
      const rows = await tx.find(MarketOrder, {}, { orderBy: { createdAt: 'desc', id: 'desc' }, ...(newest === undefined ? {} : { limit: newest }) });
      return Promise.all(rows.toReversed().map((row) => read(tx, row)));
    },
    async asset({ purchaseId }) {
      const { instanceId, status, expireAt, arrearsSince } = await em().findOneOrFail(MarketInstance, { purchaseId });
      return { instanceId, status, expireAt, arrearsSince };
    },
    async terms({ purchaseId }) {
      const { termsId } = await em().findOneOrFail(MarketInstance, { purchaseId });
      return books.order(termsId);
    },
    async instanceIdOf(order) {
      const { instanceId } = await books.asset(order);
      if (instanceId === null) throw new NoInstance(order.orderId);
      return instanceId;
    },
    async editsOf(orderId) {
      return (await em().findOne(MarketOrder, { id: orderId }))?.edits ?? null;
    },
    async causeOf(purchaseId) {
      return (await em().findOneOrFail(MarketInstance, { purchaseId })).frozenFor;
    },
    async ending() {
      const rows = await em().find(MarketInstance, { instanceId: { $ne: null }, $or: [{ expireAt: { $ne: null } }, { arrearsSince: { $ne: null } }], status: { $in: ['active', 'frozen'] } });
      return rows.flatMap(({ purchaseId, instanceId, status, expireAt, arrearsSince, frozenFor }) => {
        const endsAt = arrearsSince ?? expireAt;
        const cause = arrearsSince === null ? 'expiry' : 'arrears';
        return instanceId === null || endsAt === null ? [] : [{ purchaseId, instanceId, status, endsAt, cause, frozenFor } satisfies Ending];
      });
    },
    async purchaseOf(instanceId) {
      const [asset] = await em().find(MarketInstance, { instanceId }, { limit: 1 });
      return asset === undefined ? null : books.find(asset.purchaseId);
    },
    async note(purchaseId, { status, ...change }) {
      const tx = em();
      if (Object.keys(change).length > 0) await tx.nativeUpdate(MarketInstance, { purchaseId }, change);
      if (status !== undefined) await tx.nativeUpdate(MarketInstance, { purchaseId, status: { $nin: ['released', status] } }, { status, statusSince: now() });
    },
  };
  return books;
}

async function read(em: SqlEntityManager, { id, type, createdAt, purchaseId, buyer, extendParams }: OrderRow): Promise<Order> {
  const line = await em.findOneOrFail(MarketOrderLine, { orderId: id });
  const { chargingMode, periodType, periodNumber, expireAt, previousExpireAt, products } = line;
  return { orderId: id, orderLineId: line.id, type, createdAt, purchaseId, chargingMode, periodType, periodNumber, expireAt, previousExpireAt, products, buyer, extendParams };
}
