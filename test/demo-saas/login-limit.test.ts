import { describe, expect, it } from 'vitest';
import { createLoginLimit } from '../../src/demo-saas/login-limit.ts';

describe('createLoginLimit', () => {
  const start = (): { at: (time: number) => void; limit: ReturnType<typeof createLoginLimit> } => {
    let time = 1_000;
    return { at: (next) => (time = next), limit: createLoginLimit({ attempts: 2, windowMs: 100, now: () => time }) };
  };

  it('refuses what is over the limit until the window that began with the first attempt is over', () => {
    const { at, limit } = start();
    expect([limit.take('a'), limit.take('a')]).toEqual([0, 0]);
    at(1_030);
    expect(limit.take('a')).toBe(70);
    at(1_100);
    expect(limit.take('a')).toBe(0);
  });

  it('counts each tenant apart, and forgets the attempts after a right password', () => {
    const { limit } = start();
    expect([limit.take('a'), limit.take('a'), limit.take('a')]).toEqual([0, 0, 100]);
    expect(limit.take('b')).toBe(0);
    limit.clear('a');
    expect(limit.take('a')).toBe(0);
  });
});
