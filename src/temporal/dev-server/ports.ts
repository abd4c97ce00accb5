import { createConnection, createServer } from 'node:net';
import type { Server } from 'node:net';

const listen = (ip: string, port: number): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ host: ip, port, exclusive: true }, () => resolve(server));
  });

const close = (server: Server): Promise<void> => new Promise((resolve, reject) => server.close((error) => (error ? reject(error) : resolve())));

const portOf = (server: Server): number => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server listens on no port');
  return address.port;
};

/** Ports nobody listens on at this moment, all different. Somebody else may take one before it is used: be ready to choose again. */
export const freePorts = async (ip: string, count: number): Promise<number[]> => {
  // All are held at once, else the system may hand out the same one twice.
  const servers: Server[] = [];
  try {
    for (let i = 0; i < count; i += 1) servers.push(await listen(ip, 0));
    return servers.map(portOf);
  } finally {
    await Promise.all(servers.map(close));
  }
};

/** True when we could listen there. Errors other than a taken port (an address that is not ours, a privileged port) are thrown. */
export const isFree = async (ip: string, port: number): Promise<boolean> => {
  try {
    await close(await listen(ip, port));
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return false;
    throw error;
  }
};

/** True when somebody accepts a connection there. */
export const isOpen = (ip: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createConnection({ host: ip, port, timeout: 1000 });
    const answer = (open: boolean): void => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', () => answer(true));
    socket.once('timeout', () => answer(false));
    // Refused, unreachable or reset: in each case nobody serves us there.
    socket.once('error', () => answer(false));
  });
