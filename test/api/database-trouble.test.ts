import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rename, rmdir } from 'node:fs/promises';
import { Client } from 'pg';
import { describe, expect, it } from 'vitest';
import { bodies, freshLine } from './bodies.ts';
import { instanceIn } from './carry-out.ts';
import { postgresDatabase, sqliteFile, type TestDatabase } from './databases.ts';
import { freshNonce, startApi, type Answer, type RunningApi } from './running-api.ts';

/** The marketplace's own patience (saas.md 6.1). */
const PATIENCE = 5_000;

async function timed<T>(work: Promise<T>): Promise<{ readonly value: T; readonly ms: number }> {
  const started = performance.now();
  const value = await work;
  return { value, ms: performance.now() - started };
}

async function lockFile(file: string): Promise<() => Promise<void>> {
  const child = fork(new URL('lock-file.ts', import.meta.url), [file], { execArgv: [] });
  const ended = once(child, 'exit');
  await once(child, 'message');
  return async () => {
    child.disconnect();
    await ended;
  };
}

describe('a SQLite file that another process keeps locked', () => {
  it('each of five simultaneous calls is answered 000005 in time, nothing is promised, and the repeat succeeds', async () => {
    const on = await sqliteFile();
    const api = await startApi({ on });
    const id = await instanceIn(api, 'active');
    const before = await api.rows();
    api.rings.length = 0;
    const line = freshLine();
    const nonce = freshNonce();
    const create = bodies.create(line);
    const unlock = await lockFile(on.file);
    let answers: { value: Answer; ms: number }[];
    try {
      const others = [bodies.status(id, 'FREEZE'), bodies.query(id), bodies.create(), { ...bodies.create(), testFlag: '1' }];
      answers = await Promise.all([timed(api.call(create, { nonce })), ...others.map((body) => timed(api.call(body)))]);
    } finally {
      await unlock();
    }
    expect(answers.map(({ value }) => [value.status, value.code])).toEqual(answers.map(() => [200, '000005']));
    for (const { ms } of answers) expect(ms).toBeLessThan(PATIENCE);
    expect(api.rings).toEqual([]);

    const repeat = await api.call(create, { nonce });
    expect([repeat.code, repeat.json['instanceId']]).toEqual(['000004', api.sealer.instanceId(`${line.orderId}/${line.orderLineId}`)]);
    expect((await api.call(bodies.status(id, 'FREEZE'))).code).toBe('000000');
    expect(await api.rows()).toEqual({ ...before, call: before.call + 2, nonce: before.nonce + 2, instance: before.instance + 1, command: before.command + 2 });
    await api.close();
    await on.drop();
  }, 30_000);

  it('a refused call is still told why, though it leaves no record then', async () => {
    const on = await sqliteFile();
    const api = await startApi({ on });
    const unlock = await lockFile(on.file);
    const { value, ms } = await timed(api.call(bodies.create(), { key: 'somebody-elses-key' }));
    await unlock();
    expect(value.code).toBe('000001');
    expect(ms).toBeLessThan(PATIENCE);
    expect(api.log.join('')).toContain('the refused call could not be recorded');
    await api.close();
    await on.drop();
  });
});

/** Takes a database away from those who use it, and gives it back. */
interface Outage {
  readonly name: string;
  readonly open: () => Promise<TestDatabase>;
  readonly begin: (api: RunningApi, on: TestDatabase) => Promise<() => Promise<void>>;
}

const OUTAGES: readonly Outage[] = [
  {
    name: 'a SQLite file that cannot be opened',
    open: sqliteFile,
    async begin(api, { database }) {
      const file = database.kind === 'sqlite' ? database.file : '';
      await api.store.close();
      await rename(file, `${file}.away`);
      await mkdir(file);
      return async () => {
        await rmdir(file);
        await rename(`${file}.away`, file);
      };
    },
  },
  {
    name: 'a PostgreSQL that ends every connection and takes no new one',
    open: postgresDatabase,
    async begin(_, { database }) {
      const url = new URL(database.kind === 'postgres' ? database.url : '');
      const name = url.pathname.slice(1);
      url.pathname = '/postgres';
      const administrator = new Client({ connectionString: url.href });
      await administrator.connect();
      await administrator.query(`alter database ${name} allow_connections false`);
      await administrator.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]);
      return async () => {
        await administrator.query(`alter database ${name} allow_connections true`);
        await administrator.end();
      };
    },
  },
];

describe.each(OUTAGES)('$name', ({ open, begin }) => {
  it('answers 000005 to all, promises nothing, and the same process takes the repeat', async () => {
    const on = await open();
    const api = await startApi({ on });
    const id = await instanceIn(api, 'active');
    const before = await api.rows();
    const line = freshLine();
    api.rings.length = 0;
    const end = await begin(api, on);
    for (const body of [bodies.create(line), bodies.query(id), bodies.status(id, 'FREEZE'), bodies.upgrade(id), { ...bodies.create(), testFlag: '1' }]) {
      const { value, ms } = await timed(api.call(body));
      expect([value.status, value.code, value.json['instanceId'], value.json['info']]).toEqual([200, '000005', undefined, undefined]);
      expect(ms).toBeLessThan(PATIENCE);
    }
    expect((await api.call(bodies.create(), { key: 'somebody-elses-key' })).code).toBe('000001');
    expect(api.rings).toEqual([]);

    await end();
    expect(await api.rows()).toEqual(before);
    expect((await api.call(bodies.create(line))).code).toBe('000004');
    await api.close();
    await on.drop();
  });
});

describe('a PostgreSQL that hangs', () => {
  it('is answered 000005 in time; what was under way ends once, and the repeat gets its id', async () => {
    const on = await postgresDatabase();
    const api = await startApi({ on });
    const other = new Client({ connectionString: on.database.kind === 'postgres' ? on.database.url : '' });
    await other.connect();
    await other.query('begin');
    await other.query('lock table command, refusal in access exclusive mode');
    const line = freshLine();
    const [made, asked, refused] = await Promise.all([
      timed(api.call(bodies.create(line))),
      timed(api.call(bodies.query('never-ours'))),
      timed(api.call(bodies.create(), { key: 'somebody-elses-key' })),
    ]);
    expect([made.value.code, asked.value.code, refused.value.code]).toEqual(['000005', '000003', '000001']);
    for (const { ms } of [made, asked, refused]) expect(ms).toBeLessThan(PATIENCE);
    expect(api.rings).toEqual([]);

    await other.query('rollback');
    await other.end();
    const repeat = await api.call(bodies.create(line));
    expect([repeat.code, repeat.json['instanceId']]).toEqual(['000004', api.sealer.instanceId(`${line.orderId}/${line.orderLineId}`)]);
    expect(await api.rows()).toMatchObject({ instance: 1, command: 1 });
    await api.close();
    await on.drop();
  });
});
