import { Hono } from 'hono';
import { setTimeout as delay } from 'node:timers/promises';
import { ORDER_QUERY_PATH } from '../../marketplace/open-api/order-query.ts';
import type { AccessKeyPair } from '../../marketplace/signing/sdk-hmac-sha256.ts';
import type { Books, Order } from '../books.ts';
import { newRequestId, type RandomBytes } from '../ids.ts';
import { serveLoopback, type Loopback } from '../loopback.ts';
import { createGateway, type OpenApiAnswer } from './gateway.ts';
import { mockOrder } from './mock-orders.ts';
import { answerOrderQuery, failure, findOrder, orderAnswer, type AnsweredOrder } from './order-query.ts';
import type { OrderQueryTrouble, Troubles } from './trouble.ts';

/** A call of the seller to the open API. */
export interface OpenApiCall {
  /** UTC ms. */
  readonly at: number;
  readonly orderId: string | null;
  readonly orderLineId: string | null;
  readonly status: number;
  /** The marketplace's or the gateway's code; null for an answer that has none. */
  readonly code: string | null;
}

export interface OpenApiOptions {
  readonly books: Books;
  readonly key: AccessKeyPair;
  readonly troubles: Troubles;
  readonly port: number;
  readonly now: () => number;
  readonly random: RandomBytes;
  readonly heard: (call: OpenApiCall) => void;
}

/** Longer than anybody should wait for an order query. */
const SLOW = 30_000;
const PAGE = '<html><head><title>502 Bad Gateway</title></head><body>502 Bad Gateway</body></html>';

/** Serves the open API on a loopback port (0: a free one). Rejects when the port is taken. */
export async function serveOpenApi({ books, key, troubles, port, now, random, heard }: OpenApiOptions): Promise<Loopback> {
  const gateway = createGateway({ key, now, newRequestId: () => newRequestId(random) });
  const closing = new AbortController();
  const app = new Hono();

  app.all('*', async (c) => {
    const { method, url, path } = c.req;
    const query = c.req.query();
    const answer = await answerRequest();
    const code = typeof answer === 'string' ? null : (answer.body['resultCode'] ?? answer.body['error_code']);
    const status = typeof answer === 'string' ? 502 : answer.status;
    heard({ at: now(), orderId: query['orderId'] ?? null, orderLineId: query['orderLineId'] ?? null, status, code: typeof code === 'string' ? code : null });
    const contentType = typeof answer === 'string' ? 'text/html' : 'application/json;charset=UTF-8';
    return new Response(typeof answer === 'string' ? answer : JSON.stringify(answer.body), { status, headers: { 'content-type': contentType } });

    async function answerRequest(): Promise<OpenApiAnswer | string> {
      if (method !== 'GET' || path !== ORDER_QUERY_PATH) return gateway.notFound();
      const body = new Uint8Array(await c.req.arrayBuffer());
      const refused = gateway.refusal({ method, url, headers: c.req.header(), body });
      if (refused !== null) return refused;
      const trouble = troubles.take();
      return trouble === null ? answerOrderQuery(books, query, now()) : inTrouble[trouble](query);
    }
  });

  const inTrouble: { readonly [T in OrderQueryTrouble]: (query: Readonly<Record<string, string>>) => OpenApiAnswer | string | Promise<OpenApiAnswer | string> } = {
    slow: async (query) => {
      await delay(SLOW, undefined, { signal: closing.signal }).catch(() => undefined);
      return closing.signal.aborted ? PAGE : answerOrderQuery(books, query, now());
    },
    '500': () => failure(500, '0999', 'System internal error'),
    html: () => PAGE,
    throttled: () => failure(406, '0250', 'Access frequency overlimit'),
    'no-products': (query) => answerChanged(query, (order) => ({ ...order, products: [] })),
    'unknown-words': (query) => answerChanged(query, (order) => ({ ...order, type: 'PRESALE', chargingMode: 'PER_TOKEN' })),
    'other-order': () => ({ status: 200, body: orderAnswer(mockOrder('MOCKPERIODYEARNEW', now())) }),
    'wrong-signature-reply': () => gateway.badSignature(),
  };

  async function answerChanged(query: Readonly<Record<string, string>>, change: (order: Order) => AnsweredOrder): Promise<OpenApiAnswer> {
    const order = await findOrder(books, query['orderId'] ?? '', now());
    return order === null ? answerOrderQuery(books, query, now()) : { status: 200, body: orderAnswer(change(order)) };
  }

  const loopback = await serveLoopback(app.fetch, port);
  return {
    url: loopback.url,
    async close() {
      closing.abort();
      await loopback.close();
    },
  };
}
