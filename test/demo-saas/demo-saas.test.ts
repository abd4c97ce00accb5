import { getRequestListener } from '@hono/node-server';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDemoSaas } from '../../src/demo-saas/demo-saas.ts';
import type { Provisioner } from '../../src/provisioners/provisioner.ts';
import { SESSION_MS } from '../../src/provisioners/sqlite-tenant/users.ts';
import { sqliteTenant } from '../../src/provisioners/sqlite-tenant/sqlite-tenant.ts';

const signal = new AbortController().signal;
const plan = { skuCode: 'sku', productId: 'product', quantity: 5, chargingMode: 'PERIOD', trial: false };

describe('demo-saas', () => {
  let folder: string;
  let server: Server;
  let origin: string;
  let provisioner: Provisioner;
  let password: string;
  let address: string;
  let time: number;
  let errors: Error[];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kookeeper-demo-'));
    time = Date.UTC(2026, 4, 6, 7, 8, 9);
    errors = [];
    server = await listen();
    provisioner = sqliteTenant({ folder, publicUrl: origin });
    const access = await provisioner.create({ instanceId: 'one', plan, settings: {}, suspended: false }, { signal });
    password = access.password ?? '';
    address = access.frontEndUrl;
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await rm(folder, { recursive: true });
  });

  async function listen(): Promise<Server> {
    const listener = getRequestListener((request) => app.fetch(request));
    const started = createServer((request, response) => void listener(request, response));
    await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
    const bound = started.address();
    origin = `http://127.0.0.1:${typeof bound === 'object' ? bound?.port : ''}`;
    const app = createDemoSaas({ folder, publicUrl: origin, now: () => time, onError: (error) => errors.push(error) });
    return started;
  }

  const get = (url: string, cookie = ''): Promise<Response> => fetch(url, { headers: { cookie }, redirect: 'manual' });
  const post = (url: string, form: Record<string, string>, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(url, { method: 'POST', body: new URLSearchParams(form), headers: { origin, ...headers }, redirect: 'manual' });
  const logIn = (typed = password): Promise<Response> => post(`${address}/login`, { userName: 'admin', password: typed });
  const cookieOf = (response: Response): string => response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const enter = async (): Promise<string> => cookieOf(await logIn());

  it('says at / what it is, and never loads anything from elsewhere', async () => {
    const response = await get(`${origin}/`);
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('Demo notes');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    const style = await get(`${origin}/style.css`);
    expect(style.headers.get('content-type')).toContain('text/css');
  });

  it('takes a buyer from the access data to a kept note and back out', async () => {
    expect(await (await get(address)).text()).toContain('Log in to your notes');
    const welcome = await logIn(` ${password}\n`);
    expect([welcome.status, welcome.headers.get('location')]).toEqual([303, '/t/one']);
    const cookie = cookieOf(welcome);
    const kept = await post(`${address}/notes`, { text: 'Call the\r\nbank' }, { cookie });
    expect(kept.status).toBe(303);
    const notes = await (await get(address, cookie)).text();
    expect(notes).toContain('Call the\nbank');
    expect(notes).toContain('2026-05-06 07:08 UTC');
    await post(`${address}/logout`, {}, { cookie });
    expect(await (await get(address, cookie)).text()).toContain('Log in to your notes');
  });

  it('shows the plan and the users, and for a plan that is paid by use what was used', async () => {
    const cookie = await enter();
    const page = async (): Promise<string> => (await get(address, cookie)).text();
    expect(await page()).toContain('Plan sku · 1 of 5 users<');
    await provisioner.change({ instanceId: 'one', plan: { ...plan, skuCode: 'big & "bold"', trial: true }, settings: { users: null } }, { signal });
    expect(await page()).toContain('Plan big &amp; &quot;bold&quot; (trial) · 1 user<');
    await provisioner.change({ instanceId: 'one', plan: { ...plan, quantity: 1, chargingMode: 'ON_DEMAND' }, settings: {} }, { signal });
    await post(`${address}/notes`, { text: 'counted' }, { cookie });
    expect(await page()).toContain('Plan sku · 1 of 1 user · 1 note written so far<');
  });

  it('keeps the session cookie from scripts, other sites and other tenants', async () => {
    const [cookie = ''] = (await logIn()).headers.getSetCookie();
    expect(cookie.split('; ').slice(1).toSorted()).toEqual(['HttpOnly', `Max-Age=${SESSION_MS / 1000}`, 'Path=/t/one', 'SameSite=Lax']);
    const behindTls = createDemoSaas({ folder, publicUrl: 'https://notes.example', now: () => time, onError: () => {} });
    const secure = await behindTls.request('http://10.0.0.1/t/one/login', {
      method: 'POST',
      body: new URLSearchParams({ userName: 'admin', password }),
      headers: { origin: 'https://notes.example' },
    });
    expect(secure.headers.getSetCookie()[0]).toContain('; Secure');
  });

  it('refuses a wrong password and a wrong name with 401 and no cookie', async () => {
    for (const form of [{ userName: 'admin', password: 'wrong' }, { userName: 'root', password }, {}]) {
      const response = await post(`${address}/login`, form);
      expect(response.status).toBe(401);
      expect(response.headers.getSetCookie()).toEqual([]);
      expect(await response.text()).toContain('User name or password is wrong.');
    }
  });

  it('shows a frozen subscription to everybody, also to who was logged in, and the note is still there afterwards', async () => {
    const cookie = await enter();
    await post(`${address}/notes`, { text: 'still here' }, { cookie });
    await provisioner.suspend('one', { signal });
    for (const response of [
      await get(address),
      await get(address, cookie),
      await logIn(),
      await post(`${address}/notes`, { text: 'too late' }, { cookie }),
      await post(`${address}/notes/1/delete`, {}, { cookie }),
      await post(`${address}/logout`, {}, { cookie }),
    ]) {
      expect(response.status).toBe(403);
      const page = await response.text();
      expect(page).toContain('Subscription frozen');
      expect(page).not.toContain('still here');
    }
    await provisioner.resume('one', { signal });
    expect(await (await get(address, cookie)).text()).toContain('Log in to your notes');
    const notes = await (await get(address, await enter())).text();
    expect(notes).toContain('still here');
    expect(notes).not.toContain('too late');
  });

  it('knows nothing of a removed tenant, an unknown one, or an address that is none', async () => {
    const cookie = await enter();
    await provisioner.remove('one', { signal });
    for (const response of [
      await get(address, cookie),
      await logIn(),
      await post(`${address}/notes`, { text: 'x' }, { cookie }),
      await get(`${origin}/t/two`),
      await get(`${origin}/t/..%2Fone`),
      await get(`${origin}/t/${'x'.repeat(65)}`),
      await get(`${origin}/elsewhere`),
    ]) {
      expect(response.status).toBe(404);
    }
    expect(errors).toEqual([]);
  });

  it('escapes everything a buyer writes', async () => {
    const cookie = await enter();
    await post(`${address}/notes`, { text: `<script>alert("1")</script>'&` }, { cookie });
    const page = await (await get(address, cookie)).text();
    expect(page).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#39;&amp;');
    expect(page).not.toContain('<script');
    const refused = await post(`${address}/notes`, { text: `</textarea><script>${'x'.repeat(4_000)}` }, { cookie });
    expect(refused.status).toBe(422);
    expect(await refused.text()).toContain('&lt;/textarea&gt;&lt;script&gt;');
  });

  it('refuses forms that another site sends, or that do not say where they come from', async () => {
    const cookie = await enter();
    for (const from of ['https://evil.example', 'null', '']) {
      const response = await post(`${address}/notes`, { text: 'forged' }, { cookie, origin: from, 'sec-fetch-site': 'cross-site' });
      expect(response.status).toBe(403);
      expect(await response.text()).toContain('sent from another site');
      expect((await post(`${address}/login`, { userName: 'admin', password }, { origin: from })).status).toBe(403);
    }
    expect(await (await get(address, cookie)).text()).toContain('No notes yet.');
    expect(errors).toEqual([]);
  });

  it('accepts its own form when the browser says it is one, as behind a proxy that changes the host', async () => {
    const response = await post(`${address}/login`, { userName: 'admin', password }, { origin: 'null', 'sec-fetch-site': 'same-origin' });
    expect(response.status).toBe(303);
  });

  it('stops guessing after ten attempts a minute, also many at once, and says for how long', async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => logIn('wrong')));
    const count = (wanted: number): number => answers.filter(({ status }) => status === wanted).length;
    expect([count(401), count(429)]).toEqual([10, 2]);
    time += 20_000;
    const refused = await logIn();
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '40']);
    time += 40_000;
    expect((await logIn()).status).toBe(303);
  });

  it('refuses empty and over-long notes and gives the text back, and bodies over 64 KiB', async () => {
    const cookie = await enter();
    expect((await post(`${address}/notes`, { text: ' \n' }, { cookie })).status).toBe(422);
    const long = await post(`${address}/notes`, { text: 'y'.repeat(4_001) }, { cookie });
    expect([long.status, (await long.text()).includes('y'.repeat(4_001))]).toEqual([422, true]);
    expect((await post(`${address}/notes`, { text: 'y'.repeat(70_000) }, { cookie })).status).toBe(413);
    expect((await post(`${address}/notes`, { text: 'y'.repeat(4_000) }, { cookie })).status).toBe(303);
  });

  it('does nothing for who is not logged in, or no longer', async () => {
    expect((await post(`${address}/notes`, { text: 'x' })).status).toBe(401);
    expect((await post(`${address}/notes`, { text: 'x' }, { cookie: 'session=made-up' })).status).toBe(401);
    const cookie = await enter();
    time += SESSION_MS;
    expect(await (await get(address, cookie)).text()).toContain('Log in to your notes');
    expect(await (await get(address, await enter())).text()).toContain('No notes yet.');
  });

  it('does not let the session of one tenant into another', async () => {
    await provisioner.create({ instanceId: 'two', plan, settings: {}, suspended: false }, { signal });
    expect(await (await get(`${origin}/t/two`, await enter())).text()).toContain('Log in to your notes');
  });

  it('deletes a note of the user\'s choice only', async () => {
    const cookie = await enter();
    for (const text of ['alpha', 'beta']) await post(`${address}/notes`, { text }, { cookie });
    expect((await post(`${address}/notes/1/delete`, {})).status).toBe(303);
    expect(await (await get(address, cookie)).text()).toContain('alpha');
    await post(`${address}/notes/1/delete`, {}, { cookie });
    const page = await (await get(address, cookie)).text();
    expect(page).not.toContain('alpha');
    expect(page).toContain('beta');
  });

  it('answers 500 without details when the tenant\'s file is broken, and tells the program', async () => {
    await writeFile(join(folder, 'broken.sqlite'), 'this is no database, whatever its name says');
    const response = await get(`${origin}/t/broken`);
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('database');
    expect(errors).toHaveLength(1);
  });

  it('serves others while it computes a password\'s hash', async () => {
    const order: string[] = [];
    const slow = logIn().then(() => order.push('login'));
    await new Promise((resolve) => setTimeout(resolve, 5));
    await get(`${origin}/`).then(() => order.push('page'));
    await slow;
    expect(order).toEqual(['page', 'login']);
  });
});
