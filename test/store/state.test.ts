import { expect, it } from 'vitest';
import type { Plan } from '../../src/lifecycle/plan.ts';
import type { LifeState } from '../../src/lifecycle/state.ts';
import { listCommands } from '../../src/store/mailbox.ts';
import { waitingSince } from '../../src/store/rings.ts';
import { InstanceRowMissing, storeState } from '../../src/store/state.ts';
import { onBoth } from './databases.ts';
import { create, NOW, nextState, rowOf, write } from './samples.ts';

const PLAN: Plan = { skuCode: 'SKU-1', productId: 'OFFI-1', quantity: 5, chargingMode: 'PERIOD', trial: false };

/** Makes the database refuse the second half of what is stored, and take it again. */
const NO_OUTCOMES = {
  sqlite: ["create trigger refusing before update on command begin select raise(abort, 'no_outcomes'); end", 'drop trigger refusing'],
  postgres: ['alter table command add constraint no_outcomes check (outcome is null)', 'alter table command drop constraint no_outcomes'],
} as const;

onBoth('storing a state', (database) => {
  const keep = (state: LifeState, run = 'run-1', now = NOW) => storeState(database.em(), state, run, now);

  it('keeps the whole state, and beside it what instances are found by', async () => {
    await create(database.store);
    const state = await nextState(database.store, { taken: 1 });
    const whole: LifeState = {
      ...state,
      desired: { ...state.desired, plan: PLAN, expireAt: NOW + 86_400_000, stated: true },
      actual: { ...state.actual, tenant: 'open', plan: PLAN },
      needsPerson: { 'several-products': { since: NOW, detail: `two products: it's "a" and ? $1 \\ 云` } },
    };
    expect(await keep(whole, 'run-1', NOW + 7)).toEqual({ stored: true });
    const row = await rowOf(database.store);
    expect(row.state).toEqual(whole);
    expect(row).toMatchObject({ version: 1, generation: 1, runId: 'run-1', taken: 1, phase: 'active', needsPerson: true, skuCode: 'SKU-1', productId: 'OFFI-1', expireAt: NOW + 86_400_000, updatedAt: NOW + 7 });
  });

  it('takes a newer version, and answers the stored state to an older one', async () => {
    await create(database.store);
    const first = await nextState(database.store);
    await keep({ ...first, version: 5 });
    await keep({ ...first, version: 7, taken: 1 });
    expect(await keep({ ...first, version: 6 })).toEqual({ stored: false, ahead: { ...first, version: 7, taken: 1 } });
    expect((await rowOf(database.store)).version).toBe(7);
  });

  it('is content when the same run repeats the same version: only the answer had got lost', async () => {
    await create(database.store);
    const state = await nextState(database.store);
    await keep(state);
    expect(await keep(state)).toEqual({ stored: true });
  });

  it('takes more from the same run with the same version: a lost workflow task was carried out again, later', async () => {
    await create(database.store);
    await write(database.store);
    const state = await nextState(database.store, { taken: 1 });
    await keep(state);
    const again: LifeState = { ...state, taken: 2, settled: [{ seq: 2, outcome: 'done', at: NOW }] };
    expect(await keep(again)).toEqual({ stored: true });
    expect(await rowOf(database.store)).toMatchObject({ waiting: false, taken: 2, version: state.version });
    expect(await listCommands(database.em(), 'instance-1')).toMatchObject([{ outcome: null }, { seq: 2, outcome: 'done' }]);
    // The first attempt, landing last, takes nothing back.
    expect(await keep(state)).toEqual({ stored: true });
    expect(await rowOf(database.store)).toMatchObject({ waiting: false, taken: 2 });
  });

  it('answers the stored state to another run that comes with an equal version', async () => {
    await create(database.store);
    const state = await nextState(database.store, { taken: 1 });
    await keep(state);
    expect(await keep({ ...state, taken: 0 }, 'run-2')).toEqual({ stored: false, ahead: state });
    expect(await rowOf(database.store)).toMatchObject({ runId: 'run-1', taken: 1 });
  });

  it('lets a newer generation win over any version, and never the other way', async () => {
    await create(database.store);
    const state = await nextState(database.store);
    await keep({ ...state, version: 90 });
    expect(await keep({ ...state, generation: 2, version: 1 }, 'run-2')).toEqual({ stored: true });
    expect(await keep({ ...state, generation: 1, version: 91 })).toMatchObject({ stored: false, ahead: { generation: 2, version: 1 } });
  });

  it('lets exactly one of several runs store the same version', async () => {
    await create(database.store);
    const state = await nextState(database.store);
    const answers = await database.atOnce(8, (store, index) => storeState(store.em(), state, `run-${index}`, NOW));
    expect(answers.filter(({ stored }) => stored)).toHaveLength(1);
  });

  it('writes the outcomes of settled commands with the state, and keeps them out of it', async () => {
    await create(database.store);
    await write(database.store);
    const state = await nextState(database.store, { taken: 2, settled: [{ seq: 1, outcome: 'done', at: NOW + 3 }] });
    await keep(state);
    expect(await listCommands(database.em(), 'instance-1')).toMatchObject([{ seq: 1, outcome: 'done', settledAt: NOW + 3 }, { seq: 2, outcome: null, settledAt: null }]);
    expect((await rowOf(database.store)).state.settled).toEqual([]);
  });

  it('writes no outcome of a state that it does not take', async () => {
    await create(database.store);
    const state = await nextState(database.store);
    await keep({ ...state, version: 9 });
    await keep({ ...state, version: 8, settled: [{ seq: 1, outcome: 'failed', at: NOW }] });
    await keep({ ...state, version: 9, settled: [{ seq: 1, outcome: 'failed', at: NOW }] }, 'run-2');
    expect(await listCommands(database.em(), 'instance-1')).toMatchObject([{ outcome: null }]);
  });

  it('writes state and outcomes together or not at all', async () => {
    await create(database.store);
    const [refuse, take] = NO_OUTCOMES[database.at.kind];
    await database.em().getConnection().execute(refuse);
    const settling = keep(await nextState(database.store, { settled: [{ seq: 1, outcome: 'done', at: NOW }] }));
    await expect(settling).rejects.toThrow('no_outcomes');
    await database.em().getConnection().execute(take);
    expect((await rowOf(database.store)).version).toBe(0);
  });

  it('lets the mailbox rest only when every command is taken', async () => {
    await create(database.store);
    await write(database.store, '1', {}, NOW + 1_000);
    await write(database.store, '1', {}, NOW + 2_000);
    await keep(await nextState(database.store, { taken: 2 }));
    expect(await rowOf(database.store)).toMatchObject({ waiting: true, taken: 2 });
    expect(await waitingSince(database.em())).toBe(NOW + 2_000);
    await keep(await nextState(database.store, { taken: 3 }));
    expect(await rowOf(database.store)).toMatchObject({ waiting: false, waitingSince: null, taken: 3 });
    expect(await waitingSince(database.em())).toBeNull();
  });

  it('stores whatever words a failing provisioner used', async () => {
    await create(database.store);
    const trouble = { effect: 'provision', rounds: 1, since: NOW, nextTryAt: NOW, cutOff: false, code: 'EPIPE', message: 'NUL \0 and half a pair \ud83d' } as const;
    const state = await nextState(database.store, { trouble });
    const plan = { ...PLAN, skuCode: 's'.repeat(80) };
    expect(await keep({ ...state, desired: { ...state.desired, plan } })).toEqual({ stored: true });
    const row = await rowOf(database.store);
    expect(row.state.trouble?.message).toBe('NUL \ufffd and half a pair \ufffd');
    expect(row.state.desired.plan).toEqual(plan);
    expect(row.skuCode).toBe('s'.repeat(64));
  });

  it('says so when the instance has no row at all', async () => {
    await create(database.store);
    const state = await nextState(database.store);
    await expect(keep({ ...state, instanceId: 'instance-2' })).rejects.toThrow(InstanceRowMissing);
  });
});
