import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A line to a PostgreSQL server that can be cut. */
export interface Line {
  /** The server's URL through this line. */
  readonly url: string;
  /** Ends every connection there is. */
  cut(): void;
  /** Ends each connection, from now on, at the first byte that is sent through it; `mend` ends that. */
  cutAtNextWord(): void;
  mend(): void;
  close(): Promise<void>;
}

export async function lineTo(url: string): Promise<Line> {
  const target = new URL(url);
  const pairs = new Set<readonly [Socket, Socket]>();
  let cutting = false;
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    const pair = [near, far] as const;
    const end = (): void => {
      pairs.delete(pair);
      near.destroy();
      far.destroy();
    };
    pairs.add(pair);
    near.on('data', (bytes) => (cutting ? end() : far.write(bytes)));
    far.on('data', (bytes) => near.write(bytes));
    for (const socket of pair) socket.on('error', end).on('close', end);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the line has no port');
  const through = new URL(url);
  through.port = String(address.port);
  const cut = (): void => {
    for (const pair of pairs) for (const socket of pair) socket.destroy();
  };
  return {
    url: through.href,
    cut,
    cutAtNextWord() {
      cutting = true;
    },
    mend() {
      cutting = false;
    },
    async close() {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}
