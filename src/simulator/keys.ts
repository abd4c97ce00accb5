import type { RandomBytes } from './ids.ts';

/** What seller and marketplace share. */
export interface MarketKeys {
  /** Access key of the base interface: signs the marketplace's calls and the seller's usage push. */
  readonly base: string;
  /** AK/SK of the seller's account: sign its calls to the open API. */
  readonly ak: string;
  readonly sk: string;
}

/** Keys that open nothing but the market they are made for. */
export function newKeys(random: RandomBytes): MarketKeys {
  const text = (size: number): string => Buffer.from(random(size)).toString('hex');
  return { base: text(24), ak: text(10).toUpperCase(), sk: text(20) };
}

/** The given keys, and new ones for those that are not given. */
export function completed({ base, ak, sk }: Partial<MarketKeys>, random: RandomBytes): MarketKeys {
  // A seeded source gives nothing away for keys that nobody needs: its order numbers stay the same.
  if (base !== undefined && ak !== undefined && sk !== undefined) return { base, ak, sk };
  const made = newKeys(random);
  return { base: base ?? made.base, ak: ak ?? made.ak, sk: sk ?? made.sk };
}
