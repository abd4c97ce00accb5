import { createHash, createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ORDER_QUERY_PATH, queryOrder } from '../../src/marketplace/open-api/order-query.ts';
import { BUYER, EXTEND_PARAMS } from '../../src/simulator/buyer.ts';
import { MOCK_ORDERS } from '../../src/simulator/open-api/mock-orders.ts';
import { OTHER_SELLERS_ORDER } from '../../src/simulator/open-api/order-query.ts';
import type { OrderQueryTrouble } from '../../src/simulator/open-api/trouble.ts';
import { AK, openMarket, openStage, SK, STANDARD, START, type Stage } from './stage.ts';

interface Answer {
  readonly status: number;
  readonly type: string | null;
  readonly body: Record<string, unknown>;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The seller's side of AK/SK, written down from the published algorithm for the one query there is. */
function authorisation({ host, query, at, ak = AK, sk = SK }: { host: string; query: Record<string, string>; at: number; ak?: string; sk?: string }): Record<string, string> {
  const date = `${new Date(at).toISOString().replace(/[-:]/g, '').slice(0, 15)}Z`;
  const pairs = Object.keys(query).sort().map((name) => `${name}=${encodeURIComponent(query[name]!)}`);
  const canonical = ['GET', `${ORDER_QUERY_PATH}/`, pairs.join('&'), `host:${host}`, `x-sdk-date:${date}`, '', 'host;x-sdk-date', sha256('')].join('\n');
  const signature = createHmac('sha256', sk).update(`SDK-HMAC-SHA256\n${date}\n${sha256(canonical)}`).digest('hex');
  return { 'X-Sdk-Date': date, Authorization: `SDK-HMAC-SHA256 Access=${ak}, SignedHeaders=host;x-sdk-date, Signature=${signature}` };
}

describe('the open API of the market', () => {
  let stage: Stage;

  beforeEach(async () => {
    stage = await openStage();
  });
  afterEach(() => stage.close());

  async function ask(query: Record<string, string>, { at = stage.clock.at, path = ORDER_QUERY_PATH, signed = true, method = 'GET', ...keys }: { at?: number; ak?: string; sk?: string; path?: string; signed?: boolean; method?: string } = {}): Promise<Answer> {
    const url = new URL(`${path}?${new URLSearchParams(query).toString()}`, stage.market.openApiUrl);
    const response = await fetch(url, { method, headers: signed ? authorisation({ host: url.host, query, at, ...keys }) : {} });
    return { status: response.status, type: response.headers.get('content-type'), body: (await response.json()) as Record<string, unknown> };
  }

  it('tells what was bought, with the members that the real service sends', async () => {
    const { order } = await stage.market.buy(STANDARD);
    const { orderId, orderLineId } = order;
    const { status, type, body } = await ask({ orderId, orderLineId });
    expect([status, type]).toEqual([200, 'application/json;charset=UTF-8']);
    expect(body).toEqual({
      resultCode: 'MKT.0000',
      resultMsg: 'Success',
      orderInfo: {
        orderId,
        orderType: 'NEW',
        createTime: '20261121093000',
        orderLine: [
          {
            orderLineId,
            chargingMode: 'PERIOD',
            periodType: 'month',
            periodNumber: 1,
            expireTime: '20261221093000',
            productInfo: [{ ...STANDARD, productName: expect.any(String) }],
            extendParams: EXTEND_PARAMS,
            currency: '100',
            currencyAfterDiscount: '100',
          },
        ],
        buyerInfo: BUYER,
        extendParams: [],
      },
    });
    expect(BUYER.mobilePhone).toBeTruthy();
    expect(BUYER.email).toBeTruthy();
    expect(stage.market.openApiCalls()).toEqual([{ at: START, api: 'order-query', orderId, orderLineId, status: 200, code: 'MKT.0000' }]);
  });

  it('leaves period and end out for what has none', async () => {
    const { order } = await stage.market.buy({ ...STANDARD, chargingMode: 'ON_DEMAND' });
    const { body } = await ask({ orderId: order.orderId });
    const [line] = (body['orderInfo'] as { orderLine: Record<string, unknown>[] }).orderLine;
    expect(line).toMatchObject({ chargingMode: 'ON_DEMAND' });
    expect(Object.keys(line!)).not.toContain('expireTime');
    expect(Object.keys(line!)).not.toContain('periodType');
  });

  it('tells renewals, refunds and changes by their own order', async () => {
    const { order } = await stage.market.buy(STANDARD);
    const { order: renewal } = await stage.market.renew(order);
    const { order: change } = await stage.market.upgrade(order, { linearValue: 20 });
    const info = async (orderId: string) => (await ask({ orderId })).body['orderInfo'];
    expect(await info(renewal.orderId)).toMatchObject({ orderType: 'RENEW', orderLine: [{ expireTime: '20270121093000' }] });
    expect(await info(change.orderId)).toMatchObject({ orderType: 'CHANGE', orderLine: [{ productInfo: [{ linearValue: 20 }] }] });
  });

  it.each(Object.keys(MOCK_ORDERS))('knows %s without a purchase', async (orderId) => {
    const { status, body } = await ask({ orderId, orderLineId: `${orderId}-000001` });
    expect(status).toBe(200);
    expect(body['orderInfo']).toMatchObject({ orderId, orderLine: [{ orderLineId: `${orderId}-000001`, productInfo: [{}] }] });
  });

  it('is read by the client of the marketplace room', async () => {
    const { order } = await stage.market.buy(STANDARD);
    const { orderId, orderLineId } = order;
    const answer = await queryOrder({ baseUrl: stage.market.openApiUrl, ak: AK, sk: SK, orderId, orderLineId, fetch, now: () => stage.clock.at });
    expect(answer.purchase.plan).toMatchObject({ skuCode: 'sku-standard', quantity: 10, chargingMode: 'PERIOD', trial: false });
    expect(answer.purchase.expireAt).toBe(order.expireAt);
    expect(answer.personal).toContain(BUYER.mobilePhone);
  });

  it('refuses an unknown order, a line of another order, a missing and an over-long id, and another seller’s order', async () => {
    const { order } = await stage.market.buy(STANDARD);
    const refusal = async (query: Record<string, string>) => {
      const { status, body } = await ask(query);
      expect(body['orderInfo']).toBeUndefined();
      return [status, body['resultCode']];
    };
    expect(await refusal({ orderId: 'CS0000000000NONE0' })).toEqual([500, 'MKT.0100']);
    expect(await refusal({ orderId: order.orderId, orderLineId: 'other-000001' })).toEqual([500, 'MKT.0100']);
    expect(await refusal({})).toEqual([400, 'MKT.0101']);
    expect(await refusal({ orderId: 'x'.repeat(65) })).toEqual([500, 'MKT.0100']);
    expect(await refusal({ orderId: OTHER_SELLERS_ORDER })).toEqual([401, 'MKT.0150']);
  });

  const MOCK = { orderId: 'MOCKONETIMENEW' };
  const gatewayError = (text: string) => ({ error_code: 'APIGW.0301', error_msg: expect.stringContaining(text), request_id: expect.stringMatching(/^[0-9a-f]{32}$/) });

  it('refuses a missing signature, a wrong secret, an unknown key and a tampered query', async () => {
    expect(await ask(MOCK, { signed: false })).toMatchObject({ status: 401, body: gatewayError('') });
    expect(await ask(MOCK, { sk: 'wrong' })).toMatchObject({ status: 401, body: gatewayError('verify aksk signature fail') });
    expect(await ask(MOCK, { ak: 'UNKNOWN' })).toMatchObject({ status: 401, body: gatewayError('Get secretKey failed') });
    const url = new URL(`${ORDER_QUERY_PATH}?orderId=MOCKONDEMAND`, stage.market.openApiUrl);
    const tampered = await fetch(url, { headers: authorisation({ host: url.host, query: MOCK, at: START }) });
    expect(tampered.status).toBe(401);
  });

  it('refuses a date more than 15 minutes away, on both sides', async () => {
    for (const away of [-15 * 60_000 - 1_000, 15 * 60_000 + 1_000]) expect(await ask(MOCK, { at: START + away })).toMatchObject({ status: 401, body: gatewayError('15 minutes') });
    for (const away of [-15 * 60_000, 15 * 60_000]) expect((await ask(MOCK, { at: START + away })).status).toBe(200);
  });

  it('locks the key for five minutes after five bad signatures in a row, good ones included', async () => {
    for (let n = 0; n < 5; n += 1) expect(await ask(MOCK, { sk: 'wrong' })).toMatchObject({ body: gatewayError('verify aksk signature fail') });
    expect(await ask(MOCK)).toMatchObject({ status: 401, body: gatewayError('reach the limit') });
    stage.clock.at += 5 * 60_000 - 1;
    expect((await ask(MOCK)).status).toBe(401);
    stage.clock.at += 1;
    expect((await ask(MOCK)).status).toBe(200);
  });

  it('counts only bad signatures without a good one between them', async () => {
    for (let n = 0; n < 4; n += 1) await ask(MOCK, { sk: 'wrong' });
    expect((await ask(MOCK)).status).toBe(200);
    for (let n = 0; n < 4; n += 1) await ask(MOCK, { sk: 'wrong' });
    for (let n = 0; n < 3; n += 1) await ask(MOCK, { ak: 'UNKNOWN' });
    expect((await ask(MOCK)).status).toBe(200);
  });

  it('knows no other path or method', async () => {
    expect(await ask(MOCK, { path: '/api/other' })).toMatchObject({ status: 404, body: { error_code: 'APIGW.0101' } });
    expect(await ask(MOCK, { method: 'POST' })).toMatchObject({ status: 404 });
  });

  it.each<[OrderQueryTrouble, number, Record<string, unknown>]>([
    ['500', 500, { resultCode: 'MKT.0999' }],
    ['throttled', 406, { resultCode: 'MKT.0250' }],
    ['no-products', 200, { resultCode: 'MKT.0000', orderInfo: { orderId: 'MOCKONETIMENEW', orderLine: [{ productInfo: [] }] } }],
    ['other-order', 200, { resultCode: 'MKT.0000', orderInfo: { orderId: 'MOCKPERIODYEARNEW' } }],
    ['wrong-signature-reply', 401, { error_code: 'APIGW.0301' }],
  ])('makes trouble as often as asked: %s', async (orderQuery, status, body) => {
    stage.market.trouble({ orderQuery, times: 2 });
    for (let n = 0; n < 2; n += 1) expect(await ask(MOCK)).toMatchObject({ status, body });
    expect(await ask(MOCK)).toMatchObject({ status: 200, body: { orderInfo: MOCK } });
  });

  it('makes trouble until it is ended, with pages that are no JSON and answers that do not come', async () => {
    const { market } = stage;
    market.trouble({ orderQuery: 'html' });
    const url = new URL(`${ORDER_QUERY_PATH}?orderId=MOCKONETIMENEW`, market.openApiUrl);
    const headers = authorisation({ host: url.host, query: MOCK, at: START });
    for (let n = 0; n < 3; n += 1) expect((await fetch(url, { headers })).headers.get('content-type')).toBe('text/html');
    market.trouble({ orderQuery: 'slow' });
    await expect(fetch(url, { headers, signal: AbortSignal.timeout(50) })).rejects.toThrow(/timeout|aborted/i);
    await market.clear();
    expect((await fetch(url, { headers })).status).toBe(200);
    expect(market.openApiCalls()).toHaveLength(1);
  });

  it('refuses a bad signature before any trouble', async () => {
    stage.market.trouble({ orderQuery: '500', times: 1 });
    expect((await ask(MOCK, { sk: 'wrong' })).status).toBe(401);
    expect((await ask(MOCK)).status).toBe(500);
  });

  it('says so when its port is taken', async () => {
    const port = Number(new URL(stage.market.openApiUrl).port);
    await expect(openMarket(stage.clock, { port })).rejects.toThrow(/EADDRINUSE/);
  });
});
