import type { HttpBindings } from '@hono/node-server';
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
import type { UsageBook } from './usage-book.ts';
import { USAGE_INTERFACES, usageInterfaceAt, type UsageInterfaceName } from './usage-interfaces.ts';
import { answerPush, authenticate, pushAnswer } from './usage-push.ts';

/** A call of the seller to the open API. */
export interface OpenApiCall {
  /** UTC ms. */
  readonly at: number;
  /** Null for what is published nowhere. */
  readonly api: 'order-query' | 'usage-push' | null;
  readonly orderId: string | null;
  readonly orderLineId: string | null;
  /** The status that was, or would have been, sent. */
  readonly status: number;
  /** The marketplace's or the gateway's code; null for an answer that has none. */
  readonly code: string | null;
}

export interface OpenApiOptions {
  readonly books: Books;
  readonly usage: UsageBook;
  readonly key: AccessKeyPair;
  /** Access keys of the base interface, which signs the usage push: the one of now, and for a while after a rotation the one before. */
  readonly baseKeys: () => readonly string[];
  readonly troubles: Troubles;
  readonly port: number;
  readonly now: () => number;
  readonly random: RandomBytes;
  readonly heard: (call: OpenApiCall) => void;
}

/** Longer than anybody should wait for an answer. */
const SLOW = 30_000;
const PAGE = '<html><head><title>502 Bad Gateway</title></head><body>502 Bad Gateway</body></html>';

type Query = Readonly<Record<string, string>>;

interface Reply {
  /** A text is a page of somebody in between. */
  readonly answer: OpenApiAnswer | string;
  /** The connection breaks in place of the answer. */
  readonly lost?: boolean;
}

/** Serves the open API on a loopback port (0: a free one). Rejects when the port is taken. */
export async function serveOpenApi({ books, usage, key, baseKeys, troubles, port, now, random, heard }: OpenApiOptions): Promise<Loopback> {
  const gateway = createGateway({ key, now, newRequestId: () => newRequestId(random) });
  const closing = new AbortController();
  const app = new Hono<{ Bindings: HttpBindings }>();

  app.all('*', async (c) => {
    const { method, url, path } = c.req;
    const query = c.req.query();
    const headers = c.req.header();
    const body = new Uint8Array(await c.req.arrayBuffer());
    const push = method === 'POST' ? usageInterfaceAt(path) : null;
    const api = push !== null ? 'usage-push' : method === 'GET' && path === ORDER_QUERY_PATH ? 'order-query' : null;
    const { answer, lost = false } = await reply();
    const code = typeof answer === 'string' ? null : (answer.body['resultCode'] ?? answer.body['error_code']);
    const status = typeof answer === 'string' ? 502 : answer.status;
    heard({ at: now(), api, orderId: query['orderId'] ?? null, orderLineId: query['orderLineId'] ?? null, status, code: typeof code === 'string' ? code : null });
    if (lost) c.env.incoming.socket.destroy();
    const contentType = typeof answer === 'string' ? 'text/html' : 'application/json;charset=UTF-8';
    return new Response(typeof answer === 'string' ? answer : JSON.stringify(answer.body), { status, headers: { 'content-type': contentType } });

    async function reply(): Promise<Reply> {
      if (api === null) return { answer: gateway.notFound() };
      const refused = push !== null && USAGE_INTERFACES[push].signedWith !== 'AK/SK' ? null : gateway.refusal({ method, url, headers, body });
      if (refused !== null) return { answer: refused };
      if (push !== null) return replyToPush(push, headers, new TextDecoder().decode(body));
      const trouble = troubles.takeOrderQuery();
      return { answer: await (trouble === null ? answerOrderQuery(books, query, now()) : inTrouble[trouble](query)) };
    }
  });

  const inTrouble: { readonly [T in OrderQueryTrouble]: (query: Query) => OpenApiAnswer | string | Promise<OpenApiAnswer | string> } = {
    slow: async (query) => ((await slowly()) ? answerOrderQuery(books, query, now()) : PAGE),
    '500': () => failure(500, '0999', 'System internal error'),
    html: () => PAGE,
    throttled: () => failure(406, '0250', 'Access frequency overlimit'),
    'no-products': (query) => answerChanged(query, (order) => ({ ...order, products: [] })),
    'unknown-words': (query) => answerChanged(query, (order) => ({ ...order, type: 'PRESALE', chargingMode: 'PER_TOKEN' })),
    'other-order': () => ({ status: 200, body: orderAnswer(mockOrder('MOCKPERIODYEARNEW', now())) }),
    'wrong-signature-reply': () => gateway.badSignature(),
  };

  async function replyToPush(by: UsageInterfaceName, headers: Query, body: string): Promise<Reply> {
    const { refusal, remark } = USAGE_INTERFACES[by].signedWith === 'base key' ? authenticate(headers, body, baseKeys(), now()) : { refusal: null, remark: null };
    if (refusal !== null) return { answer: refusal };
    const trouble = troubles.takeUsagePush();
    if (trouble === '500') return { answer: pushAnswer('0999') };
    if (trouble === 'html') return { answer: PAGE };
    if (trouble === 'throttled') return { answer: pushAnswer('0250') };
    if (trouble === 'wrong-signature-reply') return { answer: USAGE_INTERFACES[by].signedWith === 'AK/SK' ? gateway.badSignature() : pushAnswer('0102') };
    const answer = await answerPush(usage, { by, body, remark, trouble });
    if (trouble === 'slow') return { answer: (await slowly()) ? answer : PAGE };
    if (trouble === 'other-prefix') return { answer: { ...answer, body: { ...answer.body, error_code: String(answer.body['error_code']).replace('MKT.', 'CBC.') } } };
    return { answer, lost: trouble === 'lost-answer' };
  }

  /** False when the market closes meanwhile. */
  async function slowly(): Promise<boolean> {
    await delay(SLOW, undefined, { signal: closing.signal }).catch(() => undefined);
    return !closing.signal.aborted;
  }

  async function answerChanged(query: Query, change: (order: Order) => AnsweredOrder): Promise<OpenApiAnswer> {
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
