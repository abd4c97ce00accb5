import { describe, expect, it } from 'vitest';
import { Unreachable, type Mailbox } from '../../src/delivery/bell.ts';
import { createFakeBell } from '../support/fake-bell.ts';
import { describeBell } from './bell-contract.ts';

describeBell('the fake', () => {
  const bell = createFakeBell();
  const down = createFakeBell();
  down.mood = 'down';
  return Promise.resolve({
    bell,
    unreachable: [{ how: 'down', bell: down }],
    seen: (orderLineKey) => Promise.resolve({ starts: bell.workflows.has(orderLineKey) ? 1 : 0, signals: bell.workflows.get(orderLineKey)?.signals ?? 0 }),
    end: (orderLineKey) => Promise.resolve(bell.close(orderLineKey)),
    close: () => Promise.resolve(),
  });
});

const MAILBOX: Mailbox = { instanceId: 'i', orderLineKey: 'o/l', orderId: 'o', orderLineId: 'l', neverTaken: true };

describe('the fake', () => {
  it('takes a ring whose answer gets lost, and tells what a worker would do', async () => {
    const told: string[] = [];
    const bell = createFakeBell({ taken: ({ orderLineKey }, by) => told.push(`${by} ${orderLineKey}`) });
    bell.mood = 'lost answer';
    await expect(bell.ring(MAILBOX)).rejects.toThrow(Unreachable);
    bell.mood = 'up';
    expect(await bell.ring(MAILBOX)).toBe('rung');
    expect(await bell.ring({ ...MAILBOX, neverTaken: false })).toBe('rung');
    expect(told).toEqual(['start o/l', 'signal o/l']);
  });

  it('is slow until it is let go, and counts what is under way', async () => {
    const bell = createFakeBell();
    const letGo = bell.hold();
    const rings = [bell.ring(MAILBOX), bell.ring({ ...MAILBOX, neverTaken: false })];
    expect(bell.underWay).toEqual({ now: 2, most: 2, mostStarts: 1 });
    letGo();
    expect(await Promise.all(rings)).toEqual(['rung', 'rung']);
    expect(bell.underWay.now).toBe(0);
  });
});
