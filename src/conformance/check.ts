import type { Call } from '../simulator/call.ts';
import type { Context } from './context.ts';
import type { RuleId } from './rules.ts';
import type { Words } from './words.ts';

/** What a check saw. `finding` is null when all is as it must be; it names no secret. */
export interface Outcome {
  readonly finding: string | null;
  /** The call that shows it; null where none was made. */
  readonly call: Call | null;
  /** The rule that is broken, where what was seen says that it is another than the check's own. */
  readonly rule?: RuleId;
}

/** One row of the report. Its group is the part of the id before the dot. */
export interface Check {
  readonly id: string;
  readonly title: Words;
  readonly rule: RuleId;
  /**
   * `must`: a page says so, or an order would be lost, doubled or forged. `should`: inferred, or the pages disagree; it warns and never fails by
   * itself.
   */
  readonly severity: 'must' | 'should';
  /** `probe`: seen with `testFlag` 1 alone. `live`: creates an instance. */
  readonly needs: 'probe' | 'live';
  /** What would have been right, in the words of the wire. */
  readonly want: string;
  /** Checks that must have passed: without them this one would say nothing. */
  readonly after?: readonly string[];
  run(context: Context): Promise<Outcome>;
}

export function groupOf({ id }: Pick<Check, 'id'>): string {
  return id.slice(0, id.indexOf('.'));
}
