import { serve } from '@hono/node-server';
import type { AddressInfo } from 'node:net';

export interface Loopback {
  /** `http://127.0.0.1:` with the port. */
  readonly url: string;
  /** Calls under way are cut. */
  close(): Promise<void>;
}

/** Listens on a loopback port (0: a free one). Rejects when the port is taken. */
export async function serveLoopback(fetch: Parameters<typeof serve>[0]['fetch'], port: number): Promise<Loopback> {
  const server = serve({ fetch, port, hostname: '127.0.0.1' });
  await new Promise<void>((resolve, reject) => {
    server.once('listening', resolve);
    server.once('error', reject);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = new Promise<void>((resolve, reject) => server.close((error) => (error ? reject(error) : resolve())));
      if ('closeAllConnections' in server) server.closeAllConnections();
      await closed;
    },
  };
}
