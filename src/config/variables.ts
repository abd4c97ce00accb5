import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import type { Problem } from './config-error.ts';
import { nearest } from './nearest.ts';
import type { Origin } from './types.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export type Found =
  | { readonly is: 'found'; readonly text: string; readonly variable: string; readonly origin: Origin }
  | { readonly is: 'absent' }
  | { readonly is: 'problem'; readonly problem: Pick<Problem, 'kind' | 'variable' | 'cause' | 'mend'> };

/**
 * Reads a variable. An empty one counts as not set, because compose files pass `${NAME:-}` on as empty text.
 *
 * A secret may instead stand in the file that `<name>_FILE` names (relative to `cwd`); one line break at its end is dropped.
 * Both at once is a problem: nobody could say which of the two is meant.
 */
export function readVariable(env: Environment, name: string, secret: boolean, cwd: string): Found {
  const direct = env[name] ?? '';
  const fileVariable = `${name}_FILE`;
  const file = secret ? (env[fileVariable] ?? '') : '';
  if (direct !== '' && file !== '') {
    const cause = `and ${fileVariable} are both set`;
    return { is: 'problem', problem: { kind: 'conflict', variable: name, cause, mend: 'Keep one of the two.' } };
  }
  if (direct !== '') return { is: 'found', text: direct, variable: name, origin: `environment ${name}` };
  if (file === '') return { is: 'absent' };
  try {
    const text = readFileSync(resolve(cwd, file), 'utf8').replace(/\r?\n$/, '');
    return { is: 'found', text, variable: fileVariable, origin: `environment ${fileVariable}` };
  } catch (error) {
    // The path is not repeated: a secret set as …_FILE by mistake would be shown with it.
    const cause = `names a file that cannot be read (${systemCode(error)})`;
    const mend = 'Check the path and who may read it. It must be the name of a file, not the secret itself.';
    return { is: 'problem', problem: { kind: 'unreadable', variable: fileVariable, cause, mend } };
  }
}

/** A variable that is set, that nobody reads, and whose name resembles the missing one; or null. */
export function misspelt(env: Environment, missing: string, known: ReadonlySet<string>): string | null {
  const strangers = Object.keys(env).filter(
    (name) => /^KOO(GALLERY|KEEPER)_/i.test(name) && !known.has(name) && !known.has(name.replace(/_FILE$/, '')),
  );
  return nearest(missing, strangers);
}

/** `ENOENT` and the like: the short name that the operating system gives an error. */
export function systemCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown reason';
}
