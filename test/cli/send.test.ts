import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { bodySign } from '../../src/marketplace/signing/body-sign.ts';
import { json, startSeller, type Handler, type Seller } from '../simulator/seller.ts';
import { run as runCommand } from './run.ts';

const KEY = 'the-base-key-0123456789abcdef';
const SUCCESS = { resultCode: '000000', resultMsg: 'success' };

let folder: string;
let seller: Seller;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kookeeper-send-'));
  seller = await startSeller(KEY);
});
afterEach(async () => {
  await seller.close();
  rmSync(folder, { recursive: true, force: true });
});
const run = (...args: readonly string[]) => runCommand(['send', ...args], { KOOGALLERY_BASE_KEY: KEY }, folder);
const file = (content: string | Uint8Array): string => {
  writeFileSync(join(folder, 'body'), content);
  return join(folder, 'body');
};

describe('send', () => {
  it('calls a seller as the marketplace does, as a test, and shows both sides', async () => {
    const { code, stdout } = await run(seller.url, 'updateInstanceStatus', '--set', 'status=UNFREEZE');
    expect(seller.received).toMatchObject([{ method: 'POST', signed: true, members: { activity: 'updateInstanceStatus', status: 'UNFREEZE', testFlag: '1' }, headers: { 'content-type': 'application/json;charset=utf8' } }]);
    expect(code).toBe(0);
    expect(stdout).toContain(`POST ${seller.url}?signature=`);
    expect(stdout).toContain(`\n${seller.received[0]?.raw}\n`);
    expect(stdout).toMatch(/\nHTTP 200 in \d+ ms\ncontent-type: application\/json\n/);
    expect(stdout).toContain(`\n${JSON.stringify(SUCCESS)}\n\n✓ good: 000000\n`);
    expect(stdout).not.toContain(KEY);
  });

  it('gives the same as data', async () => {
    const { stdout } = await run(seller.url, 'queryInstance', '--output', 'json');
    expect(JSON.parse(stdout)).toMatchObject({
      kit: 'saas-v2',
      request: { method: 'POST', body: seller.received[0]?.raw },
      answer: { status: 200, headers: { 'content-type': 'application/json' }, resultCode: '000004', verdict: { ok: false, rule: 'success' } },
    });
  });

  it('leaves testFlag out only when told to', async () => {
    expect(await run(seller.url, 'queryInstance', '--live', '--set', 'instanceId=i')).toMatchObject({ code: 0 });
    expect(seller.received.map(({ raw }) => raw)).toEqual(['{"activity":"queryInstance","instanceId":"i"}']);
  });

  it('sends bytes untouched, and never a body that is live by accident', async () => {
    const body = '{ "testFlag":"1", "activity":"releaseInstance" }\n';
    expect(await run(seller.url, '--file', file(body), '--as-is')).toMatchObject({ code: 0 });
    expect(await run(seller.url, '--file', file('{"activity":"releaseInstance"}'), '--as-is')).toMatchObject({ code: 2, stderr: expect.stringContaining('--live') });
    expect(await run(seller.url, '--file', file('{"testFlag":"0"}'))).toMatchObject({ code: 2, stderr: expect.stringContaining('--live') });
    expect(seller.received.map(({ raw, signed }) => ({ raw, signed }))).toEqual([{ raw: body, signed: true }]);
    expect(await run(seller.url, '--file', file('{"activity":"releaseInstance"}'), '--as-is', '--live')).toMatchObject({ code: 0 });
  });

  test('shows what the console would show', async () => {
    seller.answer((_call, response) => json(response, SUCCESS, { status: 401 }));
    expect((await run(seller.url, 'updateInstanceStatus')).stdout).toContain('\n  调测: 调测失败，接口响应httpCode=401，请检查服务器日志，定位失败原因.\n  in English: Debugging failed: ');
  });

  test.each<[string, Handler, string]>([
    ['another HTTP status', (_call, response) => json(response, SUCCESS, { status: 401 }), '✗ http-status: httpCode = 401, must be 200'],
    ['a redirect, which is not followed', (_call, response) => void response.writeHead(302, { location: '/elsewhere' }).end(), '✗ http-status: httpCode = 302, must be 200'],
    ['an answer without a body', (_call, response) => void response.writeHead(204).end(), '✗ http-status: httpCode = 204, must be 200'],
    ['another content type', (_call, response) => json(response, SUCCESS, { contentType: 'text/html' }), '✗ content-type: content type is text/html'],
    ['no JSON', (_call, response) => void response.writeHead(200, { 'content-type': 'application/json' }).end('<html>'), '✗ json: the body is not a JSON object'],
    ['a refusal', (_call, response) => json(response, { resultCode: '000001', resultMsg: 'signature is wrong' }), '✗ success: resultCode is 000001'],
    ['a cut connection', (_call, response) => void response.destroy(), '✗ unreachable'],
  ])('judges %s as the debugger does', async (_what, handler, line) => {
    seller.answer(handler);
    const { code, stdout } = await run(seller.url, 'updateInstanceStatus');
    expect(stdout).toContain(line);
    expect(code).toBe(line === '✗ unreachable' ? 3 : 1);
    expect(seller.received).toHaveLength(1);
  });

  it('ends with code 3 when nobody is there', async () => {
    const { url } = seller;
    await seller.close();
    const { code, stdout } = await run(url, 'newInstance');
    expect({ code, stdout }).toMatchObject({ code: 3, stdout: expect.stringContaining('✗ unreachable: ECONNREFUSED') });
    expect(JSON.parse((await run(url, 'newInstance', '--output', 'json')).stdout)).toMatchObject({ answer: { status: null, failure: 'unreachable: ECONNREFUSED' } });
    seller = await startSeller(KEY);
  });

  it('says whether a Body-Sign belongs to the bytes that came', async () => {
    const text = JSON.stringify(SUCCESS);
    const answerWith = (signed: string): void => seller.answer((_call, response) => void response.writeHead(200, { 'content-type': 'application/json', 'Body-Sign': bodySign(KEY, signed) }).end(text));
    answerWith(text);
    expect((await run(seller.url, 'updateInstanceStatus')).stdout).toContain('Body-Sign belongs to these bytes');
    answerWith(`${text}\n`);
    expect((await run(seller.url, 'updateInstanceStatus')).stdout).toContain('Body-Sign does not belong to these bytes');
  });

  it('masks the passwords of access data', async () => {
    const appInfo = { frontEndUrl: 'https://app.example/', userName: 'admin', password: 'geheim "1"' };
    seller.answer((_call, response) => json(response, { ...SUCCESS, info: [{ instanceId: 'i', appInfo }] }));
    for (const format of ['text', 'json']) {
      const { code, stdout } = await run(seller.url, 'queryInstance', '--output', format);
      expect(code).toBe(0);
      expect(stdout).toContain('admin');
      expect(stdout).not.toContain('geheim');
    }
  });

  it('sends nothing to what is no address', async () => {
    expect(await run('isv.example.com', 'newInstance')).toMatchObject({ code: 2, stderr: expect.stringContaining('give it whole') });
  });
});
