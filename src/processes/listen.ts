import { serve } from '@hono/node-server';
import type { Server } from 'node:http';
import { Server as NetServer, type AddressInfo } from 'node:net';

/** What is not answered by then is a caller that does not send its call to the end, or does not read the answer, ms. */
const CLOSE_LIMIT = 10_000;

/** A call may be on its way down a connection that looks idle here: half a round trip, also from afar, ms. */
const ON_THE_WAY = 100;

/** Node's own 5 s is shorter than what load balancers count on: they would send a call on a connection that is just being closed. */
const KEEP_ALIVE = 65_000;

/** A port that is taken, or that this user may not open. */
export class PortUnusable extends Error {
  override readonly name = 'PortUnusable';
  readonly code: string = 'PORT_UNUSABLE';
  constructor(port: number, host: string, setting: string, cause: NodeJS.ErrnoException) {
    const reason = cause.code === 'EADDRINUSE' ? 'is taken by another program' : `cannot be opened (${cause.code ?? cause.message})`;
    super(`port ${port} on ${host} ${reason}: stop what listens there, or set ${setting} to another port`, { cause });
  }
}

export interface Listening {
  readonly port: number;
  /** Takes no new calls and resolves when those under way are answered, 10 s later at most. */
  close(): Promise<void>;
}

export interface Listen {
  readonly fetch: Parameters<typeof serve>[0]['fetch'];
  /** 0: a free one is chosen. */
  readonly port: number;
  readonly host: string;
  /** Name of the environment variable that sets the port, for the error. */
  readonly setting: string;
}

export async function listen({ fetch, port, host, setting }: Listen): Promise<Listening> {
  let closing = false;
  const server = serve({ fetch, port, hostname: host }) as Server;
  server.keepAliveTimeout = KEEP_ALIVE;
  // A caller that keeps its connection busy would be served, and hold the server open, for ever.
  server.prependListener('request', (_request, response) => {
    if (closing) response.shouldKeepAlive = false;
  });
  await new Promise<void>((resolve, reject) => {
    server.once('listening', resolve);
    server.once('error', (error: NodeJS.ErrnoException) => reject(new PortUnusable(port, host, setting, error)));
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise<void>((resolve) => {
        closing = true;
        const limit = setTimeout(() => server.closeAllConnections(), CLOSE_LIMIT);
        // Idle keep-alive connections would hold the server open; busy ones end with their next answer.
        const idle = setTimeout(() => server.closeIdleConnections(), ON_THE_WAY);
        // An HTTP server's own close ends idle connections at once, and resets the call that is just coming in on one.
        NetServer.prototype.close.call(server, () => {
          clearTimeout(limit);
          clearTimeout(idle);
          resolve();
        });
      }),
  };
}
