import { expect, it } from 'vitest';
import { CHANGE_WINDOW } from '../../src/lifecycle/rules.ts';
import { commandsAfter, markAnswered } from '../../src/store/mailbox.ts';
import { storeState } from '../../src/store/state.ts';
import { tellUnheard } from '../../src/store/unheard.ts';
import { onBoth } from './databases.ts';
import { create, identity, nextState, NOW, write } from './samples.ts';

const { id } = identity();
const OVER = NOW + CHANGE_WINDOW + 1;

onBoth('a change that was carried out after its caller was told to ask again', (database) => {
  const changed = async (answeredAt: number | null, outcome: 'done' | 'failed' = 'done'): Promise<void> => {
    await create(database.store);
    const seq = await write(database.store, '1', { key: 'CS2/CS2-000001', instruction: { kind: 'change', orderId: 'CS2', orderLineId: 'CS2-000001' } });
    await storeState(database.em(), await nextState(database.store, { taken: 2, settled: [{ seq, outcome, at: NOW + 1 }] }), 'run-1', NOW);
    await markAnswered(database.em(), id, seq, answeredAt);
  };
  const told = async () => (await commandsAfter(database.em(), id, 2)).map(({ by, instruction }) => [by, instruction]);

  it('is told of once, when nobody has asked for three hours', async () => {
    await changed(NOW);
    expect(await tellUnheard(database.em(), NOW + CHANGE_WINDOW)).toBe(0);
    expect(await tellUnheard(database.em(), OVER)).toBe(1);
    expect(await told()).toEqual([['sweeper', expect.objectContaining({ kind: 'tell', reason: 'change-unheard' })]]);
    expect(await tellUnheard(database.em(), OVER + 1)).toBe(0);
  });

  it('is told of as refused when it was', async () => {
    await changed(NOW, 'failed');
    expect(await tellUnheard(database.em(), OVER)).toBe(1);
    expect(await told()).toEqual([['sweeper', expect.objectContaining({ kind: 'tell', reason: 'change-refused' })]]);
  });

  it('but not when its caller has heard the end', async () => {
    await changed(null);
    expect(await tellUnheard(database.em(), OVER)).toBe(0);
    expect(await told()).toEqual([]);
  });
});
