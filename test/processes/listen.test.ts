import { Agent, get } from 'node:http';
import { connect } from 'node:net';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { listen, type Listening } from '../../src/processes/listen.ts';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const serving = (): Promise<Listening> =>
  listen({
    fetch: async (request) => {
      await request.text();
      await pause(20);
      return new Response('answered');
    },
    port: 0,
    host: '127.0.0.1',
    setting: 'PORT',
  });

it('closes although a caller keeps its connection busy, and breaks off no answer', async () => {
  const { port, close } = await serving();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const call = (): Promise<boolean> =>
    new Promise((resolve, reject) => {
      get({ host: '127.0.0.1', port, agent }, (response) => response.resume().once('end', () => resolve(response.complete))).once('error', reject);
    });
  const ends: string[] = [];
  const until = performance.now() + 10_000;
  const caller = (async () => {
    while (performance.now() < until) {
      const end = await call().catch((error: NodeJS.ErrnoException) => error.code ?? 'broken');
      ends.push(String(end));
      if (end === 'ECONNREFUSED') return;
    }
  })();
  await pause(200);
  const closed = await Promise.race([close().then(() => 'closed'), pause(8_000).then(() => 'held open')]);
  await caller;
  agent.destroy();
  expect(closed).toBe('closed');
  expect(ends.slice(0, -1).filter((end) => end !== 'true')).toEqual([]);
});

it('gives up a caller that never sends its call to the end', { timeout: 30_000 }, async () => {
  const { port, close } = await serving();
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nhalf');
  await pause(200);
  const closing = performance.now();
  await close();
  socket.destroy();
  expect(performance.now() - closing).toBeLessThan(12_000);
});
