import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { serveControl } from '../../../src/simulator/control/server.ts';
import type { Loopback } from '../../../src/simulator/loopback.ts';
import { openStage, STANDARD, type Stage } from '../stage.ts';

describe('the page’s server', { timeout: 60_000 }, () => {
  let stage: Stage;
  let served: Loopback;
  beforeEach(async () => {
    stage = await openStage({ platform: { level: 'V1' } });
    served = await serveControl(stage.market, { port: 0, now: () => stage.clock.at });
  });
  afterEach(async () => {
    await served.close();
    await stage.close();
  });

  const FORM = 'application/x-www-form-urlencoded';
  const own = () => ({ origin: served.url, 'content-type': FORM });
  const post = (path: string, headers: Record<string, string>, body = '') => fetch(new URL(path, served.url), { method: 'POST', headers, body, redirect: 'manual' });

  it('serves a page that runs nothing but its own files', async () => {
    const response = await fetch(served.url);
    expect(response.headers.get('content-security-policy')).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    );
    const text = await response.text();
    expect(text).not.toMatch(/<script(?![^>]* src=)|<style| style=| on[a-z]+=/);
    const files = [...text.matchAll(/(?:href|src)="(\/page\/[^"?]+)"/g)].map(([, path]) => path ?? '');
    expect(files).toEqual(expect.arrayContaining(['/page/page.css', '/page/page.js', '/page/icon.svg']));
    for (const file of files) expect((await fetch(new URL(file, served.url))).status).toBe(200);
  });

  it('takes forms from its own origin alone', async () => {
    const evil = { 'content-type': FORM, origin: 'http://evil.example' };
    const otherPort = { 'content-type': FORM, origin: 'http://127.0.0.1:1' };
    for (const headers of [evil, otherPort, { 'content-type': FORM, origin: 'null' }, { 'content-type': FORM }, { 'content-type': 'text/plain', origin: served.url }]) {
      expect((await post('/page/actions/buy', headers)).status).toBeGreaterThanOrEqual(400);
    }
    expect((await post('/actions/buy', own())).status).toBe(400);
    expect(stage.seller.received).toEqual([]);
    expect((await post('/page/actions/buy', own())).status).toBe(303);
    expect(stage.seller.received).toHaveLength(1);
  });

  it('streams to nobody else: neither to another origin nor under another name', async () => {
    expect((await fetch(new URL('/page/stream', served.url), { headers: { origin: 'http://evil.example' } })).status).toBe(403);
    expect((await fetch(served.url, { headers: { origin: 'http://evil.example' } })).status).toBe(403);
  });

  it('sends a form on to the order that it was about, and a script what came of it', async () => {
    const bought = await post('/page/actions/buy', own(), 'skuCode=sku-a');
    const [order] = await stage.market.orders();
    expect(bought.headers.get('location')).toBe(`/#p-${order?.orderId}`);
    const script = await post('/page/actions/renew', { ...own(), accept: 'application/json' }, `order=${order?.orderId}`);
    expect(await script.json()).toEqual({ ok: true, text: 'refreshInstance RENEWAL 000000 in 0 ms: ok' });
    const refused = await post('/page/actions/renew', own(), 'order=CS0');
    expect([refused.status, await refused.text()]).toEqual([409, expect.stringContaining('this market has no order and no instance CS0')]);
  });

  it('sends a call again to the letter, with line breaks as they were typed, by form and by program', async () => {
    const { order } = await stage.market.buy(STANDARD);
    const body = `{\n"activity":"newInstance","orderId":"${order.orderId}","orderLineId":"${order.orderLineId}"}`;
    expect((await post('/page/calls/1/resend', own(), String(new URLSearchParams({ body: body.replaceAll('\n', '\r\n') })))).headers.get('location')).toBe('/page/calls/2');
    expect(stage.seller.received.at(-1)).toMatchObject({ raw: body, signed: true });
    const answer = await post('/calls/1/resend', { 'content-type': 'application/json' }, JSON.stringify({ body: stage.seller.received[0]?.raw }));
    expect(await answer.json()).toMatchObject({ calls: [{ seq: 3, trouble: 'call 1 again', verdict: { ok: true } }] });
    const nonces = stage.seller.received.map(({ query }) => query.get('nonce'));
    expect(new Set(nonces).size).toBe(3);
    expect((await post('/calls/9/resend', { 'content-type': 'application/json' }, '{"body":"{}"}')).status).toBe(409);
  });

  it('repeats no edited call that the seller refuses, and counts one that it accepts', async () => {
    const { market, seller } = stage;
    seller.answer((_, response) => void response.writeHead(500).end());
    const { order } = await market.buy(STANDARD);
    await market.resend(1, '{"activity":"newInstance","orderId":"CS1"}');
    expect(await market.platform?.matters()).toMatchObject([{ orderId: order.orderId, tries: 0 }]);
    seller.answer(null);
    await market.resend(1, seller.received[0]?.raw ?? '');
    expect(await market.platform?.matters()).toMatchObject([{ verb: 'queryInstance' }]);
    expect((await market.asset(order)).instanceId).toBe(`i-${order.orderLineId}`);
  });

  it('streams the parts that changed, and ends with the market', async () => {
    const response = await fetch(new URL('/page/stream', served.url));
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    let heard = '';
    const until = async (word: string): Promise<void> => {
      while (!heard.includes(word)) {
        const { done, value } = await reader.read();
        if (done) throw new Error(`the stream ended before ${word}`);
        heard += value;
      }
    };
    await until('"gauge"');
    await until('\n\n');
    heard = '';
    const { order } = await stage.market.buy(STANDARD);
    await until('000004');
    expect(heard).toContain(`p-${order.orderId}`);
    expect(heard).not.toContain('"banner"');
    await served.close();
    await expect(reader.read()).rejects.toThrow('terminated');
    served = await serveControl(stage.market, { port: 0, now: () => stage.clock.at });
  });
});
