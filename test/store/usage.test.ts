import { expect, it } from 'vitest';
import type { UsageReading } from '../../src/lifecycle/usage.ts';
import { Usage } from '../../src/store/entities.ts';
import { findInstances } from '../../src/store/instances.ts';
import { createSealer } from '../../src/store/sealer.ts';
import { putUsage } from '../../src/store/usage.ts';
import { onBoth } from './databases.ts';
import { create, NOW } from './samples.ts';

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
