import { z } from 'zod';
import type { Purchase } from '../../lifecycle/plan.ts';
import { readExpireTime } from '../times.ts';
import { OrderUnreadable } from './errors.ts';

/** JSON text. The personal part of an order is sealed as it stands and read only by the adapter that asks for it. */
export type JsonText = string;

export interface OrderAnswer {
  readonly purchase: Purchase;
  /**
   * `{"buyerInfo": …, "extendParams": […]}`, the order's extension parameters before the line's; null when the order has neither. Personal
   * data.
   */
  readonly personal: JsonText | null;
}

const text = z.union([z.string(), z.number()]).transform(String);
const params = z.array(z.unknown()).nullish().catch(null);

const product = z.object({ productId: text, skuCode: text, linearValue: text.nullish() });
const line = z.object({
  orderLineId: text.nullish(),
  chargingMode: text,
  expireTime: text.nullish().catch(null),
  productInfo: z.array(product).min(1),
  extendParams: params,
});
const answer = z.object({
  orderInfo: z.object({
    orderId: text,
    orderType: text.nullish(),
    orderLine: z.array(z.looseObject({ orderLineId: z.unknown() })),
    buyerInfo: z.looseObject({}).nullish().catch(null),
    extendParams: params,
  }),
});

/** The words of the page (open-api.md §3.2): others are served as well as they can be, and a person is told. */
const CHARGING_MODES: ReadonlySet<string> = new Set(['PERIOD', 'ONE_TIME', 'ON_DEMAND', 'ON_DEMAND_PKG']);
const ORDER_TYPES: ReadonlySet<string> = new Set(['NEW', 'TRIAL', 'TRIAL_TO_FORMAL', 'RENEW', 'CHANGE', 'UNSUBSCRIBE']);

/** Only these have an end of validity that means anything (open-api.md §3.3). */
const ENDLESS = new Set(['ONE_TIME', 'ON_DEMAND']);

/**
 * Reads a successful order query (open-api.md §3.2): what is optional, new or of an unknown word never stops it. Throws OrderUnreadable,
 * naming the member, when it is another order's answer or does not say what to build. The expiry is an estimate, so an unreadable one
 * counts as absent.
 */
export function readPurchase(body: unknown, asked: { readonly orderId: string; readonly orderLineId: string }): OrderAnswer {
  const { orderInfo: order } = read(answer, body);
  if (order.orderId !== asked.orderId) throw new OrderUnreadable('the answer is for another order');
  const found = order.orderLine.find((candidate) => candidate.orderLineId === asked.orderLineId);
  if (found === undefined) throw new OrderUnreadable('the order does not hold the asked order line');
  const { chargingMode, expireTime, productInfo, extendParams } = read(line, found);
  const [first] = productInfo;
  if (first === undefined) throw new OrderUnreadable('the order line holds no products');
  const { skuCode, productId, linearValue } = first;
  const purchase: Purchase = {
    plan: { skuCode, productId, quantity: quantity(linearValue), chargingMode, trial: order.orderType === 'TRIAL' },
    expireAt: ENDLESS.has(chargingMode) ? null : readExpireTime(expireTime ?? ''),
    products: productInfo.length,
    ...unfamiliar([
      ['charging mode', chargingMode, CHARGING_MODES],
      ['order type', order.orderType ?? 'NEW', ORDER_TYPES],
    ]),
  };
  const extended = [...(order.extendParams ?? []), ...(extendParams ?? [])];
  const buyerInfo = order.buyerInfo ?? null;
  const personal = buyerInfo === null && extended.length === 0 ? null : JSON.stringify({ buyerInfo, extendParams: extended });
  return { purchase, personal };
}

function unfamiliar(words: readonly (readonly [string, string, ReadonlySet<string>])[]): Pick<Purchase, 'unfamiliar'> {
  const strange = words.filter(([, word, known]) => !known.has(word)).map(([what, word]) => `${what} ${word.slice(0, 40)}`);
  return strange.length === 0 ? {} : { unfamiliar: strange.join(', ') };
}

/** A quantity that cannot be read must not become "none": the buyer would get another size than paid for. */
function quantity(linearValue: string | null | undefined): number | null {
  if (linearValue === null || linearValue === undefined || linearValue === '') return null;
  const value = Number(linearValue);
  if (!Number.isSafeInteger(value) || value < 0) throw new OrderUnreadable('linearValue is not a whole number');
  return value;
}

/** Names the first member that is wrong and never its value, which may be personal. */
function read<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new OrderUnreadable(`${result.error.issues[0]?.path.join('.') || 'the answer'} is missing or not as described`);
}
