import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { judge, type Answered } from '../../src/simulator/verdict.ts';
import { json, type Handler } from './seller.ts';
import { openStage, type Stage } from './stage.ts';

const SUCCESS = { resultCode: '000000', resultMsg: 'success' };

describe('the verdict on a call', () => {
  let stage: Stage;

  beforeEach(async () => {
    stage = await openStage();
  });
  afterEach(() => stage.close());

  async function rule(handler: Handler): Promise<string> {
    stage.seller.answer(handler);
    const { verdict } = await stage.market.freeze('i-1');
    return verdict.ok ? 'ok' : `${verdict.rule}: ${verdict.reason}`;
  }

  it('is ok for success within the time', async () => {
    expect(await rule((_, response) => json(response, SUCCESS))).toBe('ok');
    expect(await rule((_, response) => json(response, SUCCESS, { contentType: 'application/json; charset=utf-8' }))).toBe('ok');
  });

  it('flags an HTTP status other than 200, whatever the body says', async () => {
    expect(await rule((_, response) => json(response, SUCCESS, { status: 401 }))).toBe('http-status: httpCode = 401, must be 200');
    expect(await rule((_, response) => json(response, SUCCESS, { status: 201 }))).toMatch(/^http-status/);
  });

  it('flags another content type, and none', async () => {
    expect(await rule((_, response) => json(response, SUCCESS, { contentType: 'text/plain' }))).toMatch(/^content-type/);
    expect(await rule((_, response) => json(response, SUCCESS, { contentType: 'application/jsonp' }))).toMatch(/^content-type/);
    expect(await rule((_, response) => void response.writeHead(200).end(JSON.stringify(SUCCESS)))).toMatch(/^content-type: content type is missing/);
  });

  it('flags a body that is no JSON object', async () => {
    expect(await rule((_, response) => json(response, [SUCCESS]))).toMatch(/^json/);
    expect(await rule((_, response) => void response.writeHead(200, { 'content-type': 'application/json' }).end('success'))).toMatch(/^json/);
  });

  it('flags a missing or malformed resultCode and a missing resultMsg', async () => {
    expect(await rule((_, response) => json(response, { resultMsg: 'success' }))).toMatch(/^resultCode/);
    expect(await rule((_, response) => json(response, { ...SUCCESS, resultCode: '0000004' }))).toMatch(/^resultCode/);
    expect(await rule((_, response) => json(response, { ...SUCCESS, resultCode: 0 }))).toMatch(/^resultCode/);
    expect(await rule((_, response) => json(response, { resultCode: '000000' }))).toMatch(/^resultMsg/);
  });

  it('flags a result code other than success, and says when no page lists it', async () => {
    expect(await rule((_, response) => json(response, { ...SUCCESS, resultCode: '000003' }))).toBe('success: resultCode is 000003');
    expect(await rule((_, response) => json(response, { ...SUCCESS, resultCode: '123456' }))).toBe('success: resultCode is 123456, which no page lists');
  });

  it('flags an answer later than 5 s, not one at 5 s', async () => {
    const late = (ms: number): Handler => (_, response) => {
      stage.clock.at += ms;
      json(response, SUCCESS);
    };
    expect(await rule(late(5_000))).toBe('ok');
    expect(await rule(late(5_001))).toBe('slow: answered after 5001 ms, limit 5000 ms');
  });
});

describe('the verdict by verb', () => {
  const call = (verb: string, answer: Record<string, unknown>, kind: Answered['kind'] = 'live'): string => {
    const verdict = judge({ verb, kind, ms: 5, failure: null, status: 200, contentType: 'application/json', answer: { resultMsg: 'said', ...answer } });
    return verdict.ok ? 'ok' : `${verdict.rule}: ${verdict.reason}`;
  };

  it('takes 000004 for a live create and its polling only', () => {
    expect(call('newInstance', { resultCode: '000004', instanceId: 'i' })).toBe('ok');
    expect(call('queryInstance', { resultCode: '000004' })).toBe('ok');
    expect(call('releaseInstance', { resultCode: '000004' })).toBe('success: resultCode is 000004');
    expect(call('newInstance', { resultCode: '000004', instanceId: 'i' }, 'test')).toBe('success: resultCode is 000004');
  });

  it('wants an instanceId from every create', () => {
    expect(call('newInstance', { resultCode: '000000', instanceId: 'i' })).toBe('ok');
    expect(call('newInstance', { resultCode: '000000' })).toBe('create-instanceId: the answer lacks instanceId');
    expect(call('newInstance', { resultCode: '000004' })).toBe('create-instanceId: the answer lacks instanceId');
  });

  it('wants complete info from a query that succeeds', () => {
    const query = (info: unknown) => call('queryInstance', { resultCode: '000000', info });
    const usageInfo = [{ usageValue: 1, statisticalTime: '20260101000000000' }];
    expect(query([{ instanceId: 'i', appInfo: { frontEndUrl: 'https://a' }, usageInfo }])).toBe('ok');
    expect(query([{ instanceId: 'i' }])).toBe('ok');
    expect(query(undefined)).toBe('query-info: the answer lacks info');
    expect(query([])).toBe('query-info: the answer lacks info');
    expect(query([{ appInfo: { frontEndUrl: 'https://a' } }])).toBe('query-info: the answer lacks instanceId');
    expect(query([{ instanceId: 'i', appInfo: {} }])).toBe('query-info: the answer lacks frontEndUrl');
    expect(query([{ instanceId: 'i', usageInfo: [{ usageValue: 1 }] }])).toBe('query-info: the answer lacks statisticalTime');
    expect(query([{ instanceId: 'i', usageInfo: [{ statisticalTime: '1' }] }])).toBe('query-info: the answer lacks usageValue');
  });
});
