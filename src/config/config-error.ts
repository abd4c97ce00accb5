/** One thing that is wrong with the configuration. No field holds a configured value: it may be a secret in the wrong place. */
export interface Problem {
  readonly kind: 'missing' | 'invalid' | 'conflict' | 'unreadable' | 'unknown';
  /** The setting, for example `operator.port` or `products[2].provisioner.kind`. */
  readonly path: string;
  /** The variable it was read from or belongs in; null for what only a file can say. */
  readonly variable: string | null;
  /** What is wrong: reads on after the setting's name. */
  readonly cause: string;
  /** What to do about it. */
  readonly mend: string;
}

/** The configuration cannot be used. Nothing was started or changed; whether KooGallery accepts the values was not asked. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly code = 'CONFIG_INVALID';
  readonly problems: readonly Problem[];
  constructor(problems: readonly Problem[]) {
    super(problems.map((problem) => `${problem.variable ?? problem.path} ${problem.cause}`).join('\n'));
    this.problems = problems;
  }
}

/** The error as a person reads it: a headline, then each problem with its mend below. */
export function formatConfigError(error: ConfigError): string {
  const count = error.problems.length === 1 ? 'one problem' : `${error.problems.length} problems`;
  const lines = [`kookeeper cannot start: ${count} in its configuration`];
  for (const { path, variable, cause, mend } of error.problems) {
    const setting = variable === null || variable === path ? path : `${variable} (${path})`;
    lines.push('', `  ${setting} ${cause}`, `    ${mend}`);
  }
  return lines.join('\n');
}
