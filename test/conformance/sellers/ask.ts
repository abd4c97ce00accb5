import { ORDER_QUERY_PATH } from '../../../src/marketplace/open-api/order-query.ts';
import { signRequest } from '../../../src/marketplace/signing/sdk-hmac-sha256.ts';
import { textOf, type Body } from './honest.ts';

export interface OrderQueryAccess {
  readonly url: () => string;
  readonly ak: string;
  readonly sk: string;
  readonly now: () => number;
}

/** The type of the order that a create names, as the order query tells it; null when it does not answer well. */
export async function ask({ url, ak, sk, now }: OrderQueryAccess, body: Body): Promise<string | null> {
  const address = `${url()}${ORDER_QUERY_PATH}?orderId=${textOf(body['orderId'])}&orderLineId=${textOf(body['orderLineId'])}`;
  const headers = signRequest({ method: 'GET', url: address, headers: {}, body: '' }, { ak, sk }, now());
  try {
    const response = await fetch(address, { headers });
    const answer = (await response.json()) as { readonly orderInfo?: { readonly orderType?: string } };
    return answer.orderInfo?.orderType ?? null;
  } catch {
    return null;
  }
}
