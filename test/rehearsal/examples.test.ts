import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseScenario } from '../../src/rehearsal/scenario.ts';
import { rehearsed, told, verdicts } from './rehearsed.ts';

const FOLDER = new URL('../../examples/rehearsals/', import.meta.url);
const example = (name: string): unknown => JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), 'utf8'));

/** What each example is there to show: invariants that it must reach, and lines that must be in it. */
const SHOWN: Readonly<Record<string, { readonly held: readonly number[]; readonly lines: readonly string[] }>> = {
  'renewed-on-time': { held: [1, 2, 3, 4, 8, 9], lines: ['buyer RENEWAL 000000', 'engine notify expiry-warning done'] },
  'never-renewed': { held: [1, 2, 3, 4, 8, 9], lines: ['engine grace over: freeze own clock', 'engine retention over: hold own clock', 'engine keep over: remove own clock'] },
  'refund-storm': { held: [1, 2, 3, 4, 5, 8, 9], lines: ['buyer UNSUBSCRIBE_RENEWAL_PERIOD 000000'] },
  'marketplace-in-trouble': { held: [1, 2, 3, 4, 5, 6, 8, 9], lines: ['buyer newInstance timed out', 'platform RENEWAL 000000', 'scenario restart-worker', 'scenario continue-as-new', 'platform FREEZE 000000'] },
};

describe('the examples', () => {
  it('are all tested', () => {
    expect(readdirSync(FOLDER).toSorted()).toEqual(Object.keys(SHOWN).map((name) => `${name}.json`).toSorted());
  });

  it.each(Object.entries(SHOWN))('%s plays as it says', { timeout: 180_000 }, async (name, { held, lines }) => {
    const rehearsal = await rehearsed({ scenario: parseScenario(example(name)) });
    expect(rehearsal.failures).toEqual([]);
    const reached = Object.entries(verdicts(rehearsal)).filter(([, verdict]) => verdict === 'held').map(([id]) => Number(id));
    expect(reached).toEqual(held);
    expect(rehearsal.ok).toBe(true);
    expect(told(rehearsal)).toEqual(expect.arrayContaining([...lines]));
  });
});
