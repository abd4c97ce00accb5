import type { Invariant } from './ledger.ts';
import type { Wiring } from './wiring.ts';

/** A deliberate fault, let in through the wiring: the suite must find it, by one of these invariants. */
export interface Fault {
  readonly name: string;
  readonly breaks: readonly Invariant[];
  readonly wiring: () => Wiring;
}

export const FAULTS: readonly Fault[] = [];
