import { signRequest } from '../signing/sdk-hmac-sha256.ts';
import { answerError } from './answer-error.ts';
import { Unreachable } from './errors.ts';
import { readPurchase, type OrderAnswer } from './purchase.ts';

export const ORDER_QUERY_PATH = '/api/mkp-openapi-public/global/v1/order/query';

const TIME_LIMIT = 10_000;

export interface OrderQuery {
  /** One of `sites`, or another address of the same API. */
  readonly baseUrl: string;
  readonly ak: string;
  readonly sk: string;
  readonly orderId: string;
  readonly orderLineId: string;
  /** Cancels the call; its own reason is thrown then. */
  readonly signal?: AbortSignal;
  readonly fetch: typeof globalThis.fetch;
  /** UTC ms; the gateway refuses a clock more than 15 minutes off. */
  readonly now: () => number;
  /** Milliseconds for the whole call, default 10 000. */
  readonly timeLimit?: number;
}

/**
 * Asks the marketplace what an order line holds: the only way to learn it in V2.0 (open-api.md §3,
 * https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649350.html). One attempt.
 * Errors: those of `errors.ts`, each saying by `retry` whether another attempt may follow by itself.
 */
export async function queryOrder(query: OrderQuery): Promise<OrderAnswer> {
  const { orderId, orderLineId } = query;
  const search = `orderId=${encodeURIComponent(orderId)}&orderLineId=${encodeURIComponent(orderLineId)}`;
  const { status, body } = await get(query, `${query.baseUrl.replace(/\/+$/, '')}${ORDER_QUERY_PATH}?${search}`);
  const error = answerError(status, body);
  if (error !== null) throw error;
  return readPurchase(body, { orderId, orderLineId });
}

interface Answer {
  readonly status: number;
  /** The parsed JSON; undefined when it was none. */
  readonly body: unknown;
}

async function get({ ak, sk, signal, fetch, now, timeLimit = TIME_LIMIT }: OrderQuery, url: string): Promise<Answer> {
  const unsigned = { method: 'GET', url, headers: { 'Content-Type': 'application/json;charset=UTF-8' }, body: '' };
  const headers = signRequest(unsigned, { ak, sk }, now());
  const clock = AbortSignal.timeout(timeLimit);
  const stop = signal === undefined ? clock : AbortSignal.any([signal, clock]);
  try {
    // A redirect is not followed: the signature holds for one host and must not be shown to another.
    const response = await fetch(url, { method: 'GET', headers, redirect: 'manual', signal: stop });
    return { status: response.status, body: parsed(await response.text()) };
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    if (clock.aborted) throw new Unreachable(`the marketplace did not answer within ${timeLimit} ms`);
    throw new Unreachable(`the marketplace could not be reached: ${causeOf(error)}`, { cause: error });
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The system's short code (ECONNREFUSED, ENOTFOUND, …): the longer text would name the URL and with it the order. */
function causeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : 'network error';
}
