import type { z } from 'zod';
import { didYouMean } from '../config/nearest.ts';

export interface ScenarioProblem {
  /** Where in the file, such as `steps[2].after`; '' for the whole. */
  readonly path: string;
  /** Reads on after the path. */
  readonly cause: string;
  readonly mend: string;
}

/** The scenario cannot be played as it is written. Nothing was started. */
export class ScenarioInvalid extends Error {
  override readonly name = 'ScenarioInvalid';
  readonly code = 'SCENARIO_INVALID';
  readonly problems: readonly ScenarioProblem[];
  constructor(problems: readonly ScenarioProblem[]) {
    super(['the scenario cannot be played:', ...problems.flatMap(({ path, cause, mend }) => ['', `  ${path || 'the file'} ${cause}`, `    ${mend}`])].join('\n'));
    this.problems = problems;
  }
}

/** What zod found, with paths as a person writes them; `known` are the names that may stand there. */
export function problemsOf({ issues }: z.ZodError, prefix: string, known: readonly string[]): ScenarioProblem[] {
  return issues.map((issue) => {
    const path = issue.path.reduce<string>((before, part) => (typeof part === 'number' ? `${before}[${part}]` : before === '' ? String(part) : `${before}.${String(part)}`), prefix);
    if (issue.code === 'unrecognized_keys') {
      const names = issue.keys.map((key) => `${JSON.stringify(key)}${didYouMean(key, known)}`);
      return { path, cause: `holds an unknown key, ${names.join('; ')}`, mend: `Known here: ${issue.path.length === 0 ? known.join(', ') : 'see docs/reference/rehearsal-scenarios.md'}.` };
    }
    const cause = /^(?:is|holds|names) /.test(issue.message) ? issue.message : `is wrong: ${issue.message}`;
    return { path, cause, mend: 'docs/reference/rehearsal-scenarios.md tells what may stand there.' };
  });
}
