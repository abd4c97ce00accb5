import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { currentState } from '../../src/lifecycle/current.ts';
import { phaseOf } from '../../src/lifecycle/phase.ts';
import { newLife } from '../../src/lifecycle/state.ts';
import { showInstance } from '../../src/operations/show-instance.ts';
import { eventually, startEngine, type Engine } from '../support/engine.ts';
import { memoryTenants, type MemoryTenants } from '../support/provisioners.ts';
import { carriedStates, carryOn } from './carry.ts';

/** A state as today's code begins it. */
const TODAY = newLife({ instanceId: '', orderId: '', orderLineId: '' });

const STATES = carriedStates().map((one) => [one.name, one.stored] as const);

/** What each comes to by itself: whatever is desired in it is carried out. */
const BECOMES: Readonly<Record<string, string>> = {
  'v1/active': 'active',
  'v1/creating': 'active',
  'v1/failing': 'frozen',
  'v1/frozen': 'frozen',
  'v1/released': 'released',
  'v2/active': 'active',
  'v2/changing': 'active',
  'v2/held': 'released',
  'v2/untold': 'active',
};

describe('states that releases carried and stored', () => {
  let engine: Engine;
  let tenants: MemoryTenants;
  beforeAll(async () => {
    tenants = memoryTenants();
    engine = await startEngine({ provisioners: tenants, clocks: { keep: '100ms' } });
  });
  afterAll(() => engine.stop());

  it.each(STATES)('%s is read with every member that today’s code expects', (_name, stored) => {
    const now = currentState(stored);
    for (const [part, then] of [[now, TODAY], [now.desired, TODAY.desired], [now.actual, TODAY.actual], [now.rules, TODAY.rules]] as const) {
      expect(Object.keys(part).toSorted()).toEqual(Object.keys(then).toSorted());
    }
  });

  it.each(STATES)('%s starts a run that carries out what it promised, and ends by a release', async (name, stored) => {
    const { id, handle } = await carryOn(engine, tenants, stored);
    const shown = async (): Promise<NonNullable<Awaited<ReturnType<typeof showInstance>>>> => {
      const record = await showInstance(engine.store, id);
      if (!record) throw new Error(`no instance ${id}`);
      return record;
    };
    // Stored by the new run, and nothing of it open.
    const { state } = await eventually(async () => {
      const record = await shown();
      return record.state.version > stored.version && record.state.open.length === 0 && record.state.trouble === null && record;
    });
    expect(phaseOf(state)).toBe(BECOMES[name]);
    expect(state).toMatchObject({ v: TODAY.v, orderLineId: stored.orderLineId, generation: stored.generation, taken: stored.taken });
    if (stored.desired.expireAt !== null) expect(state.desired.expireAt).toBe(stored.desired.expireAt);

    // What is held was released before.
    await handle.executeUpdate(state.desired.held ? 'unhold' : 'release', { args: [{}] });
    await eventually(async () => (await handle.describe()).status.name === 'COMPLETED');
    expect((await shown()).phase).toBe('released');
    expect(tenants.tenants.has(id)).toBe(false);
  });
});
