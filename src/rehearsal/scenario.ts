import { z } from 'zod';
import { didYouMean } from '../config/nearest.ts';
import { duration, word } from '../config/schemas.ts';
import { ACTIONS } from '../simulator/control/actions.ts';
import type { Purchase } from '../simulator/actions/create.ts';
import type { Disorder } from '../simulator/disorder.ts';
import { LEVELS, type CustomerLevel } from '../simulator/platform/levels.ts';
import { expectation, type Expectation } from './expectation.ts';
import { problemsOf, ScenarioInvalid, type ScenarioProblem } from './scenario-invalid.ts';
import { chances, isStep, STEPS, type StepName } from './steps.ts';
import { VERBS, type Verb } from './tenants.ts';

/** When a step is played, ms: since the purchase, since the step before, or before or after the end that is paid for when its turn comes. */
export const INSTANTS = ['at', 'after', 'beforeEnd', 'afterEnd'] as const;
export type InstantKind = (typeof INSTANTS)[number];

export const PHASES = ['creating', 'active', 'frozen', 'released', 'failed'] as const;

export interface Step {
  readonly do: StepName;
  /** Null: directly after the step before, or after what `once` waits for. */
  readonly when: { readonly kind: InstantKind; readonly ms: number } | null;
  /** Not before the instance is in this phase; `after` counts from then. */
  readonly once: (typeof PHASES)[number] | null;
  /** Fields of the step itself. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly expect: Expectation | null;
}

/** What is bought, as the market's `buy` takes it; what is left out is chosen from the configuration. */
export type Bought = Pick<Purchase, 'linearValue' | 'chargingMode' | 'periodType' | 'periodNumber' | 'trial'> & Partial<Pick<Purchase, 'skuCode' | 'productId'>>;

/** A story to rehearse. One subscription, bought at once; durations in ms. */
export interface Scenario {
  readonly about: string;
  readonly buy: Bought;
  readonly level: CustomerLevel | null;
  readonly seed: number | null;
  /** Verbs of the provisioner that fail from the purchase on. */
  readonly broken: readonly Verb[];
  /** What goes wrong on the way to the seller, from the purchase on. */
  readonly trouble: Partial<Readonly<Record<Disorder, number>>> | null;
  readonly steps: readonly Step[];
  /** Since the purchase; null: until nothing is left to happen, at most a year after the last step. */
  readonly until: number | null;
  /** Of the end. */
  readonly expect: Expectation | null;
}

const common = {
  do: z.string(),
  at: duration.optional(),
  after: duration.optional(),
  beforeEnd: duration.optional(),
  afterEnd: duration.optional(),
  once: word(PHASES).optional(),
  expect: expectation.optional(),
};

const file = z.strictObject({
  about: z.string().default(''),
  buy: z.strictObject(ACTIONS.buy.input.shape).default({}),
  level: word(LEVELS).optional(),
  seed: z.int().min(0).optional(),
  broken: z.array(word(VERBS)).default([]),
  trouble: chances.optional(),
  steps: z.array(z.record(z.string(), z.unknown(), 'is not an object'), 'is not a list').default([]),
  until: duration.optional(),
  expect: expectation.optional(),
});

/** Checks what a scenario file holds. Throws ScenarioInvalid with every problem, each with its path and mend. */
export function parseScenario(content: unknown): Scenario {
  const parsed = file.safeParse(content);
  if (!parsed.success) throw new ScenarioInvalid(problemsOf(parsed.error, '', Object.keys(file.shape)));
  const { about, buy, level = null, seed = null, broken, trouble = null, steps, until = null, expect = null } = parsed.data;
  const problems: ScenarioProblem[] = [];
  const read = steps.map((step, index) => readStep(step, `steps[${index}]`, problems)).filter((step) => step !== null);
  if (problems.length === 0) problems.push(...outOfOrder(read));
  if (problems.length > 0) throw new ScenarioInvalid(problems);
  return { about, buy: stated(buy, content), level, seed, broken, trouble, steps: read, until, expect };
}

/** Without the fields that the schema filled in: what the file leaves open is chosen elsewhere. */
function stated(buy: object, content: unknown): Bought {
  const written = (content as { readonly buy?: object }).buy ?? {};
  return Object.fromEntries(Object.entries(buy).filter(([name]) => Object.hasOwn(written, name)));
}

function readStep(raw: Readonly<Record<string, unknown>>, path: string, problems: ScenarioProblem[]): Step | null {
  const name = raw['do'];
  if (typeof name !== 'string' || !isStep(name)) {
    const cause = name === undefined ? 'is missing' : `is not a step${typeof name === 'string' ? didYouMean(name, Object.keys(STEPS)) : ''}`;
    problems.push({ path: `${path}.do`, cause, mend: `Write one of ${Object.keys(STEPS).join(', ')}.` });
    return null;
  }
  const shape = { ...common, ...STEPS[name].fields };
  const parsed = z.strictObject(shape).safeParse(raw);
  if (!parsed.success) {
    problems.push(...problemsOf(parsed.error, path, Object.keys(shape)));
    return null;
  }
  const { do: _do, at, after, beforeEnd, afterEnd, once = null, expect = null, ...fields } = parsed.data as z.output<z.ZodObject<typeof common>> & Record<string, unknown>;
  const given = Object.entries({ at, after, beforeEnd, afterEnd }).flatMap(([kind, ms]) => (ms === undefined ? [] : [{ kind: kind as InstantKind, ms }]));
  if (given.length > 1) {
    problems.push({ path, cause: `has ${given.map(({ kind }) => kind).join(' and ')}`, mend: 'Give one instant: at (since the purchase), after (since the step before), beforeEnd or afterEnd.' });
    return null;
  }
  return { do: name, when: given[0] ?? null, once, fields, expect };
}

/** What can be seen to be impossible before anything is played. */
function outOfOrder(steps: readonly Step[]): ScenarioProblem[] {
  const problems: ScenarioProblem[] = [];
  let last = 0;
  let renewals = 0;
  for (const [index, { do: name, when }] of steps.entries()) {
    if (when?.kind === 'at') {
      if (when.ms < last) problems.push({ path: `steps[${index}].at`, cause: 'is before the step before it', mend: 'Put the steps in the order in which they happen.' });
      last = when.ms;
    }
    if (name === 'renew' || name === 'renew-change') renewals += 1;
    if (name !== 'refund') continue;
    if (renewals === 0) problems.push({ path: `steps[${index}].do`, cause: 'refunds a renewal, and none is left to refund', mend: 'Put a renew before it; unsubscribe ends the purchase itself.' });
    else renewals -= 1;
  }
  return problems;
}
