import { describe, expect, it } from 'vitest';
import { KITS } from '../../src/conformance/kits.ts';
import { caught, check, rows } from './checked.ts';
import { FAULTY } from './sellers/faulty.ts';
import { KEY, createSeller } from './sellers/honest.ts';

describe('a seller with one mistake is caught by the checks meant for it, and by no other', () => {
  it.each(FAULTY.map((faulty) => [faulty.name, faulty] as const))('%s', async (_, { faults, caughtBy, mistake }) => {
    const clock = { now: 1_767_225_600_123 };
    const seller = createSeller(faults, clock);
    const report = await check(seller.url, KEY, () => clock.now, { fetch: seller.fetch });
    expect(Object.keys(caught(report)).toSorted()).toEqual(caughtBy.toSorted());
    expect(report.mistakes.map(({ id }) => id)).toEqual(mistake === undefined ? [] : [mistake]);
    // What is left out is left out because of what was caught, never silently.
    const reasons = rows(report).flatMap(({ skip }) => (skip === null || skip === 'needs --live' ? [] : [skip]));
    expect(reasons.filter((reason) => !reason.startsWith('blocked by '))).toEqual([]);
  });
});

it('every check that needs no instance catches one of them', () => {
  const catching = new Set(FAULTY.flatMap(({ caughtBy }) => caughtBy));
  const idle = KITS['saas-v2'].filter(({ id, needs }) => needs === 'probe' && !catching.has(id)).map(({ id }) => id);
  expect(idle).toEqual([]);
});
