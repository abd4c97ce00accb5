import { serve } from '@hono/node-server';
import type { AddressInfo } from 'node:net';

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
  /** Takes no new calls and resolves when those under way are answered. */
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
  const server = serve({ fetch, port, hostname: host });
  await new Promise<void>((resolve, reject) => {
    server.once('listening', resolve);
    server.once('error', (error: NodeJS.ErrnoException) => reject(new PortUnusable(port, host, setting, error)));
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        // Idle keep-alive connections would hold the server open; busy ones end with their answer.
        if ('closeIdleConnections' in server) server.closeIdleConnections();
      }),
  };
}
