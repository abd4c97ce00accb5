import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { queryOrder } from '../../src/marketplace/open-api/order-query.ts';
import type { ActionDone } from '../../src/simulator/control/app.ts';
import { json, startSeller, type Seller } from '../simulator/seller.ts';
import { AK, KEY, SK } from '../simulator/stage.ts';
import { NEW, signed as signedPush } from '../simulator/usage-stage.ts';
import { eventually } from '../support/eventually.ts';
import { kookeeper, type Ended } from '../support/kookeeper.ts';

interface Running {
  readonly openApi: string;
  /** What its progress says the page's address is. */
  readonly page: string;
  out(): string;
  stop(): Promise<Ended>;
}

describe('kookeeper market', { timeout: 120_000 }, () => {
  let folder: string;
  let seller: Seller;
  let running: Running[] = [];
  const GIVEN = { KOOGALLERY_BASE_KEY: KEY, KOOGALLERY_AK: AK, KOOGALLERY_SK: SK };

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kookeeper-market-cli-'));
    seller = await startSeller(KEY);
  });
  afterEach(async () => {
    for (const each of running) await each.stop();
    running = [];
    await seller.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const run = (...args: string[]): Promise<Ended> => kookeeper(['market', ...args], folder, {}).ended;
  async function done(...args: string[]): Promise<ActionDone> {
    const { code, out, err } = await run(...args, '--output', 'json');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    return JSON.parse(out) as ActionDone;
  }
  async function start(args: readonly string[] = [], env: Record<string, string> = GIVEN): Promise<Running> {
    const { child, ended, out } = kookeeper(['market', '--seller', seller.url, '--port', '0', ...args], folder, env);
    let err = '';
    child.stderr?.on('data', (chunk: Buffer) => (err += chunk.toString()));
    await eventually(() => Promise.resolve(err.includes('Ctrl-C') || child.exitCode !== null));
    const [, openApi = ''] = /KOOGALLERY_OPEN_API=(\S+)/.exec(err) ?? [];
    if (openApi === '') throw new Error(`the market did not start: ${err}`);
    const stop = async (): Promise<Ended> => {
      if (child.exitCode === null) child.kill('SIGINT');
      return ended;
    };
    const [, page = ''] = /^page +(http:\/\/127\.0\.0\.1:\d+\/)$/m.exec(err) ?? [];
    const market = { openApi, page, out, stop };
    running.push(market);
    return market;
  }

  test('buys, renews, freezes and releases at a seller that knows nothing of kookeeper, and goes on after a restart', async () => {
    const first = await start();
    const { order } = await done('buy', '--sku', 'sku-a', '--size', '10');
    const id = order!.orderId;
    const { purchase } = await queryOrder({ baseUrl: first.openApi, ak: AK, sk: SK, orderId: id, orderLineId: order!.orderLineId, fetch, now: () => Date.now() });
    expect(purchase.plan).toMatchObject({ skuCode: 'sku-a', quantity: 10 });
    expect((await first.stop()).code).toBe(0);
    expect(first.out()).toMatch(/newInstance +000004 +\d+ ms +CS\w+ +ok/);

    await start();
    await done('renew', id, '--periods', '2');
    await done('violate', id);
    await done('lift', id);
    await done('upgrade', id, '--size', '20');
    await done('unsubscribe', id);
    const { code, out } = await run('calls');
    expect(code).toBe(0);
    expect(out).toMatch(/newInstance[\s\S]*refreshInstance RENEWAL[\s\S]*FREEZE[\s\S]*UNFREEZE[\s\S]*upgradeInstance[\s\S]*releaseInstance/);
    expect((await run('orders')).out).toMatch(new RegExp(`${id} +NEW .* released`));
    expect(seller.received.every(({ signed }) => signed)).toBe(true);
  });

  test('ends with 1 and says why when the seller’s answer breaks a rule; edits go where they belong', async () => {
    const { openApi } = await start();
    const { order } = await done('buy', '--set', 'linearValue=20', '--drop', 'expireTime');
    const { purchase } = await queryOrder({ baseUrl: openApi, ak: AK, sk: SK, orderId: order!.orderId, orderLineId: order!.orderLineId, fetch, now: () => Date.now() });
    expect([purchase.plan.quantity, purchase.expireAt]).toEqual([20, null]);
    seller.answer((_, response) => json(response, { resultCode: '000000', resultMsg: 'ok' }, { status: 201 }));
    const { code, out } = await run('renew', order!.orderId, '--set', 'productId=P1', '--set', 'extra:=[1]');
    expect([code, out]).toEqual([1, expect.stringContaining('http-status: httpCode = 201, must be 200')]);
    expect(seller.received.at(-1)?.members).toMatchObject({ productId: 'P1', extra: [1] });
    expect((await run('waiting')).out).toMatch(/refreshInstance .* httpCode = 201/);
  });

  test('polls by itself, and in a faster life carries the instance to its release', async () => {
    const market = await start(['--speed', '2000000', '--level', 'V0']);
    const { order } = await done('buy');
    await eventually(() => Promise.resolve(/releaseInstance +000000/.test(market.out())));
    expect(market.out()).toMatch(/queryInstance[\s\S]*updateInstanceStatus FREEZE[\s\S]*releaseInstance/);
    expect((await run('orders')).out).toMatch(new RegExp(`${order!.orderId} .* released`));
    expect((await run('events')).out).toMatch(/ready[\s\S]*freeze[\s\S]*release/);
  });

  test('makes trouble when it is told to, and refuses trouble that it does not know', async () => {
    await start(['--trouble', 'duplicate=1', '--seed', '7']);
    const { order, calls } = await done('buy');
    expect(calls.map(({ trouble }) => trouble)).toEqual(['duplicate', 'duplicate']);
    expect((await run('trouble', 'parallel', '--order-query', 'slow')).code).toBe(0);
    expect((await done('open', order!.orderId)).calls).toHaveLength(2);
    expect((await run('trouble')).code).toBe(0);
    expect((await done('open', order!.orderId)).calls).toHaveLength(1);
    expect(await run('trouble', 'earthquake')).toMatchObject({ code: 2, err: expect.stringContaining('there is no trouble earthquake') });
  });

  test('serves its page where it says, tells programs too, and ends although a page is open', async () => {
    const market = await start(['--output', 'jsonl']);
    expect(JSON.parse(market.out().split('\n')[0] ?? '')).toEqual({
      market: { seller: seller.url, openApi: market.openApi, controlApi: market.page.slice(0, -1), page: market.page, folder: join(folder, 'market') },
    });
    const answer = await fetch(market.page);
    expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('<h1>kookeeper market')]);
    const stream = await fetch(new URL('/page/stream', market.page));
    expect(stream.headers.get('content-type')).toBe('text/event-stream');
    expect((await market.stop()).code).toBe(0);
    await expect(stream.text()).rejects.toThrow('terminated');
  });

  test('shows no key that came from outside', async () => {
    const market = await start();
    const { out, err } = await market.stop();
    expect(err).toContain('KOOGALLERY_BASE_KEY=(as given to this command)');
    for (const secret of [KEY, SK]) expect(out + err).not.toContain(secret);
  });

  test('makes the keys of the seller at the first start, keeps them, and lets nobody else read them', async () => {
    const first = await start([], {});
    await first.stop();
    const file = join(folder, 'market', 'keys.json');
    const keys = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await start([], {});
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(keys);
    expect((await run('buy')).code).toBe(1);
    expect(seller.received.at(-1)?.signed).toBe(false);
  });

  test('rotates the key while it runs: its own is shown and kept, one from outside is neither, and trouble signs with the old one still', async () => {
    await start();
    const rotate = (env: Record<string, string>) => kookeeper(['market', 'rotate-key', '--output', 'json'], folder, env).ended;
    const file = join(folder, 'market', 'keys.json');
    const before = readFileSync(file, 'utf8');
    writeFileSync(join(folder, 'next'), 'kg-given-0123456789abcdef\n');
    const given = await rotate({ KOOGALLERY_BASE_KEY_FILE: './next' });
    expect([given.code, given.out + given.err]).toEqual([0, expect.not.stringContaining('kg-given')]);
    expect(readFileSync(file, 'utf8')).toBe(before);
    expect((await run('buy')).code).toBe(1);
    expect(seller.received.at(-1)?.signed).toBe(false);
    expect((await rotate({ KOOGALLERY_BASE_KEY: KEY })).code).toBe(0);
    expect(await rotate({ KOOGALLERY_BASE_KEY: KEY })).toMatchObject({ code: 2, err: expect.stringContaining('signs the calls already') });

    const made = JSON.parse((await rotate({})).out) as { signsNow: string; keptIn: string };
    expect(JSON.parse(readFileSync(made.keptIn, 'utf8'))).toEqual({ ...(JSON.parse(before) as object), base: made.signsNow });
    expect(statSync(made.keptIn).mode & 0o777).toBe(0o600);
    expect((await run('trouble', 'old-key')).code).toBe(0);
    expect((await done('buy')).calls).toMatchObject([{ trouble: 'old-key', verdict: { ok: true } }]);
    expect((await run('trouble')).code).toBe(0);
    expect((await run('buy')).code).toBe(1);
  });

  test('refuses a second market in the same folder, an address that is none, and commands without a market', async () => {
    const first = await start();
    expect(await run('--seller', seller.url, '--port', '0')).toMatchObject({ code: 2, err: expect.stringContaining('runs in') });
    const taken = new URL(first.openApi).port;
    expect(await run('--seller', seller.url, '--port', taken, '--folder', './other')).toMatchObject({ code: 1, err: expect.stringContaining('set --port to another port') });
    await first.stop();
    writeFileSync(join(folder, 'market', 'keys.json'), '{}');
    expect(await run('--seller', seller.url, '--port', '0')).toMatchObject({ code: 1, err: expect.stringMatching(/keys\.json does not hold this market's keys: mend it/) });
    expect(await run('--seller', 'localhost:8080')).toMatchObject({ code: 2, err: expect.stringContaining('--seller http://localhost:8080/koogallery/saas') });
    expect(await run('buy')).toMatchObject({ code: 3, err: expect.stringContaining('no market runs in') });
    expect(await run('buy', '--set', 'nonsense')).toMatchObject({ code: 2, err: expect.stringContaining('give name=value') });
  });

  test('shows the usage that the seller pushed, and makes trouble with the next push', async () => {
    const { openApi } = await start();
    const body = JSON.stringify({ usage_records: [{ instance_id: 'i-nobody', metering_sn: 'sn-1', begin_time: '20261121T080000Z', end_time: '20261121T090000Z', usage_value: '99' }] });
    const push = async (): Promise<number> => (await fetch(new URL(NEW, openApi), { method: 'POST', headers: signedPush(body, { ts: String(Date.now()) }), body })).status;
    expect(await push()).toBe(200);
    const { code, out } = await run('usage');
    expect([code, out]).toEqual([0, expect.stringMatching(/i-nobody +20261121T080000Z +20261121T090000Z +99 .*001 no such instance/)]);
    expect((await run('trouble', '--usage-push', 'throttled')).code).toBe(0);
    expect(await push()).toBe(406);
    expect((await run('trouble', '--usage-push', 'rain')).code).toBe(2);
  });
});
