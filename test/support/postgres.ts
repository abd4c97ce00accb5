import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Client, escapeIdentifier } from 'pg';

/** A running PostgreSQL of the tests' own. */
export interface TestPostgres {
  /** Superuser's address of the database `postgres`. */
  readonly url: string;
  /** Stops the server and deletes its data. */
  stop(): Promise<void>;
}

/** Starts a real PostgreSQL on a free port of this machine with a temporary data folder; it ends with this process at the latest. */
export async function startPostgres(): Promise<TestPostgres> {
  const child = fork(new URL('./postgres-server.ts', import.meta.url), { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const ended = once(child, 'exit');
  const message = await Promise.race([
    once(child, 'message').then(([sent]: unknown[]) => sent),
    ended.then(([code]: unknown[]) => ({ failure: `its process ended with ${String(code)}` })),
  ]);
  const url = field(message, 'url');
  if (url === undefined) {
    await ended;
    throw new Error(`PostgreSQL did not start: ${field(message, 'failure') ?? 'no reason given'}`);
  }
  return {
    url,
    async stop() {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}

/** Makes an empty database on the server and returns its address. */
export async function freshDatabase(url: string): Promise<string> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  await asAdministrator(url, `CREATE DATABASE ${escapeIdentifier(name)}`);
  const address = new URL(url);
  address.pathname = `/${name}`;
  return address.href;
}

/** Drops a database that `freshDatabase` made, ending whoever is still in it. Roles are the whole server's and stay. */
export async function dropDatabase(url: string): Promise<void> {
  const address = new URL(url);
  const name = address.pathname.slice(1);
  address.pathname = '/postgres';
  await asAdministrator(address.href, `DROP DATABASE IF EXISTS ${escapeIdentifier(name)} WITH (FORCE)`);
}

async function asAdministrator(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

function field(message: unknown, name: string): string | undefined {
  const value = typeof message === 'object' && message !== null ? Object.entries(message).find(([key]) => key === name)?.[1] : undefined;
  return typeof value === 'string' ? value : undefined;
}
