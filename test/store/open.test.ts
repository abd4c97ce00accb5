import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore } from '../../src/store/open.ts';
import { BUSY_TIMEOUT } from '../../src/store/node-sqlite.ts';

describe('opening a SQLite database', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kookeeper-open-'));
  });
  const home = process.cwd();
  afterEach(async () => {
    process.chdir(home);
    await rm(folder, { recursive: true, force: true });
  });

  const open = (file: string) => openStore({ kind: 'sqlite', file });

  it('makes the folders on the way and sets what durability and waiting rest on', async () => {
    const store = await open(join(folder, 'a', 'b', 'kookeeper.db'));
    try {
      const read = async (name: string) => Object.values((await store.em().getConnection().execute(`pragma ${name}`))[0] ?? {})[0];
      expect(await read('journal_mode')).toBe('wal');
      expect(await read('synchronous')).toBe(2);
      expect(await read('foreign_keys')).toBe(1);
      expect(await read('busy_timeout')).toBe(BUSY_TIMEOUT);
      await expect(store.ping()).resolves.toBeUndefined();
    } finally {
      await store.close();
    }
  });

  it('takes a database in memory', async () => {
    const store = await open(':memory:');
    try {
      expect(await store.migrate()).not.toEqual([]);
      expect(await store.pending()).toEqual([]);
    } finally {
      await store.close();
    }
  });

  it('refuses a place where the write-ahead log cannot be', async () => {
    // Stands for a file system without shared memory and locks. A URI is taken as a relative path on the way.
    process.chdir(folder);
    await expect(open('file:kookeeper.db?vfs=unix-none')).rejects.toThrow('SQLite pragma journal_mode is delete, not wal');
  });

  it('refuses a file that is no database, and leaves it as it was', async () => {
    const file = join(folder, 'notes.txt');
    const text = 'these are my notes\n'.repeat(100);
    await writeFile(file, text);
    await expect(open(file)).rejects.toThrow(/not a database/);
    expect(await readFile(file, 'utf8')).toBe(text);
  });

  it('refuses a folder in the place of the file', async () => {
    await mkdir(join(folder, 'kookeeper.db'));
    await expect(open(join(folder, 'kookeeper.db'))).rejects.toThrow(/unable to open/);
  });

  it('refuses a database that somebody holds for themselves, within the busy time-out, and takes it afterwards', async () => {
    const file = join(folder, 'kookeeper.db');
    const holder = new DatabaseSync(file);
    holder.exec('pragma locking_mode = exclusive; create table t (a); begin immediate; insert into t values (1); commit');
    const started = performance.now();
    await expect(open(file)).rejects.toThrow(/locked/);
    expect(performance.now() - started).toBeLessThan(2 * BUSY_TIMEOUT);
    holder.close();
    const store = await open(file);
    await store.close();
  });
});

describe('opening a PostgreSQL database', () => {
  it('rejects at the first use when nobody answers there, and says so without the password', async () => {
    const store = await openStore({ kind: 'postgres', url: 'postgres://kookeeper:only-secret@127.0.0.1:1/kookeeper' });
    const failed = await store.ping().catch((error: unknown) => error);
    await store.close();
    expect(String(failed)).toContain('ECONNREFUSED');
    expect(inspect(failed, { depth: 9 })).not.toContain('only-secret');
  });
});
