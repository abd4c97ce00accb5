import { z } from 'zod';
import { PERSON_REASONS, type PersonReason } from '../lifecycle/person-reasons.ts';
import type { Look } from './look.ts';

const reasons = Object.keys(PERSON_REASONS) as [PersonReason, ...PersonReason[]];

/** What a scenario says must be so once a step has been carried out; what it leaves out may be anything. */
export const expectation = z.strictObject({
  phase: z.enum(['creating', 'active', 'frozen', 'released', 'failed']).optional(),
  /** All causes, in any order. */
  frozenFor: z.array(z.enum(['expiry', 'violation', 'clock', 'quota', 'person'])).optional(),
  /** All reasons, in any order. */
  needsPerson: z.array(z.enum(reasons)).optional(),
  tenant: z.enum(['open', 'suspended', 'absent']).optional(),
  /** Of the step's last call. */
  answer: z.string().regex(/^\d{6}$/, 'is not a result code of six digits').optional(),
});

export type Expectation = z.output<typeof expectation>;

/** What is not as expected, in words; empty when all is. */
export function unmet({ phase, frozenFor, needsPerson, tenant, answer }: Expectation, look: Look, answered: string | null): string[] {
  const differs = (what: string, want: string, got: string | null): string[] => (want === got ? [] : [`${what} is ${got ?? 'not known'}, want ${want}`]);
  return [
    ...(phase === undefined ? [] : differs('the phase', phase, look.phase)),
    ...(frozenFor === undefined ? [] : differs('it is frozen for what', list(frozenFor), list(look.frozenFor))),
    ...(needsPerson === undefined ? [] : differs('what needs a person', list(needsPerson), list(look.needsPerson))),
    ...(tenant === undefined ? [] : differs('the tenant', tenant, look.tenant)),
    ...(answer === undefined ? [] : differs('the answer', answer, answered)),
  ];
}

function list(words: readonly string[]): string {
  return words.length === 0 ? 'nothing' : words.toSorted().join(', ');
}
