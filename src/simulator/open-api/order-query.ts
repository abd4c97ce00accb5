import { writeExpireTime } from '../../marketplace/times.ts';
import type { Books, Order } from '../books.ts';
import { editOrderAnswer } from '../edits.ts';
import type { OpenApiAnswer } from './gateway.ts';
import { isMockOrder, mockOrder } from './mock-orders.ts';

/** An order of another seller's product: asking for it is an illegal operation. */
export const OTHER_SELLERS_ORDER = 'CS2601011200OTHER';

const LONGEST = 64;

/** The order query (open-api.md §3). Errors have the status and number of §6.1; which number an unknown order gets is not stated, 0100 is ours. */
export async function answerOrderQuery(books: Books, query: Readonly<Record<string, string>>, now: number): Promise<OpenApiAnswer> {
  const { orderId = '', orderLineId = '' } = query;
  if (orderId === '') return failure(400, '0101', 'Invalid parameter');
  if (orderId.length > LONGEST || orderLineId.length > LONGEST) return failure(500, '0100', 'Failure of input parameter');
  if (orderId === OTHER_SELLERS_ORDER) return failure(401, '0150', 'Illegal operation');
  const order = await findOrder(books, orderId, now);
  if (order === null || (orderLineId !== '' && orderLineId !== order.orderLineId)) return failure(500, '0100', 'Failure of input parameter');
  const edits = await books.editsOf(orderId);
  const answer = orderAnswer(order);
  return { status: 200, body: edits === null ? answer : editOrderAnswer(answer, edits) };
}

/** An order of the books or a MOCK one. */
export async function findOrder(books: Books, orderId: string, now: number): Promise<Order | null> {
  return isMockOrder(orderId) ? mockOrder(orderId, now) : books.find(orderId);
}

/** An order as it is told; the words of another release of the marketplace may be in it. */
export type AnsweredOrder = Omit<Order, 'type' | 'chargingMode'> & { readonly type: string; readonly chargingMode: string };

/** A successful answer, with the members that the recorded one of the service has (§3.2). Times are cut to seconds. */
export function orderAnswer(order: AnsweredOrder): Readonly<Record<string, unknown>> {
  const { orderId, orderLineId, type, createdAt, chargingMode, periodType, periodNumber, expireAt, products, buyer, extendParams } = order;
  const period = chargingMode === 'PERIOD' && periodType !== null ? { periodType, periodNumber } : {};
  const line = {
    orderLineId,
    chargingMode,
    ...period,
    ...(expireAt === null ? {} : { expireTime: writeExpireTime(expireAt) }),
    productInfo: products.map((product) => ({ ...product, productName: product.productName ?? 'kookeeper demo product,standard' })),
    extendParams,
    currency: '100',
    currencyAfterDiscount: '100',
  };
  // The order's own list is empty in practice; the filled one stands in the line.
  const orderInfo = { orderId, orderType: type, createTime: writeExpireTime(createdAt), orderLine: [line], buyerInfo: buyer, extendParams: [] };
  return { resultCode: 'MKT.0000', resultMsg: 'Success', orderInfo };
}

export function failure(status: number, number: string, message: string): OpenApiAnswer {
  return { status, body: { resultCode: `MKT.${number}`, resultMsg: message } };
}
