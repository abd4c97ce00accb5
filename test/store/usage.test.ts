import { expect, it } from 'vitest';
import type { Plan } from '../../src/lifecycle/plan.ts';
import type { LifeState } from '../../src/lifecycle/state.ts';
import type { UsageReading } from '../../src/lifecycle/usage.ts';
import { Usage } from '../../src/store/entities.ts';
import { findInstances } from '../../src/store/instances.ts';
import { createSealer } from '../../src/store/sealer.ts';
import { storeState } from '../../src/store/state.ts';
import { meteredAfter, putUsage } from '../../src/store/usage.ts';
import { onBoth } from './databases.ts';
import { create, nextState, NOW } from './samples.ts';

const sealer = createSealer(['secret']);
const reading = (value: number): UsageReading => ({ value, at: NOW });

onBoth('readings of meters', (database) => {
  const found = async (): Promise<unknown> => (await findInstances(database.em(), sealer, ['instance-1']))[0]?.usage;

  it('are found with their instance, all members as they were, and none before the first', async () => {
    await create(database.store);
    expect(await found()).toEqual([]);
    const readings = [
      { relatedInstanceId: 'on-demand-1', value: 1.2345, at: NOW, dashboardUrl: `https://usage.example/?a='"\\{}` },
      { value: 0, at: NOW - 1 },
    ];
    await putUsage(database.em(), 'instance-1', readings, NOW);
    expect(await found()).toEqual(readings);
  });

  it('replace those before them', async () => {
    await create(database.store);
    await putUsage(database.em(), 'instance-1', [reading(1), reading(2)], NOW);
    await putUsage(database.em(), 'instance-1', [reading(3)], NOW + 1);
    expect(await found()).toEqual([reading(3)]);
    expect(await database.em().find(Usage, {})).toMatchObject([{ instanceId: 'instance-1', readAt: NOW + 1 }]);
  });

  it('never replace what was read later, in whatever order two readers write', async () => {
    await create(database.store);
    await database.atOnce(8, async (store, index) => putUsage(store.em(), 'instance-1', [reading(index)], NOW + index));
    expect(await found()).toEqual([reading(7)]);
    await putUsage(database.em(), 'instance-1', [reading(1)], NOW);
    expect(await found()).toEqual([reading(7)]);
  });

  it('are to be taken of living instances with a tenant that is paid by use, page by page in the order of their ids', async () => {
    const plan = (chargingMode: string): Plan => ({ skuCode: 'SKU-1', productId: 'OFFI-1', quantity: null, chargingMode, trial: false });
    const put = async (name: string, actual: Partial<LifeState['actual']>, desired: Partial<LifeState['desired']> = {}): Promise<void> => {
      await create(database.store, name);
      const state = await nextState(database.store, {}, name);
      await storeState(database.em(), { ...state, actual: { ...state.actual, ...actual }, desired: { ...state.desired, ...desired } }, 'run-1', NOW);
    };
    await put('e-open', { tenant: 'open', plan: plan('ON_DEMAND') });
    await put('d-frozen', { tenant: 'closed', plan: plan('ON_DEMAND_PKG') }, { frozen: ['person'] });
    await put('c-open', { tenant: 'open', plan: plan('ON_DEMAND_PKG') }, { plan: plan('PERIOD') });
    await put('period', { tenant: 'open', plan: plan('PERIOD') }, { plan: plan('ON_DEMAND') });
    await put('one-time', { tenant: 'open', plan: plan('ONE_TIME') });
    await put('making', { tenant: 'maybe', plan: plan('ON_DEMAND') });
    await put('released', { tenant: 'closed', plan: plan('ON_DEMAND') }, { released: { at: NOW, removeAt: NOW + 1, by: 'marketplace' } });
    await put('removed', { tenant: 'removed', plan: plan('ON_DEMAND') });
    await put('unknown', { tenant: 'none', plan: null });
    expect(await meteredAfter(database.em(), '', 2)).toEqual([
      { instanceId: 'instance-c-open', plan: plan('ON_DEMAND_PKG') },
      { instanceId: 'instance-d-frozen', plan: plan('ON_DEMAND_PKG') },
    ]);
    expect(await meteredAfter(database.em(), 'instance-d-frozen', 2)).toEqual([{ instanceId: 'instance-e-open', plan: plan('ON_DEMAND') }]);
    expect(await meteredAfter(database.em(), 'instance-e-open', 2)).toEqual([]);
  });

  it('are refused when the marketplace could not be told them, and those before stay', async () => {
    await create(database.store);
    await putUsage(database.em(), 'instance-1', [reading(1)], NOW);
    const wrong: [Partial<UsageReading>, string][] = [
      [{ value: -0.5 }, 'value -0.5 is not between'],
      [{ value: Number.NaN }, 'value NaN'],
      [{ value: Number.POSITIVE_INFINITY }, 'value Infinity'],
      [{ value: 100_000_000 }, 'value 100000000'],
      [{ at: 1.5 }, 'instant 1.5'],
      [{ at: -1 }, 'instant -1'],
      [{ at: 253_402_300_800_000 }, 'instant 253402300800000'],
      [{ relatedInstanceId: 'x'.repeat(65) }, 'relatedInstanceId'],
      [{ relatedInstanceId: '' }, 'relatedInstanceId'],
      [{ dashboardUrl: `https://x/${'secret'.repeat(100)}` }, 'dashboardUrl is empty or longer than 512 characters'],
    ];
    for (const [changes, problem] of wrong) {
      const refused = await putUsage(database.em(), 'instance-1', [reading(2), { ...reading(3), ...changes }], NOW + 1).catch((error: unknown) => error);
      expect(refused).toMatchObject({ code: 'USAGE_UNUSABLE', message: expect.stringContaining(problem) });
      expect(String(refused)).not.toContain('secret');
    }
    expect(await found()).toEqual([reading(1)]);
  });
});
