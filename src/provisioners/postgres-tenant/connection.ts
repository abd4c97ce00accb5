import { Pool, type PoolClient } from 'pg';

/** Bounds of what a vanished network or server can hold up, in milliseconds. */
const CONNECT_MS = 5_000;
const STATEMENT_MS = 20_000;

/** A small pool for the administrator's connections. Connects at the first call. */
export function adminPool(adminUrl: string): Pool {
  const pool = new Pool({
    connectionString: adminUrl,
    application_name: 'kookeeper provisioner',
    max: 4,
    connectionTimeoutMillis: CONNECT_MS,
    statement_timeout: STATEMENT_MS,
    allowExitOnIdle: true,
  });
  // A lost connection is told to whoever uses it, by the statement that fails; without listeners Node would end the process as well.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

/**
 * Lends a connection to `work`. When the signal is aborted the connection is cut, which ends a running statement for us and, at the
 * server, its transaction and locks at the latest when statement_timeout passes. Whether it was committed is then unknown, as the port
 * allows.
 */
export async function onConnection<T>(pool: Pool, signal: AbortSignal, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await borrow(pool, signal);
  let lent = true;
  const giveBack = (destroy: boolean): void => {
    if (lent) client.release(destroy);
    lent = false;
  };
  const cut = (): void => giveBack(true);
  signal.addEventListener('abort', cut, { once: true });
  try {
    signal.throwIfAborted();
    const result = await work(client);
    giveBack(false);
    return result;
  } catch (error) {
    // An open transaction ends with its connection, whatever state the error left it in.
    giveBack(true);
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', cut);
  }
}

/** Runs `work` between BEGIN and COMMIT. An error leaves the transaction to `onConnection`, which ends it with the connection. */
export async function inTransaction<T>(client: PoolClient, work: () => Promise<T>): Promise<T> {
  await client.query('BEGIN');
  const result = await work();
  await client.query('COMMIT');
  return result;
}

/** Does not wait for a connection any longer than the signal; one that comes too late goes back to the pool. */
async function borrow(pool: Pool, signal: AbortSignal): Promise<PoolClient> {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<undefined>();
  const abort = (): void => aborted.resolve(undefined);
  signal.addEventListener('abort', abort, { once: true });
  const pending = pool.connect();
  try {
    const client = await Promise.race([pending, aborted.promise]);
    if (client !== undefined) return client;
    // A failure to connect concerns nobody any more.
    pending.then((late) => late.release(), () => {});
    throw signal.reason;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
