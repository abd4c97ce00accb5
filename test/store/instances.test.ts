import { expect, it } from 'vitest';
import { countInstances, findInstance, findInstances, listInstances } from '../../src/store/instances.ts';
import { putSealed } from '../../src/store/sealed.ts';
import { createSealer } from '../../src/store/sealer.ts';
import { storeState } from '../../src/store/state.ts';
import { putUsage } from '../../src/store/usage.ts';
import { onBoth } from './databases.ts';
import { create, identity, nextState, NOW } from './samples.ts';

const sealer = createSealer(['secret']);

onBoth('the read model', (database) => {
  const open = async (name: string): Promise<void> => {
    const state = await nextState(database.store, { taken: 1 }, name);
    await storeState(database.em(), { ...state, actual: { ...state.actual, tenant: 'open' } }, 'run-1', NOW);
    await putSealed(database.em(), sealer, `instance-${name}`, 'access', `access of ${name}`, NOW);
    await putSealed(database.em(), sealer, `instance-${name}`, 'order', `order of ${name}`, NOW);
  };

  it('answers a query of 100 ids with one SQL statement', async () => {
    const names = Array.from({ length: 100 }, (_, index) => String(index));
    await Promise.all(names.map((name) => create(database.store, name)));
    for (const name of names.slice(0, 3)) await open(name);
    await putUsage(database.em(), 'instance-2', [{ value: 2.5, at: NOW }], NOW);
    const found = { value: [] as Awaited<ReturnType<typeof findInstances>> };
    const sent = await database.statements(async () => {
      found.value = await findInstances(database.em(), sealer, names.map((name) => `instance-${name}`));
    });
    expect(sent).toHaveLength(1);
    expect(found.value).toHaveLength(100);
    expect(found.value.find(({ instanceId }) => instanceId === 'instance-2')).toEqual({ instanceId: 'instance-2', phase: 'active', refusal: null, access: 'access of 2', usage: [{ value: 2.5, at: NOW }] });
    expect(found.value.find(({ instanceId }) => instanceId === 'instance-3')).toEqual({ instanceId: 'instance-3', phase: 'creating', refusal: null, access: null, usage: [] });
  });

  it('asks nothing for no ids, and leaves out ids that it does not know or that are given twice', async () => {
    await create(database.store);
    expect(await database.statements(() => findInstances(database.em(), sealer, []))).toEqual([]);
    const found = await findInstances(database.em(), sealer, ['instance-1', 'instance-1', "x' or '1'='1", '?', 'unknown']);
    expect(found.map(({ instanceId }) => instanceId)).toEqual(['instance-1']);
  });

  it('tells the refusal of one that could not be built', async () => {
    await create(database.store);
    const state = await nextState(database.store);
    await storeState(database.em(), { ...state, actual: { ...state.actual, refusal: { code: '000101', message: 'no stock', at: NOW } } }, 'run-1', NOW);
    expect(await findInstances(database.em(), sealer, ['instance-1'])).toEqual([{ instanceId: 'instance-1', phase: 'failed', refusal: { code: '000101', message: 'no stock', at: NOW }, access: null, usage: [] }]);
  });

  it('sees what its own transaction has written, and nothing of one that is rolled back', async () => {
    await create(database.store);
    const failing = database.em().transactional(async (em) => {
      await putSealed(em, sealer, 'instance-1', 'access', 'inside', NOW);
      expect(await findInstances(em, sealer, ['instance-1'])).toMatchObject([{ access: 'inside' }]);
      throw new Error('killed before the commit');
    });
    await expect(failing).rejects.toThrow('killed before the commit');
    expect(await findInstances(database.em(), sealer, ['instance-1'])).toMatchObject([{ access: null }]);
  });

  it('lists instances newest first, by phase and by whether a person is needed', async () => {
    for (const [index, name] of ['a', 'b', 'c'].entries()) await create(database.store, name, NOW + index);
    await open('b');
    const state = await nextState(database.store, { needsPerson: { 'stale-status': { since: NOW, detail: 'x' } } }, 'a');
    await storeState(database.em(), state, 'run-1', NOW);
    const ids = async (filter: object): Promise<string[]> => (await listInstances(database.em(), { limit: 10, ...filter })).map(({ id }) => id);
    expect(await ids({})).toEqual(['instance-c', 'instance-b', 'instance-a']);
    expect(await ids({ limit: 1 })).toEqual(['instance-c']);
    expect(await ids({ phase: 'active' })).toEqual(['instance-b']);
    expect(await ids({ needsPerson: true })).toEqual(['instance-a']);
    expect(await ids({ needsPerson: false })).toEqual(['instance-c', 'instance-b']);
    expect(await countInstances(database.em())).toEqual({ phases: { creating: 2, active: 1 }, needsPerson: 1, reasons: { 'stale-status': 1 }, waiting: 2, lost: 0 });
  });

  it('counts nothing in an empty database', async () => {
    expect(await countInstances(database.em())).toEqual({ phases: {}, needsPerson: 0, reasons: {}, waiting: 0, lost: 0 });
  });

  it('finds an instance by our id, by its key and by its order line', async () => {
    await create(database.store);
    const { id, orderLineKey, orderLineId } = identity();
    for (const name of [id, orderLineKey, orderLineId]) expect((await findInstance(database.em(), name))?.id).toBe(id);
    expect(await findInstance(database.em(), 'CS1')).toBeNull();
  });
});
