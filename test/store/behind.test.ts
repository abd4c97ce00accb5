import { expect, it } from 'vitest';
import { catchUp } from '../../src/store/behind.ts';
import { commandsAfter } from '../../src/store/mailbox.ts';
import { storeState } from '../../src/store/state.ts';
import { onBoth } from './databases.ts';
import { create, identity, nextState, NOW, rowOf, write } from './samples.ts';

const { id } = identity();
const HOUR = 60 * 60_000;

onBoth('a database that is older than the workflow', (database) => {
  const carried = { generation: 1, version: 9, taken: 4, takenAt: NOW + HOUR };

  it('is told by its version, and one that is not older is left alone', async () => {
    await create(database.store);
    await storeState(database.em(), await nextState(database.store, { taken: 1, version: 9 }), 'run-1', NOW);
    const before = await rowOf(database.store);
    expect(await catchUp(database.em(), id, carried, NOW)).toBe(false);
    expect(await catchUp(database.em(), id, { ...carried, generation: 2, version: 99 }, NOW)).toBe(false);
    expect(await rowOf(database.store)).toEqual(before);
  });

  it('gives what came in since numbers that the workflow has not taken, in their order, and tells a person', async () => {
    await create(database.store);
    await storeState(database.em(), await nextState(database.store, { taken: 1 }), 'run-1', NOW);
    // Admitted before the backup, and taken by the workflow; then two calls after the restoration.
    expect(await write(database.store, '1', {}, NOW + HOUR)).toBe(2);
    expect(await write(database.store, '1', { instruction: { kind: 'unfreeze' } }, NOW + 2 * HOUR)).toBe(3);
    expect(await write(database.store, '1', { instruction: { kind: 'freeze' } }, NOW + 3 * HOUR)).toBe(4);

    expect(await catchUp(database.em(), id, carried, NOW + 4 * HOUR)).toBe(true);
    const found = await commandsAfter(database.em(), id, 4);
    expect(found.map(({ seq, by, instruction }) => [seq, by, instruction.kind])).toEqual([
      [5, 'marketplace', 'unfreeze'],
      [6, 'marketplace', 'freeze'],
      [7, 'sweeper', 'tell'],
    ]);
    expect((await commandsAfter(database.em(), id, 0)).map(({ seq }) => seq)).toEqual([1, 2, 5, 6, 7]);
    expect(await rowOf(database.store)).toMatchObject({ lastSeq: 7, taken: 4, waiting: true });
    // Once is enough: the next number is the next.
    expect(await catchUp(database.em(), id, carried, NOW + 5 * HOUR)).toBe(false);
    expect(await write(database.store, '1', {}, NOW + 6 * HOUR)).toBe(8);
  });

  it('finds room for all of them when more came in than the workflow had taken', async () => {
    await create(database.store);
    await storeState(database.em(), await nextState(database.store, { taken: 1 }), 'run-1', NOW);
    for (let call = 1; call <= 5; call++) await write(database.store, '1', { at: NOW + call }, NOW + 2 * HOUR);
    expect(await catchUp(database.em(), id, carried, NOW + 3 * HOUR)).toBe(true);
    expect((await commandsAfter(database.em(), id, 4)).map(({ seq, at }) => [seq, at])).toEqual([...[1, 2, 3, 4, 5].map((call) => [4 + call, NOW + call]), [10, NOW + 3 * HOUR]]);
  });

  it('never gives out a number again that a stored state has taken', async () => {
    await create(database.store);
    await storeState(database.em(), await nextState(database.store, { taken: 12 }), 'run-1', NOW);
    expect(await write(database.store)).toBe(13);
  });
});
