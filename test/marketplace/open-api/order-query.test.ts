import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { OpenApiError } from '../../../src/marketplace/open-api/errors.ts';
import { ORDER_QUERY_PATH, queryOrder, type OrderQuery } from '../../../src/marketplace/open-api/order-query.ts';
import { defaultSite, sites } from '../../../src/marketplace/open-api/sites.ts';
import { verifyRequest } from '../../../src/marketplace/signing/sdk-hmac-sha256.ts';

const SK = 'sk-that-must-not-be-seen';
const NOW = Date.UTC(2026, 0, 1);

/** As recorded from the service for its mock order (open-api.md §3.2). */
const buyerInfo = { mobilePhone: '18688888888', email: null, customerId: '459bbbec25d24749b2eb83be37b602a8', customerName: 'mock_user_01', customerRealName: '测试用户1', customerType: 0, userId: null, userName: null };
const extendParams = [{ name: 'emailDomainName', value: 'test.xxxx.com' }, { name: 'ip', value: '127.0.0.1' }];
const product = { productId: 'OFFI846204237451911168', skuCode: '0a4d1578-5295-46a7-92d4-7c803dccc51d', linearValue: 50, productName: 'MOCK测试商品,测试规格,基础版,包周期' };
const line = { orderLineId: 'O-1-000001', chargingMode: 'PERIOD', periodType: 'year', periodNumber: 1, expireTime: '20251121235959', productInfo: [product], extendParams, currency: '100' };
const order = { orderId: 'O-1', orderType: 'NEW', createTime: '20241121090846', orderLine: [line], buyerInfo, extendParams: [] };

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

let server: Server;
let answer: Answer;
let calls: IncomingMessage[];
let query: OrderQuery;

