import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { noticeOf, type Notice } from '../../src/notices/notice.ts';

/** 2026-11-21T00:00:00Z */
export const NOW = 1_795_219_200_000;

export const NOTICE: Notice = noticeOf({
  instanceId: 'f97eb140028669ff0ac9451e139f0604',
  orderLineId: 'CS2611210002-000001',
  kind: 'clock-freeze',
  instant: NOW - 1,
  detail: 'frozen by our own clock 云',
  at: NOW,
});

export interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A real receiver on this machine, which keeps what it was sent. */
export async function receiver(answer: RequestListener = (_request, response) => response.writeHead(204).end()): Promise<{ readonly port: number; readonly received: readonly Received[]; connections(): number }> {
  const received: Received[] = [];
  let connections = 0;
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (part: string) => (body += part));
    request.on('end', () => {
      received.push({ method: request.method, url: request.url, headers: request.headers, body });
      answer(request, response);
    });
  });
  server.on('connection', () => (connections += 1));
  // On both families where the machine has both: `localhost` may be either.
  server.listen(0);
  await once(server, 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  return { port: (server.address() as AddressInfo).port, received, connections: () => connections };
}

/** What the promise rejects with; it must. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('it was to fail');
}
