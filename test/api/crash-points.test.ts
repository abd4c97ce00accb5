import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dueForRing } from '../../src/store/rings.ts';
import { bodies, freshLine } from './bodies.ts';
import { instanceIn } from './carry-out.ts';
import { DATABASES, type TestDatabase } from './databases.ts';
import { freshNonce, startApi, type RunningApi } from './running-api.ts';

type Point = 'before-commit' | 'after-commit';

describe.each(DATABASES)('the API dying while it answers, on $name', ({ open }) => {
  let on: TestDatabase;
  let api: RunningApi;
  let crashAt: Point | null = null;
  beforeAll(async () => {
    on = await open();
    api = await startApi({
      on,
      crash: (point) => {
        if (point === crashAt) throw new Error(`dropped at ${point}`);
      },
    });
  });
  afterAll(async () => {
    await api.close();
    await on.drop();
  });
  const dropped = async (point: Point, body: object, nonce = freshNonce()) => {
    api.rings.length = 0;
    crashAt = point;
    const answer = await api.call(body, { nonce });
    crashAt = null;
    // A process that dies answers nothing; one that is dropped here must at least not have promised anything.
    expect(answer.code).toBe('000005');
    expect(api.rings).toEqual([]);
  };

  it('before the commit: nothing is there, and the repeat works, even under the same nonce', async () => {
    const line = freshLine();
    const nonce = freshNonce();
    const body = bodies.create(line);
    const before = await api.rows();
    await dropped('before-commit', body, nonce);
    expect(await api.rows()).toEqual(before);
    const repeat = await api.call(body, { nonce });
    expect(repeat.code).toBe('000004');
    expect(api.rings).toHaveLength(1);
    expect(await api.rows()).toMatchObject({ instance: before.instance + 1, command: before.command + 1, call: before.call + 1, nonce: before.nonce + 1 });
  });

  it.each([
    ['the same bytes', true],
    ['another businessId and nonce', false],
  ])('after the commit, the answer lost: the repeat with %s gets the same id, and there is one command', async (_, sameBytes) => {
    const line = freshLine();
    const nonce = freshNonce();
    const body = bodies.create(line);
    const before = await api.rows();
    await dropped('after-commit', body, nonce);
    const left = await api.rows();
    expect(left).toEqual({ ...before, call: before.call + 1, nonce: before.nonce + 1, instance: before.instance + 1, command: before.command + 1 });
    const repeat = sameBytes ? await api.call(body, { nonce }) : await api.call(bodies.create(line));
    expect(repeat.json).toMatchObject({ resultCode: '000004', instanceId: api.sealer.instanceId(`${line.orderId}/${line.orderLineId}`) });
    expect(await api.rows()).toMatchObject({ instance: left.instance, command: left.command });
  });

  it.each(['before-commit', 'after-commit'] as const)('a renewal cut %s is carried out once by its repeat', async (point) => {
    const id = await instanceIn(api, 'active');
    const order = freshLine();
    const { command } = await api.rows();
    await dropped(point, bodies.refresh(id, 'RENEWAL', order));
    expect((await api.call(bodies.refresh(id, 'RENEWAL', order))).code).toBe('000000');
    expect((await api.rows()).command).toBe(command + 1);
  });

  it('what was committed before the ring is left to the sweeper: its mailbox is due', async () => {
    const line = freshLine();
    await dropped('after-commit', bodies.create(line));
    const due = await dueForRing(api.store.em(), api.clock.now + 2_000, 1_000);
    expect(due).toContainEqual(expect.objectContaining({ ...line, neverTaken: true, rings: 0 }));
  });
});