beforeEach(async () => {
  calls = [];
  server = createServer((request, response) => {
    calls.push(request);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const baseUrl = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  query = { baseUrl, ak: 'ak-1', sk: SK, orderId: 'O-1', orderLineId: 'O-1-000001', fetch: globalThis.fetch, now: () => NOW };
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function says(body: unknown, status = 200): void {
  answer = (_request, response) => response.writeHead(status, { 'Content-Type': 'application/json' }).end(typeof body === 'string' ? body : JSON.stringify(body));
}

function saysOrder(orderChange: object = {}, lineChange: object = {}): void {
  says({ resultCode: 'MKT.0000', resultMsg: 'Success', orderInfo: { ...order, orderLine: [{ ...line, ...lineChange }], ...orderChange } });
}

async function failure(change: Partial<OrderQuery> = {}): Promise<OpenApiError> {
  const error: unknown = await queryOrder({ ...query, ...change }).catch((reason: unknown) => reason);
  if (!(error instanceof OpenApiError)) throw new Error(`not an OpenApiError: ${String(error)}`);
  return error;
}

describe('the call', () => {
  test('is a signed GET that the gateway’s own check accepts', async () => {
    saysOrder();
    await queryOrder({ ...query, baseUrl: `${query.baseUrl}/`, orderId: 'O-1' });
    const [call] = calls;
    expect(call?.method).toBe('GET');
    expect(call?.url).toBe(`${ORDER_QUERY_PATH}?orderId=O-1&orderLineId=O-1-000001`);
    const headers = Object.fromEntries(Object.entries(call?.headers ?? {}).map(([name, value]) => [name, String(value)]));
    const verdict = verifyRequest({ method: 'GET', url: `${query.baseUrl}${call?.url}`, headers, body: '' }, () => SK, NOW);
    expect(verdict).toEqual({ ok: true, ak: 'ak-1' });
    expect(headers['authorization']).toContain('SignedHeaders=content-type;host;x-sdk-date');
  });

  test('sends ids that need encoding as they are', async () => {
    const ids = { orderId: 'a b+c/商', orderLineId: '&=*' };
    saysOrder({ orderId: ids.orderId }, { orderLineId: ids.orderLineId });
    await queryOrder({ ...query, ...ids });
    const [call] = calls;
    const headers = Object.fromEntries(Object.entries(call?.headers ?? {}).map(([name, value]) => [name, String(value)]));
    expect(verifyRequest({ method: 'GET', url: `${query.baseUrl}${call?.url}`, headers, body: '' }, () => SK, NOW)).toMatchObject({ ok: true });
    expect(new URL(`${query.baseUrl}${call?.url}`).searchParams.get('orderId')).toBe(ids.orderId);
  });

  test('the China site is the default, and every site is HTTPS', () => {
    expect(defaultSite.baseUrl).toBe('https://mkt.myhuaweicloud.com');
    for (const { baseUrl } of Object.values(sites)) expect(baseUrl).toMatch(/^https:\/\/[a-z.-]+$/);
  });
});

describe('the purchase', () => {
  test('reads the service’s own mock answer, with the personal part apart', async () => {
    saysOrder();
    const { purchase, personal } = await queryOrder(query);
    expect(purchase).toEqual({
      plan: { skuCode: product.skuCode, productId: product.productId, quantity: 50, chargingMode: 'PERIOD', trial: false },
      expireAt: Date.UTC(2025, 10, 21, 23, 59, 59),
      products: 1,
    });
    expect(JSON.parse(personal ?? '')).toEqual({ buyerInfo, extendParams });
  });

  test('a trial is told by its order type', async () => {
    saysOrder({ orderType: 'TRIAL' });
    expect((await queryOrder(query)).purchase.plan.trial).toBe(true);
  });

  test.each(['ONE_TIME', 'ON_DEMAND'])('%s has no end', async (chargingMode) => {
    saysOrder({}, { chargingMode });
    expect((await queryOrder(query)).purchase).toMatchObject({ expireAt: null, plan: { chargingMode } });
  });

  test('keeps unknown words, does without everything optional, and counts several products', async () => {
    saysOrder(
      { orderType: 'FUTURE', buyerInfo: null, extendParams: null, createTime: undefined },
      { chargingMode: 'FUTURE_MODE', expireTime: null, extendParams: null, productInfo: [{ productId: 'p', skuCode: 's', linearValue: null }, product] },
    );
    expect(await queryOrder(query)).toEqual({
      purchase: { plan: { skuCode: 's', productId: 'p', quantity: null, chargingMode: 'FUTURE_MODE', trial: false }, expireAt: null, products: 2, unfamiliar: 'charging mode FUTURE_MODE, order type FUTURE' },
      personal: null,
    });
  });

  test('picks the asked line, whatever the others look like', async () => {
    saysOrder({ orderLine: [{ orderLineId: 'O-1-000002' }, { ...line, productInfo: [{ ...product, linearValue: '7' }] }] });
    expect((await queryOrder(query)).purchase.plan.quantity).toBe(7);
  });

  test('an expiry that is no time counts as absent: it is only an estimate', async () => {
    saysOrder({}, { expireTime: '2025-11-21' });
    expect((await queryOrder(query)).purchase.expireAt).toBeNull();
  });

  test('the number counts, not the prefix', async () => {
    says({ resultCode: 'CBC.0000', orderInfo: order });
    expect((await queryOrder(query)).purchase.products).toBe(1);
  });

  test.each<[string, object, object]>([
    ['another order', { orderId: 'O-2' }, {}],
    ['another line', {}, { orderLineId: 'O-1-000002' }],
    ['no lines', { orderLine: [] }, {}],
    ['no products', {}, { productInfo: [] }],
    ['a product without sku', {}, { productInfo: [{ productId: 'p' }] }],
    ['a quantity that is no number', {}, { productInfo: [{ ...product, linearValue: 'many' }] }],
  ])('%s is unreadable and may be asked again', async (_what, orderChange, lineChange) => {
    saysOrder(orderChange, lineChange);
    expect(await failure()).toMatchObject({ code: 'ORDER_UNREADABLE', retry: true });
  });

  test('success without an order is unreadable', async () => {
    says({ resultCode: 'MKT.0000', resultMsg: 'Success' });
    expect(await failure()).toMatchObject({ code: 'ORDER_UNREADABLE', message: 'orderInfo is missing or not as described' });
  });
});

describe('failures', () => {
  const gateway = (error_code: string, error_msg: string): object => ({ error_code, error_msg, request_id: 'r' });
  const business = (resultCode: string): object => ({ resultCode, resultMsg: 'the answer to 18688888888' });

  test.each<[number, unknown, string, boolean, RegExp]>([
    [401, gateway('APIGW.0301', 'Incorrect IAM authentication information: verify aksk signature fail, canonicalRequest: GET|/x|ak-1'), 'SIGNATURE_REFUSED', false, /APIGW\.0301.*secret key does not belong/],
    [401, gateway('APIG.0301', 'AK access failed to reach the limit, forbidden'), 'SIGNATURE_REFUSED', false, /APIG\.0301.*locked for five minutes/],
    [401, gateway('APIGW.0301', 'Get secretKey failed'), 'SIGNATURE_REFUSED', false, /unknown, deleted or disabled/],
    [401, business('MKT.0154'), 'SIGNATURE_REFUSED', false, /HTTP 401 MKT\.0154/],
    [401, business('CBC.0151'), 'SIGNATURE_REFUSED', false, /CBC\.0151/],
    [401, '<html>', 'SIGNATURE_REFUSED', false, /HTTP 401$/],
    [406, business('MKT.0250'), 'THROTTLED', true, /MKT\.0250/],
    [429, gateway('APIGW.0308', 'throttled'), 'THROTTLED', true, /APIGW\.0308/],
    [429, '', 'THROTTLED', true, /HTTP 429/],
    [500, business('MKT.0999'), 'UNREACHABLE', true, /MKT\.0999/],
    [503, '<html>', 'UNREACHABLE', true, /HTTP 503/],
    [200, '<html>', 'UNREACHABLE', true, /HTTP 200/],
    [200, '[]', 'UNREACHABLE', true, /HTTP 200/],
    [401, business('MKT.0150'), 'ORDER_REFUSED', false, /MKT\.0150/],
    [200, business('CBC.0150'), 'ORDER_REFUSED', false, /CBC\.0150/],
    [200, business('MKT.4711'), 'ORDER_REFUSED', false, /MKT\.4711/],
    [400, { error_code: 'MKT.0101', error_msg: 'x' }, 'ORDER_REFUSED', false, /MKT\.0101/],
    [500, business('MKT.0100'), 'ORDER_REFUSED', false, /MKT\.0100/],
    [404, gateway('APIGW.0101', 'API does not exist'), 'ORDER_REFUSED', false, /APIGW\.0101/],
    [403, '<html>', 'ORDER_REFUSED', false, /HTTP 403/],
  ])('HTTP %i %j is %s, to be repeated: %s', async (status, body, code, retry, message) => {
    says(body, status);
    const error = await failure();
    expect(error).toMatchObject({ code, retry, message: expect.stringMatching(message) });
    expect(`${error.message} ${JSON.stringify(error)}`).not.toMatch(/18688888888|ak-1|sk-that|canonicalRequest/);
    expect(calls).toHaveLength(1);
  });

  test('does not follow a redirect: the signature is not shown to another host', async () => {
    answer = (_request, response) => response.writeHead(302, { Location: '/elsewhere' }).end();
    expect(await failure()).toMatchObject({ code: 'ORDER_REFUSED', retry: false });
    expect(calls).toHaveLength(1);
  });

  test('a silent server is unreachable after the time limit', async () => {
    answer = () => {};
    expect(await failure({ timeLimit: 50 })).toMatchObject({ code: 'UNREACHABLE', message: 'the marketplace did not answer within 50 ms' });
  });

  test('a server that stops in the middle of its answer is unreachable', async () => {
    answer = (_request, response) => {
      response.writeHead(200, { 'Content-Length': '1000' });
      response.write('{"resultCode":', () => response.destroy());
    };
    expect(await failure()).toMatchObject({ code: 'UNREACHABLE', retry: true });
  });

  test('a closed port is unreachable, named by the system’s code', async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    expect(await failure()).toMatchObject({ code: 'UNREACHABLE', message: 'the marketplace could not be reached: ECONNREFUSED' });
    server = createServer().listen(0, '127.0.0.1');
  });

  test('cancelled by its caller it throws the caller’s reason, not an error of the marketplace', async () => {
    const controller = new AbortController();
    const reason = new Error('the purchase was released meanwhile');
    answer = () => controller.abort(reason);
    await expect(queryOrder({ ...query, signal: controller.signal })).rejects.toBe(reason);
  });

  test('a member of unexpected type is named without its value', async () => {
    saysOrder({}, { productInfo: '18688888888' });
    expect((await failure()).message).toBe('productInfo is missing or not as described');
  });
});
