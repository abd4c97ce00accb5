import { expect, it } from 'vitest';
import { caught, check } from './checked.ts';
import { KEY, startSeller } from './sellers/honest.ts';

it('finds nothing wrong with the honest seller that the faulty ones are made of', async () => {
  const clock = { now: 1_767_225_600_123 };
  const seller = await startSeller({}, clock);
  try {
    const report = await check(seller.url, KEY, () => clock.now);
    expect(caught(report)).toEqual({});
    expect(report.counts.passed).toBe(report.counts.total - report.counts.skipped);
  } finally {
    await seller.close();
  }
});
