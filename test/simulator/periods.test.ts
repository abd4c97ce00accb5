import { describe, expect, it } from 'vitest';
import { addPeriods, type PeriodType } from '../../src/simulator/periods.ts';

describe('adding periods', () => {
  it.each<[string, PeriodType, number, string]>([
    ['2026-11-21T09:30:00.123Z', 'month', 1, '2026-12-21T09:30:00.123Z'],
    ['2026-11-21T09:30:00.000Z', 'month', 3, '2027-02-21T09:30:00.000Z'],
    ['2027-01-31T23:59:59.000Z', 'month', 1, '2027-02-28T23:59:59.000Z'],
    ['2028-02-29T12:00:00.000Z', 'year', 1, '2029-02-28T12:00:00.000Z'],
    ['2026-12-25T00:00:00.000Z', 'day', 7, '2027-01-01T00:00:00.000Z'],
  ])('%s + %s × %i = %s', (from, type, count, to) => {
    expect(new Date(addPeriods(Date.parse(from), type, count)).toISOString()).toBe(to);
  });
});
