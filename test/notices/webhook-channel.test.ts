import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { WebhookFailed } from '../../src/notices/errors.ts';
import type { Notice } from '../../src/notices/notice.ts';
import { createWebhookChannel, type WebhookOptions } from '../../src/notices/webhook-channel.ts';
import { NOTICE, NOW, receiver, rejection } from './receiver.ts';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const signal = new AbortController().signal;

function channel(port: number, changes: Partial<WebhookOptions> = {}) {
  return createWebhookChannel({ url: `http://127.0.0.1:${port}/hooks/tokenAa11?key=tokenBb22`, secret: null, allowPrivate: true, now: () => NOW + 999, ...changes });
}

describe('the webhook', () => {
  it('posts the notice as JSON to the address as configured, the id as the key of repeats', async () => {
    const { port, received } = await receiver();
    await channel(port).tell(NOTICE, { signal });
    await channel(port, { now: () => NOW + 60_000 }).tell(NOTICE, { signal });
    expect(received).toHaveLength(2);
    expect(received[0]).toMatchObject({
      method: 'POST',
      url: '/hooks/tokenAa11?key=tokenBb22',
      headers: { 'content-type': 'application/json', 'webhook-id': `${NOTICE.instanceId}/clock-freeze/${NOW - 1}`, 'webhook-timestamp': String(NOW / 1000) },
    });
    expect(JSON.parse(received[0]?.body ?? '')).toEqual({ ...NOTICE, whatToDo: expect.stringContaining(`kookeeper instance show ${NOTICE.instanceId}`) });
    expect(received[0]?.headers).not.toHaveProperty('webhook-signature');
    expect(received[1]).toMatchObject({ headers: { 'webhook-id': NOTICE.id, 'webhook-timestamp': String(NOW / 1000 + 60) }, body: received[0]?.body });
  });

  it('signs id, stamp and body so that whoever has the secret can verify them', async () => {
    const { port, received } = await receiver();
    await channel(port, { secret: SECRET }).tell(NOTICE, { signal });
    const signature = received[0]?.headers['webhook-signature'];
    const body = received[0]?.body;
    const sign = (text: string) => `v1,${createHmac('sha256', Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64')).update(text).digest('base64')}`;
    expect(signature).toBe(sign(`${NOTICE.id}.${NOW / 1000}.${body}`));
    expect(signature).not.toBe(sign(`${NOTICE.id}.${NOW / 1000}.${body} `));
    expect(JSON.stringify(received)).not.toContain('MfKQ9r8G');
  });

  it('sends nothing that a notice does not hold', async () => {
    const { port, received } = await receiver();
    const more = { ...NOTICE, mobilePhone: '13800138000', email: 'buyer@example.com' } satisfies Notice & Record<string, unknown>;
    await channel(port).tell(more, { signal });
    expect(received).toHaveLength(1);
    expect(received[0]?.body).not.toMatch(/13800138000|buyer@example/);
  });

  it.each([200, 201, 202, 204, 299])('is told with HTTP %i', async (status) => {
    const { port } = await receiver((_request, response) => response.writeHead(status).end());
    await expect(channel(port).tell(NOTICE, { signal })).resolves.toBeUndefined();
  });

  it('is told although the body of the answer never ends', async () => {
    const { port } = await receiver((_request, response) => void response.writeHead(200).write('{'));
    await expect(channel(port).tell(NOTICE, { signal })).resolves.toBeUndefined();
  });

  it.each([300, 304, 400, 401, 404, 410, 429, 500, 503])('has failed with HTTP %i', async (status) => {
    const { port } = await receiver((_request, response) => response.writeHead(status).end('echo of tokenBb22'));
    const error = await rejection(channel(port).tell(NOTICE, { signal }));
    expect(error).toBeInstanceOf(WebhookFailed);
    expect(error).toMatchObject({ code: 'WEBHOOK_FAILED', message: expect.stringContaining(`HTTP ${status}`) });
  });

  it.each([301, 302, 307, 308])('does not follow a redirect (%i)', async (status) => {
    const elsewhere = await receiver();
    const { port } = await receiver((_request, response) => response.writeHead(status, { location: `http://127.0.0.1:${elsewhere.port}/` }).end());
    const error = await rejection(channel(port).tell(NOTICE, { signal }));
    expect(error).toMatchObject({ code: 'WEBHOOK_FAILED', message: expect.stringContaining('redirects are not followed') });
    expect(elsewhere.connections()).toBe(0);
  });

  it('cuts off a receiver that does not answer', async () => {
    const { port } = await receiver(() => undefined);
    const error = await rejection(channel(port, { timeLimit: 200 }).tell(NOTICE, { signal }));
    expect(error).toMatchObject({ code: 'WEBHOOK_FAILED', message: 'the webhook did not answer within 200 ms' });
  });

  it('cuts off a name that is not resolved in time', async () => {
    const never = () => new Promise<never>(() => undefined);
    const error = await rejection(channel(1, { url: 'http://hooks.example.cn/', resolve: never, timeLimit: 20 }).tell(NOTICE, { signal }));
    expect(error).toMatchObject({ code: 'WEBHOOK_FAILED', message: 'the webhook did not answer within 20 ms' });
  });

  it('ends with the reason of whoever ends it, before the call and during it', async () => {
    const stop = new AbortController();
    const { port } = await receiver(() => stop.abort(new Error('cancelled by the workflow')));
    await expect(channel(port).tell(NOTICE, { signal: stop.signal })).rejects.toThrow('cancelled by the workflow');
    await expect(channel(port).tell(NOTICE, { signal: stop.signal })).rejects.toThrow('cancelled by the workflow');
  });

  it('says why there was no connection', async () => {
    const gone = createServer().listen(0, '127.0.0.1');
    await once(gone, 'listening');
    const { port } = gone.address() as AddressInfo;
    gone.close();
    await once(gone, 'close');
    expect(await rejection(channel(port).tell(NOTICE, { signal }))).toMatchObject({ code: 'WEBHOOK_FAILED', message: 'the webhook could not be reached: ECONNREFUSED' });
  });

  it('has failed when the connection ends without an answer', async () => {
    const { port } = await receiver((request) => request.socket.destroy());
    expect(await rejection(channel(port).tell(NOTICE, { signal }))).toMatchObject({ code: 'WEBHOOK_FAILED', message: 'the webhook could not be reached: ECONNRESET' });
  });

  it('has failed when the receiver wants to speak another protocol', async () => {
    const { port } = await receiver((_request, response) => response.writeHead(101, { connection: 'upgrade', upgrade: 'other' }).end());
    expect(await rejection(channel(port).tell(NOTICE, { signal }))).toMatchObject({ code: 'WEBHOOK_FAILED' });
  });

  it('speaks TLS to an https address, and to nothing else', async () => {
    const { port, received } = await receiver();
    const error = await rejection(channel(port, { url: `https://127.0.0.1:${port}/` }).tell(NOTICE, { signal }));
    expect(error).toMatchObject({ code: 'WEBHOOK_FAILED', message: expect.stringMatching(/could not be reached: E/) });
    expect(received).toEqual([]);
  });

  it('holds neither address nor secret nor the answer in any of its errors', async () => {
    const answers: [RequestListener, number?][] = [
      [(_request, response) => response.writeHead(500, 'tokenBb22').end('tokenBb22')],
      [(request) => request.socket.end('tokenBb22 is no HTTP\r\n\r\n')],
      [(request) => request.socket.destroy()],
      [() => undefined, 100],
    ];
    for (const [answer, timeLimit = 8_000] of answers) {
      const { port } = await receiver(answer);
      const error = await rejection(channel(port, { secret: SECRET, timeLimit }).tell(NOTICE, { signal }));
      expect(error).toBeInstanceOf(WebhookFailed);
      const { message, stack, cause } = error as WebhookFailed;
      expect([message, stack, cause, JSON.stringify(error)].join('\n')).not.toMatch(/token|MfKQ9r8G|hooks/);
    }
  });
});
