import { expect, it } from 'vitest';
import { Instance } from '../../src/store/entities.ts';
import { FIRST_SWEEP } from '../../src/store/mailbox.ts';
import { dueForRing, postponeRing, waitingSince, type Waiting } from '../../src/store/rings.ts';
import { storeState } from '../../src/store/state.ts';
import { onBoth } from './databases.ts';
import { create, identity, nextState, NOW, rowOf, write } from './samples.ts';

const DUE = NOW + FIRST_SWEEP;

onBoth('the rings', (database) => {
  const due = (now: number, limit = 10) => dueForRing(database.em(), now, limit);
  const ids = async (now: number, limit?: number): Promise<string[]> => (await due(now, limit)).map(({ instanceId }) => instanceId);
  const first = async (now: number): Promise<Waiting> => {
    const [waiting] = await due(now);
    if (!waiting) throw new Error('nothing is due');
    return waiting;
  };
  const take = async (taken: number, name = '1'): Promise<void> => {
    await storeState(database.em(), await nextState(database.store, { taken }, name), 'run-1', NOW);
  };

  it('are due when the inline ring has had its time, and not before', async () => {
    await create(database.store);
    expect(await due(DUE - 1)).toEqual([]);
    const { id, kit: _, ...who } = identity();
    expect(await due(DUE)).toEqual([{ instanceId: id, ...who, neverTaken: true, rings: 0, ringAt: DUE }]);
  });

  it('come oldest first, no more than asked for', async () => {
    await create(database.store, 'c', NOW + 2);
    await create(database.store, 'a', NOW);
    await create(database.store, 'b', NOW + 1);
    expect(await ids(DUE + 9)).toEqual(['instance-a', 'instance-b', 'instance-c']);
    expect(await ids(DUE + 9, 2)).toEqual(['instance-a', 'instance-b']);
  });

  it('end when everything is taken, and go to a running workflow from the first taking on', async () => {
    await create(database.store);
    await write(database.store);
    await take(1);
    expect(await first(DUE)).toMatchObject({ neverTaken: false });
    await take(2);
    expect(await due(DUE)).toEqual([]);
  });

  it('are put off and counted', async () => {
    await create(database.store);
    await postponeRing(database.em(), await first(DUE), DUE + 30_000);
    expect(await due(DUE + 29_999)).toEqual([]);
    expect(await first(DUE + 30_000)).toMatchObject({ rings: 1, ringAt: DUE + 30_000 });
  });

  it('are put off once only when two sweepers rang for the same mailbox', async () => {
    await create(database.store);
    const waiting = await first(DUE);
    await postponeRing(database.em(), waiting, DUE + 30_000);
    await postponeRing(database.em(), waiting, DUE + 30_001);
    expect(await first(DUE + 40_000)).toMatchObject({ rings: 1, ringAt: DUE + 30_000 });
  });

  it('are not put off for a command that was written while the last ring was under way', async () => {
    await create(database.store);
    const waiting = await first(DUE);
    await write(database.store, '1', {}, DUE + 1);
    await postponeRing(database.em(), waiting, DUE + 600_000);
    expect(await ids(DUE + 1 + FIRST_SWEEP)).toEqual(['instance-1']);
    expect(await rowOf(database.store)).toMatchObject({ rings: 0, ringAt: DUE + 1 + FIRST_SWEEP });
  });

  it('are not put off once the mailbox is taken, so that its next command is rung for in time', async () => {
    await create(database.store);
    const waiting = await first(DUE);
    await take(1);
    await postponeRing(database.em(), waiting, DUE + 600_000);
    expect(await rowOf(database.store)).toMatchObject({ waiting: false, rings: 0, ringAt: DUE });
  });

  it('tell since when the oldest untaken command has been waiting', async () => {
    expect(await waitingSince(database.em())).toBeNull();
    await create(database.store, 'a', NOW + 50);
    await create(database.store, 'b', NOW);
    expect(await waitingSince(database.em())).toBe(NOW);
    await take(1, 'b');
    expect(await waitingSince(database.em())).toBe(NOW + 50);
  });

  it('are looked up by an index, however many instances rest', async () => {
    await create(database.store);
    const row = await rowOf(database.store);
    const resting = Array.from({ length: 2_000 }, (_, index) => ({ ...row, id: `r-${index}`, orderLineKey: `r-${index}`, waiting: false }));
    await database.em().insertMany(Instance, resting);
    const connection = database.em().getConnection();
    const [, explained] = [await connection.execute('analyze'), await database.statements(() => due(DUE))];
    const plan = await connection.execute(`explain ${database.at.kind === 'sqlite' ? 'query plan ' : ''}${explained[0]}`, [true, DUE, 10]);
    expect(JSON.stringify(plan)).toContain('instance_waiting_ring_at_index');
  });
});
