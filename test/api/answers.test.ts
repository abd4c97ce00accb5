import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bodies, freshLine } from './bodies.ts';
import { carryOut, instanceIn, NO, type Situation } from './carry-out.ts';
import { DATABASES, type TestDatabase } from './databases.ts';
import { startApi, type RunningApi } from './running-api.ts';

type Line = ReturnType<typeof freshLine>;
type Cell = readonly [code: string, commands: number];

const VERBS: Readonly<Record<string, (id: string, line: Line) => object>> = {
  create: (_, line) => bodies.create(line),
  renew: (id) => bodies.refresh(id, 'RENEWAL'),
  'trial to formal': (id) => bodies.refresh(id, 'TRIAL_TO_FORMAL'),
  shorten: (id) => bodies.refresh(id, 'UNSUBSCRIBE_RENEWAL_PERIOD'),
  freeze: (id) => bodies.status(id, 'FREEZE'),
  unfreeze: (id) => bodies.status(id, 'UNFREEZE'),
  release: (id) => bodies.release(id),
  upgrade: (id) => bodies.upgrade(id),
  'check change': (id) => bodies.check(id),
  'renewal with change': (id) => bodies.refresh(id, 'RENEWAL_CHANGE'),
};

const promised: Cell = ['000000', 1];
const done: Cell = ['000000', 0];
const unknown: Cell = ['000003', 0];
const later: Cell = ['000005', 0];

/** Architecture §4 by the table of §3: the code told, and how many commands the call adds to the mailbox. */
const TABLE: Readonly<Record<string, Readonly<Record<Situation, Cell>>>> = {
  create: { admitted: ['000004', 0], active: done, frozen: done, released: done, removed: done, failed: [NO.code, 0] },
  renew: { admitted: promised, active: promised, frozen: promised, released: unknown, removed: unknown, failed: unknown },
  'trial to formal': { admitted: promised, active: promised, frozen: promised, released: unknown, removed: unknown, failed: unknown },
  shorten: { admitted: promised, active: promised, frozen: promised, released: unknown, removed: unknown, failed: unknown },
  freeze: { admitted: promised, active: promised, frozen: done, released: done, removed: done, failed: done },
  unfreeze: { admitted: promised, active: done, frozen: promised, released: done, removed: done, failed: done },
  release: { admitted: promised, active: promised, frozen: promised, released: done, removed: done, failed: promised },
  // Nobody carries anything out here, and nobody answers a question: the caller is to ask again.
  upgrade: { admitted: later, active: ['000005', 1], frozen: ['000005', 1], released: unknown, removed: unknown, failed: unknown },
  'check change': { admitted: later, active: later, frozen: later, released: unknown, removed: unknown, failed: unknown },
  'renewal with change': { admitted: promised, active: promised, frozen: promised, released: unknown, removed: unknown, failed: unknown },
};

const CELLS = Object.entries(TABLE).flatMap(([verb, row]) => Object.entries(row).map(([situation, [code, commands]]) => ({ verb, situation: situation as Situation, code, commands })));

describe.each(DATABASES)('what a caller is told, on $name', ({ open }) => {
  let on: TestDatabase;
  let api: RunningApi;
  beforeAll(async () => {
    on = await open();
    api = await startApi({ on, outcomes: { wait: () => Promise.resolve(null) } });
  });
  afterAll(async () => {
    await api.close();
    await on.drop();
  });

  it.each(CELLS)('$verb on an instance that is $situation → $code', async ({ verb, situation, code, commands }) => {
    const line = freshLine();
    const id = await instanceIn(api, situation, line);
    const before = await api.rows();
    api.rings.length = 0;

    const answer = await api.call(VERBS[verb]?.(id, line) ?? {});

    expect(answer.code).toBe(code);
    const carriesId = verb === 'create' && situation !== 'failed';
    expect(answer.json['instanceId']).toBe(carriesId ? id : undefined);
    expect(await api.rows()).toEqual({ ...before, call: before.call + 1, nonce: before.nonce + 1, command: before.command + commands });
    if (commands > 0) expect(api.rings).toEqual([expect.objectContaining({ instanceId: id, neverTaken: situation === 'admitted', ...line })]);
  });

  it.each(['renew', 'trial to formal', 'shorten', 'freeze', 'unfreeze', 'release'])('%s for an id that was never ours → 000003, and no row is made', async (verb) => {
    const before = await api.rows();
    const answer = await api.call(VERBS[verb]?.('10e758d0-31ad-4d4e-8f4e-000000000000', freshLine()) ?? {});
    expect(answer.code).toBe('000003');
    expect(await api.rows()).toEqual({ ...before, call: before.call + 1, nonce: before.nonce + 1 });
  });

  it('a create is promised with its id: one instance, one command, one ring', async () => {
    const before = await api.rows();
    api.rings.length = 0;
    const line = freshLine();
    const { code, json } = await api.call(bodies.create(line));
    expect(code).toBe('000004');
    expect(json['instanceId']).toMatch(/^[0-9a-f]{32}$/);
    expect(api.rings).toEqual([{ instanceId: json['instanceId'], orderLineKey: `${line.orderId}/${line.orderLineId}`, ...line, neverTaken: true }]);
    const after = await api.rows();
    expect([after.instance, after.command]).toEqual([before.instance + 1, before.command + 1]);
  });

  it('a refused create is tried anew for a call ten minutes later, once', async () => {
    const line = freshLine();
    const id = await instanceIn(api, 'failed', line);
    const { now } = api.clock;
    api.clock.now = now + 10 * 60_000;
    const before = await api.rows();
    const tried = await api.call(bodies.create(line));
    const again = await api.call(bodies.create(line));
    api.clock.now = now;
    expect([tried.code, again.code]).toEqual(['000004', '000004']);
    expect(tried.json['instanceId']).toBe(id);
    expect((await api.rows()).command).toBe(before.command + 1);
    await carryOut(api, id);
    expect((await api.call(bodies.create(line))).code).toBe('000000');
  });

  it('says why a change or its check cannot be answered yet', async () => {
    const creating = await instanceIn(api, 'admitted');
    for (const body of [bodies.upgrade(creating), bodies.check(creating)]) expect((await api.call(body)).message).toBe('the instance is being created: please ask again when it is ready');
    expect((await api.call(bodies.check(await instanceIn(api, 'active')))).message).toBe('the change could not be checked in time: please ask again');
  });

  it('judges by what was promised, not only by what is stored', async () => {
    const id = await instanceIn(api, 'active');
    expect((await api.call(bodies.release(id))).code).toBe('000000');
    expect((await api.call(bodies.refresh(id))).code).toBe('000003');
  });
});
