import type { Problem } from './config-error.ts';
import { isRecord, type FileContent } from './read-file.ts';
import { allSettings, type Setting } from './settings.ts';
import type { Need, Origin } from './types.ts';
import { misspelt, readVariable, type Environment } from './variables.ts';

export interface Sources {
  readonly env: Environment;
  /** Values of command-line flags by the setting's path; they win over everything. Never a secret. */
  readonly flags: Readonly<Record<string, string>>;
  readonly file: { readonly name: string; readonly content: FileContent } | null;
  readonly cwd: string;
  readonly need: Need;
}

export interface Reader {
  /** The setting's value from flag > environment > file > default. What is wrong is added to `problems`, and the default returned. */
  pick<T>(setting: Setting<T>): T;
  readonly problems: Problem[];
  readonly origin: Record<string, Origin>;
}

interface Given {
  readonly value: unknown;
  readonly variable: string | null;
  readonly origin: Origin;
}

const variables = new Set(allSettings.flatMap(({ variable }) => variable ?? []));

export function createReader(sources: Sources): Reader {
  const problems: Problem[] = [];
  const origin: Record<string, Origin> = {};

  function pick<T>(setting: Setting<T>): T {
    const { path, fallback, mend } = setting;
    if (sources.need !== 'show' && !setting.usedBy.includes(sources.need)) {
      origin[path] = 'not read';
      return fallback;
    }
    origin[path] = 'default';
    const given = find(setting);
    if (given === 'problem') return fallback;
    if (given === null) {
      if (setting.requiredBy.includes(sources.need)) problems.push(missing(setting));
      return fallback;
    }
    const parsed = setting.schema.safeParse(given.value);
    if (parsed.success) {
      origin[path] = given.origin;
      return parsed.data;
    }
    for (const issue of parsed.error.issues) {
      problems.push({ kind: 'invalid', path: pathOf(path, issue.path), variable: given.variable, cause: issue.message, mend });
    }
    return fallback;
  }

  function find(setting: Setting<unknown>): Given | null | 'problem' {
    const flag = sources.flags[setting.path];
    if (flag !== undefined && !setting.secret) return { value: flag, variable: null, origin: 'flag' };
    if (setting.variable !== null) {
      const found = readVariable(sources.env, setting.variable, setting.secret, sources.cwd);
      if (found.is === 'problem') {
        problems.push({ path: setting.path, ...found.problem });
        return 'problem';
      }
      if (found.is === 'found') return { value: found.text, variable: found.variable, origin: found.origin };
    }
    if (!setting.inFile || sources.file === null) return null;
    const value = valueAt(sources.file.content, setting.path);
    return value === undefined ? null : { value, variable: null, origin: `file ${sources.file.name}` };
  }

  function missing({ path, variable, mend }: Setting<unknown>): Problem {
    const stranger = variable === null ? null : misspelt(sources.env, variable, variables);
    const cause = stranger === null ? 'is missing' : `is missing (${stranger} is set, but kookeeper reads no variable of that name)`;
    return { kind: 'missing', path, variable, cause, mend };
  }

  return { pick, problems, origin };
}

function valueAt(content: unknown, path: string): unknown {
  let value = content;
  for (const key of path.split('.')) {
    if (!isRecord(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
}

/** `products` and [2, 'provisioner', 'kind'] → `products[2].provisioner.kind`. */
function pathOf(path: string, rest: readonly PropertyKey[]): string {
  return path + rest.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
}
