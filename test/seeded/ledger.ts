/** The invariants of architecture §7, by their numbers; 7 waits for metering. */
export const INVARIANTS = {
  1: 'at most one live instance per order line',
  2: 'an accepted create ends ready, failed or with a person',
  3: 'never removed while paid for, never usable while frozen',
  4: 'removed exactly once',
  5: 'same call, same answer; other bytes refused; refused changes nothing',
  6: 'a stored failure never outlives a retry that could succeed',
  8: 'recorded before it is answered, and kept or with a person',
  9: 'timers fire at their instant, also after restarts',
  10: 'probes and live data never meet',
} as const;

export type Invariant = keyof typeof INVARIANTS;

/** A rule that does not hold. */
export class Broken extends Error {
  override readonly name = 'Broken';
  readonly invariant: Invariant;
  constructor(invariant: Invariant, found: string) {
    super(`invariant ${invariant} (${INVARIANTS[invariant]}): ${found}`);
    this.invariant = invariant;
  }
}

/** Counts every check of every invariant, and throws at the first that fails. */
export interface Ledger {
  check(invariant: Invariant, holds: boolean, found: () => string): void;
  readonly counts: Readonly<Record<Invariant, number>>;
}

export function createLedger(): Ledger {
  const counts: Record<Invariant, number> = { 1: 0, 2: 0, 3: 0, 4: 0, 5: 0, 6: 0, 8: 0, 9: 0, 10: 0 };
  return {
    counts,
    check(invariant, holds, found) {
      counts[invariant] += 1;
      if (!holds) throw new Broken(invariant, found());
    },
  };
}

/** The table that is printed after a run. */
export function table(counts: Ledger['counts']): string {
  const rows = Object.entries(INVARIANTS).map(([number, rule]) => `${number.padStart(3)}  ${String(counts[Number(number) as Invariant]).padStart(9)}  ${rule}`);
  return ['  #     checks  invariant (architecture §7)', ...rows, '  7          –  every metered minute in one window (not applicable yet)'].join('\n');
}
