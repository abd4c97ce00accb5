import { readFileSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

import type { Problem } from './config-error.ts';
import { systemCode } from './variables.ts';

export type FileContent = Readonly<Record<string, unknown>>;

type Trouble = Pick<Problem, 'kind' | 'cause' | 'mend'>;

type FileRead = { readonly content: FileContent } | { readonly trouble: Trouble };

/** Reads the one configuration file: the default export of a module, or JSON. Nothing of its text is repeated in what goes wrong. */
export async function readConfigFile(name: string, cwd: string): Promise<FileRead> {
  const path = resolve(cwd, name);
  const kind = extname(path).toLowerCase();
  if (!['.ts', '.js', '.mjs', '.json'].includes(kind)) {
    return { trouble: { kind: 'invalid', cause: 'names a file of an unknown kind', mend: 'Name a .ts, .js, .mjs or .json file.' } };
  }
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const cause = `names a file that cannot be read (${systemCode(error)})`;
    return { trouble: { kind: 'unreadable', cause, mend: 'Check the path and who may read it.' } };
  }
  const content = kind === '.json' ? parseJson(text) : await importModule(path);
  if ('trouble' in content) return content;
  if (!isRecord(content.value)) {
    const [cause, mend] =
      kind === '.json'
        ? ['names a file that does not hold a JSON object', 'Write { … } in it.']
        : ['names a module whose default export is not an object', 'Write `export default { … }`.'];
    return { trouble: { kind: 'invalid', cause, mend } };
  }
  return { content: content.value };
}

type Loaded = { readonly value: unknown } | { readonly trouble: Trouble };

function parseJson(text: string): Loaded {
  try {
    return { value: JSON.parse(text.replace(/^\uFEFF/, '')) };
  } catch (error) {
    // V8 quotes the text around the mistake, and there may be a secret in it: only the place is passed on.
    const place = error instanceof Error ? /line \d+ column \d+/.exec(error.message)?.[0] : undefined;
    const cause = `names a file that is not JSON${place ? ` (${place})` : ''}`;
    return { trouble: { kind: 'invalid', cause, mend: 'Mend it there, or use a .ts file for comments and expressions.' } };
  }
}

async function importModule(path: string): Promise<Loaded> {
  try {
    const module: { default?: unknown } = await import(/* @vite-ignore */ pathToFileURL(path).href);
    return { value: module.default };
  } catch (error) {
    const name = error instanceof Error ? error.name : 'something that is not an error';
    const code = systemCode(error);
    const reason = code === 'unknown reason' ? name : `${name}, ${code}`;
    const cause = `names a module that fails when it is loaded (${reason})`;
    return { trouble: { kind: 'invalid', cause, mend: 'Run it by itself to see where: node <file>' } };
  }
}

export function isRecord(value: unknown): value is FileContent {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
