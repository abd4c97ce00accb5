/** What came of one phase of calls. Times in ms. */
export interface Load {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** Processor time of this process for each call, all threads together; null where it is not this process that was measured. */
  readonly cpu: number | null;
}

/** One figure over the rounds. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const reversed = sorted.toReversed();
  // Of an even number the middle lies between two.
  return { median: (percentile(sorted, 0.5) + percentile(reversed, 0.5)) / 2, min: percentile(sorted, 0), max: percentile(sorted, 1) };
}

/** Nearest rank; `sorted` ascends. Throws on an empty list: a phase in which nothing ended has no figures. */
export function percentile(sorted: readonly number[], share: number): number {
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (value === undefined) throw new RangeError('nothing ended while it was measured: give more --seconds');
  return value;
}
