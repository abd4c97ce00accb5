import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ANSWER_FIELDS } from '../../src/simulator/answer-fields.ts';
import { DEBUGGER_MESSAGES } from '../../src/simulator/debugger-messages.ts';
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
    for (const resultCode of ['000000', '000004']) expect(call('newInstance', { resultCode })).toBe('missing-field: the answer lacks instanceId');
    for (const instanceId of ['', null, 7]) expect(call('newInstance', { resultCode: '000000', instanceId })).toBe('missing-field: the answer lacks instanceId');
  });

  it('wants complete info from a query that succeeds', () => {
    const query = (info: unknown) => call('queryInstance', { resultCode: '000000', info });
    const usageInfo = [{ usageValue: 1, statisticalTime: '20260101000000000' }];
    expect(query([{ instanceId: 'i', appInfo: { frontEndUrl: 'https://a' }, usageInfo }])).toBe('ok');
    expect(query([{ instanceId: 'i' }])).toBe('ok');
    expect(query(undefined)).toBe('missing-field: the answer lacks info');
    expect(query([])).toBe('missing-field: the answer lacks info');
    expect(query([{ appInfo: { frontEndUrl: 'https://a' } }])).toBe('missing-field: the answer lacks instanceId');
    expect(query([{ instanceId: 'i', appInfo: {} }])).toBe('missing-field: the answer lacks frontEndUrl');
    expect(query([{ instanceId: 'i', usageInfo: [{ usageValue: 1 }] }])).toBe('missing-field: the answer lacks statisticalTime');
    expect(query([{ instanceId: 'i', usageInfo: [{ statisticalTime: '1' }] }])).toBe('missing-field: the answer lacks usageValue');
    expect(query([{ instanceId: 'i' }, {}])).toBe('missing-field: the answer lacks instanceId');
    expect(query(['i'])).toBe('missing-field: the answer lacks instanceId');
  });

  it.each(
    Object.entries(ANSWER_FIELDS).flatMap(([verb, fields]) => fields.flatMap(({ at, max }) => (max === null ? [] : [[verb, at, max] as const]))),
  )('%s: %s may have %i characters and no more', (verb, at, max) => {
    const filled = (length: number): Record<string, unknown> => {
      const appInfo: Record<string, unknown> = { frontEndUrl: 'https://a' };
      const usage: Record<string, unknown> = { usageValue: 1, statisticalTime: '20260101000000000' };
      const entry: Record<string, unknown> = { instanceId: 'i', appInfo, usageInfo: [usage] };
      const answer: Record<string, unknown> = { resultCode: '000000', instanceId: 'i', info: [entry] };
      const around = at.includes('appInfo.') ? appInfo : at.includes('usageInfo[].') ? usage : at.includes('info[].') ? entry : answer;
      around[at.slice(at.lastIndexOf('.') + 1)] = '9'.repeat(length);
      return answer;
    };
    expect(call(verb, filled(max))).toBe('ok');
    expect(call(verb, filled(max + 1))).toBe(`field-length: ${at.slice(at.lastIndexOf('.') + 1)} has ${max + 1} characters, at most ${max}`);
  });
});

describe("the debugger's own message", () => {
  const GOOD: Answered = { verb: 'newInstance', kind: 'test', ms: 5, failure: null, status: 200, contentType: 'application/json', answer: { resultCode: '000000', resultMsg: 'success', instanceId: 'i' } };
  const shown = (change: Partial<Answered>): string | null => {
    const verdict = judge({ ...GOOD, ...change });
    return verdict.ok ? 'ok' : (verdict.message?.zh ?? null);
  };

  it.each<[string, Partial<Answered>]>([
    ['调测失败，调用接口超时20s.', { failure: 'timed out', status: null, answer: null }],
    ['调测失败，生产地址不可达.', { failure: 'unreachable: ECONNREFUSED', status: null, answer: null }],
    ['调测失败，接口响应httpCode=502，请检查服务器日志，定位失败原因.', { status: 502 }],
    ['调测失败，响应content-type格式错误，返回的格式为text/$&，正确的格式为"application/json".', { contentType: 'text/$&' }],
    ['调测失败，解析响应体失败，响应格式参考{"resultCode":"000000","resultMsg":"success."}.', { answer: null }],
    ['调测失败，解析响应体失败，响应格式参考{"resultCode":"000000","resultMsg":"success."}.', { answer: { resultCode: '000000' } }],
    ['调用失败，生产接口resultCode返回错误.', { answer: { resultCode: '000005', resultMsg: 'later' } }],
    ['调测失败，接口响应缺少instanceId.', { answer: { resultCode: '000000', resultMsg: 'success' } }],
    ['调测失败，字段instanceId长度不合法.', { answer: { resultCode: '000000', resultMsg: 'success', instanceId: 'i'.repeat(65) } }],
  ])('%s', (message, change) => {
    expect(shown(change)).toBe(message);
  });

  it('is none for what it lets pass: an answer between 5 s and 20 s', () => {
    expect(shown({ ms: 6_000 })).toBeNull();
  });

  it('leaves no name unfilled, and says the same in English', () => {
    for (const [id, { zh, en }] of Object.entries(DEBUGGER_MESSAGES)) {
      const names = (text: string): readonly string[] => (text.match(/\{[a-zA-Z]+\}/g) ?? []).toSorted();
      expect([id, names(en)]).toEqual([id, names(zh)]);
    }
  });
});
