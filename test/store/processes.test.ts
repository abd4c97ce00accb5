import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MIGRATIONS } from '../../src/store/migrations/index.ts';
import { findCall, listCalls, recordCall } from '../../src/store/journal.ts';
import { listCommands } from '../../src/store/mailbox.ts';
import { BUSY_TIMEOUT } from '../../src/store/node-sqlite.ts';
import { openStore } from '../../src/store/open.ts';
import type { Report } from './child.ts';
import { emptyDatabase } from './databases.ts';
import { callRow, create } from './samples.ts';

describe('several processes on one SQLite file', () => {
  let file: string;
  let remove: () => Promise<void>;
  let children: ChildProcess[];
  beforeEach(async () => {
    const empty = await emptyDatabase('sqlite');
    if (empty.at.kind === 'sqlite') file = empty.at.file;
    remove = () => empty.remove();
    children = [];
  });
  afterEach(async () => {
    for (const child of children.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null)) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    await remove();
  });

  function start(script: string, ...options: string[]): ChildProcess {
    const child = fork(new URL(script, import.meta.url), [file, ...options], { execArgv: [] });
    children.push(child);
    return child;
  }

  /** The next message; rejects when the process ends without one. */
  async function told(child: ChildProcess): Promise<unknown> {
    const stop = new AbortController();
    const ended = once(child, 'exit', { signal: stop.signal }).then(([code]: unknown[]) => {
      throw new Error(`the process ended with ${String(code)}`);
    });
    try {
      const [message]: unknown[] = await Promise.race([once(child, 'message', { signal: stop.signal }), ended]);
      return message;
    } finally {
      stop.abort();
      await ended.catch(() => undefined);
    }
  }

  it('may all bring an empty file up to date at the same moment', async () => {
    const four = ['a', 'b', 'c', 'd'].map((name) => start('./child.ts', '0', name));
    expect(await Promise.all(four.map(told))).toEqual(['ready', 'ready', 'ready', 'ready']);
    const store = await openStore({ kind: 'sqlite', file });
    try {
      expect(await store.pending()).toEqual([]);
      const [row] = await store.em().getConnection().execute<{ n: number }[]>('select count(*) as n from kookeeper_migration');
      expect(row?.n).toBe(MIGRATIONS.sqlite.length);
    } finally {
      await store.close();
    }
  });

  it('write at once without an error, and nothing is lost or done twice', async () => {
    const calls = 150;
    const store = await openStore({ kind: 'sqlite', file });
    try {
      await store.migrate();
      await create(store, 'shared');
      const both = ['a', 'b'].map((name) => start('./child.ts', String(calls), name));
      await Promise.all(both.map(told));
      const reports = both.map(async (child) => (await told(child)) as Report);
      for (const child of both) child.send('go');
      const [a, b] = await Promise.all(reports);
      if (!a || !b) throw new Error('both report');

      const all = Array.from({ length: calls }, (_, index) => index);
      expect([...a.seqs, ...b.seqs].toSorted((x, y) => x - y)).toEqual([...all, ...all].map((_, index) => index + 2));
      expect([...a.claimed, ...b.claimed].toSorted()).toEqual(all.map((index) => `nonce-${index}`).toSorted());
      expect([...a.made, ...b.made].toSorted()).toEqual(all.map((index) => `instance-${index}`).toSorted());
      expect((await listCommands(store.em(), 'instance-shared')).map(({ seq }) => seq)).toEqual(Array.from({ length: 2 * calls + 1 }, (_, index) => index + 1));
      expect(await listCalls(store.em(), { limit: 1_000 })).toHaveLength(2 * calls);
    } finally {
      await store.close();
    }
  });

  it('keep what a killed one had committed, and nothing of what it had not', async () => {
    const store = await openStore({ kind: 'sqlite', file });
    try {
      await store.migrate();
      await create(store, 'shared');
      const child = start('./child.ts', '100000', 'killed');
      await told(child);
      child.send('go');
      while ((await listCalls(store.em(), { limit: 5 })).length < 5) await new Promise((resolve) => setTimeout(resolve, 10));
      child.kill('SIGKILL');
      await once(child, 'exit');
      const calls = await listCalls(store.em(), { limit: 100_000 });
      const commands = await listCommands(store.em(), 'instance-shared');
      expect(commands).toHaveLength(calls.length + 1);
      expect(commands.map(({ seq }) => seq)).toEqual(commands.map((_, index) => index + 1));
    } finally {
      await store.close();
    }
  });

  it('get a clear error while another holds the lock for too long, and go on once it lets go', async () => {
    const store = await openStore({ kind: 'sqlite', file });
    try {
      await store.migrate();
      const holder = start('./holder.ts');
      expect(await told(holder)).toBe('locked');
      const write = (id: string) => store.em().transactional((em) => recordCall(em, callRow({ id })));
      const started = performance.now();
      await expect(write('too-early')).rejects.toThrow('database is locked');
      expect(performance.now() - started).toBeGreaterThan(BUSY_TIMEOUT - 100);
      // Readers are not held up meanwhile, and a write outside a transaction fails as clearly.
      expect(await findCall(store.em(), 'too-early')).toBeNull();
      await expect(recordCall(store.em(), callRow())).rejects.toThrow('database is locked');
      await expect(store.em().transactional(() => Promise.resolve('nothing was asked'))).rejects.toThrow('database is locked');

      const free = told(holder);
      holder.send('let go');
      expect(await free).toBe('free');
      await write('afterwards');
      expect((await listCalls(store.em(), { limit: 10 })).map(({ id }) => id)).toEqual(['afterwards']);
    } finally {
      await store.close();
    }
  });
});
