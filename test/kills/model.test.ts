import { describe, expect, it } from 'vitest';
import { endingOf, type Accepted } from './model.ts';
import { makePlan } from './plan.ts';

const HOUR = 3_600_000;
const NOW = 1_800_000_000_000;
const SOON = { end: NOW + HOUR, sku: 'brief' } as const;
const LATER = { end: NOW + 30 * 24 * HOUR, sku: 'brief' } as const;

const create: Accepted = { kind: 'create', at: NOW };
const freeze: Accepted = { kind: 'freeze', at: NOW };
const unfreeze: Accepted = { kind: 'unfreeze', at: NOW };
const renew: Accepted = { kind: 'renew', at: NOW, end: NOW + 60 * 24 * HOUR };
const release = (unsubscribed: boolean): Accepted => ({ kind: 'release', at: NOW, unsubscribed });

describe('the model of a line', () => {
  it.each([
    ['a create leaves it usable', SOON, [create], 'usable'],
    ['a renewal takes back the freeze of the expiry', SOON, [create, freeze, renew], 'usable'],
    ['a renewal leaves the freeze of a violation', LATER, [create, freeze, renew], 'frozen'],
    ['an unfreeze takes back both', LATER, [create, freeze, unfreeze], 'usable'],
    ['a release without a stated end removes', LATER, [create, release(false)], 'released, data removed'],
    ['a release while a renewal is paid for keeps, until a person decides', LATER, [create, renew, release(false)], 'released, data kept'],
    ['an unsubscription removes all the same', LATER, [create, renew, release(true)], 'released, data removed'],
    ['a product with a longer time to keep keeps', { ...LATER, sku: 'kept' }, [create, release(true)], 'released, data kept'],
  ] as const)('%s', (_, bought, calls, ending) => {
    expect(endingOf(bought, calls)).toBe(ending);
  });
});

describe('a plan', () => {
  const options = { lines: 30, seconds: 20, gap: 2, pause: 1_000 };

  it('is the same for the same seed, and another for another', () => {
    expect(makePlan({ ...options, seed: 7 })).toEqual(makePlan({ ...options, seed: 7 }));
    expect(makePlan({ ...options, seed: 7 }).lines).not.toEqual(makePlan({ ...options, seed: 8 }).lines);
  });

  it('kills each of the three, in the order of time', () => {
    const { kills } = makePlan({ ...options, seed: 7 });
    expect(new Set(kills.map(({ part }) => part)).size).toBe(3);
    expect(kills.map(({ at }) => at)).toEqual(kills.map(({ at }) => at).toSorted((a, b) => a - b));
  });
});
