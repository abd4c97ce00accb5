import { connect } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bodies } from './bodies.ts';
import { observe, refused } from './refused.ts';
import { freshNonce, signed, startApi, type RunningApi } from './running-api.ts';

const LIMIT = 256 * 1024;
const MESSAGE = 'body is larger than 262144 bytes';

let api: RunningApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

/** A correctly signed create of exactly `size` bytes. */
function sized(size: number, nonce: string) {
  const bare = JSON.stringify({ ...bodies.create(), remark: '' }).length;
  return signed({ ...bodies.create(), remark: 'r'.repeat(size - bare) }, { nonce });
}

const chunked = (body: Uint8Array): Uint8Array[] => Array.from({ length: Math.ceil(body.length / 16_384) }, (_, n) => body.subarray(n * 16_384, (n + 1) * 16_384));

describe('the body limit of 256 KiB', () => {
  it('takes a body of exactly the limit, declared or in chunks', async () => {
    const declared = sized(LIMIT, freshNonce());
    expect(declared.body).toHaveLength(LIMIT);
    expect((await api.send(declared)).code).toBe('000004');
    const sent = sized(LIMIT, freshNonce());
    expect((await api.send({ ...sent, body: chunked(sent.body) })).code).toBe('000004');
  });

  it.each([LIMIT + 1, 1_000_000, 10_000_000])('refuses %i bytes with a declared length', async (size) => {
    const nonce = freshNonce();
    expect(await observe(api, () => api.send(sized(size, nonce)), nonce)).toEqual(refused('000002', MESSAGE, ''));
  });

  it.each([LIMIT + 1, 1_000_000, 10_000_000])('refuses %i bytes in chunks of no declared length', async (size) => {
    const nonce = freshNonce();
    const { body, ...sent } = sized(size, nonce);
    expect(await observe(api, () => api.send({ ...sent, body: chunked(body) }), nonce)).toEqual(refused('000002', MESSAGE, ''));
  });

  it('drains a body at a wrong address too, so that its sender hears why', async () => {
    const nonce = freshNonce();
    const sent = sized(1_000_000, nonce);
    const observed = await observe(api, () => api.send({ ...sent, target: sent.target.replace('saas', 'license') }), nonce);
    expect(observed).toEqual(refused('000002', /not a production address/));
  });

  it('answers a sender that announces more than it ever sends', async () => {
    const socket = connect(api.port, '127.0.0.1');
    socket.write(`POST /koogallery/saas?signature=00&timestamp=1&nonce=n HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n`);
    socket.write(Buffer.alloc(LIMIT + 1_000, ' '));
    const started = performance.now();
    let text = '';
    socket.on('data', (part: Buffer) => (text += part.toString()));
    while (!text.includes(MESSAGE)) await once(socket, 'data');
    socket.destroy();
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
