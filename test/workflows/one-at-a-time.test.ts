import { expect, it } from 'vitest';
import { oneAtATime } from '../../src/workflows/one-at-a-time.ts';

it('begins nothing before what came first has ended, however it ended', async () => {
  const alone = oneAtATime();
  const told: string[] = [];
  const { promise: gate, resolve: open } = Promise.withResolvers<void>();
  const first = alone(async () => {
    told.push('first begins');
    await gate;
    told.push('first fails');
    throw new Error('first');
  });
  const second = alone(() => {
    told.push('second begins');
    return Promise.resolve('second');
  });
  await Promise.resolve();
  expect(told).toEqual(['first begins']);
  open();
  await expect(first).rejects.toThrow('first');
  expect(await second).toBe('second');
  expect(told).toEqual(['first begins', 'first fails', 'second begins']);
});
