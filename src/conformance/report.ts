import type { Kit } from './kits.ts';
import type { RULES } from './rules.ts';

/** Why a check was not made; there are no other reasons. */
export type Skip = 'needs --live' | 'filtered' | 'interrupted' | `blocked by ${string}`;

/** `expected`: failed, as the baseline says it does. */
export type Status = 'passed' | 'failed' | 'warning' | 'skipped' | 'expected';

export interface Sent {
  readonly verb: string;
  readonly query: Readonly<Record<string, string>>;
  /** At most 1,000 characters. */
  readonly body: string;
}

export interface Got {
  readonly status: number | null;
  readonly contentType: string | null;
  /** At most 1,000 characters, without access data. */
  readonly text: string;
  readonly failure: string | null;
  readonly ms: number;
}

/** One node of the result: a run holds groups, a group holds checks. JSON is always English. */
export interface Item {
  readonly id: string;
  readonly name: string;
  readonly status: Status;
  /** null for a node that holds others. */
  readonly severity: 'must' | 'should' | null;
  readonly rule: string | null;
  readonly source: { readonly page: string; readonly mark: (typeof RULES)[keyof typeof RULES]['mark'] } | null;
  readonly sent: Sent | null;
  readonly got: Got | null;
  readonly want: string | null;
  readonly mend: string | null;
  /** What was seen, or why nothing was. */
  readonly finding: string | null;
  readonly skip: Skip | null;
  /** What `kookeeper replay` calls this finding; null where there is none. */
  readonly replay: string | null;
  readonly items: readonly Item[];
}

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly warning: number;
  readonly expected: number;
  readonly skipped: number;
  readonly total: number;
}

/** The console's debugging (调测) of one kind of product: how many of its cases would be saved; null for those that were not tried. */
export interface Debugging {
  readonly product: string;
  readonly cases: Readonly<Record<string, boolean | null>>;
}

export interface Report {
  readonly kit: Kit;
  readonly url: string;
  readonly seed: number;
  /** When the run began, UTC ms. */
  readonly at: number;
  readonly live: boolean;
  /** What the run may have left at the seller: ids of instances that it would not release, and orders (`order CS…`) whose create told no id. */
  readonly left: readonly string[];
  /** How the run ended, apart from what it found. */
  readonly status: 'finished' | 'interrupted' | 'unreachable' | 'nothing checked';
  /** null where nothing can be said. */
  readonly verdict: 'passed' | 'failed' | null;
  readonly ms: number;
  readonly counts: Counts;
  /** Known wrong ways of signing that the seller accepts in place of the right one. */
  readonly mistakes: readonly { readonly id: string; readonly says: string; readonly mend: string }[];
  /** Ids of the baseline that did not fail, though they were looked at. */
  readonly recovered: readonly string[];
  /** Ids of the baseline whose date is over. */
  readonly overdue: readonly string[];
  readonly debugging: readonly Debugging[];
  readonly items: readonly Item[];
}
