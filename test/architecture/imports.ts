import { posix } from 'node:path';
import { ROOMS, TYPES_FOR_ALL } from './rooms.ts';
import type { Source } from './source.ts';

export interface Import {
  readonly from: string;
  /** Erased before it runs: `import type`, `export type`. (`import { type X }` still loads the module.) */
  readonly typeOnly: boolean;
}

// Statements begin a line, so prose in comments is left out; a dynamic import may stand anywhere outside a comment line.
const STATIC = /^[ \t]*(?:import|export)\b(?<type>\s+type\b(?!\s+from\b)(?!\s*,))?(?:[^'"`;]*?\bfrom)?\s*(?<quote>['"])(?<from>[^'"\n]+)\k<quote>/gm;
const DYNAMIC = /^(?!\s*(?:\*|\/\/|\/\*)).*?\bimport\(\s*['"](?<from>[^'"\n]+)['"]/gm;

export function importsOf(text: string): Import[] {
  const found: Import[] = [];
  for (const { groups } of text.matchAll(STATIC)) found.push({ from: groups!['from']!, typeOnly: groups!['type'] !== undefined });
  for (const { groups } of text.matchAll(DYNAMIC)) found.push({ from: groups!['from']!, typeOnly: false });
  return found;
}

const matches = (patterns: readonly string[], name: string): boolean =>
  patterns.some((pattern) => (pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern));

/** `room` opens the whole room, `room/part` the file or folder of that name. */
const opens = (allowed: readonly string[], target: string): boolean =>
  allowed.some((entry) => entry === '*' || target === entry || target.startsWith(`${entry}/`) || target === `${entry}.ts`);

const packageOf = (from: string): string => from.split('/').slice(0, from.startsWith('@') ? 2 : 1).join('/');

/** Says why the import is not allowed, or null. `path` is `src/<room>/…`. */
export function forbidden(path: string, { from, typeOnly }: Import): string | null {
  const name = path.split('/')[1] ?? '';
  const room = ROOMS[name];
  if (room === undefined) return `${path}: not in a room of the import table`;
  if (!from.startsWith('.')) {
    return matches(room.packages, from.startsWith('node:') ? from : packageOf(from)) ? null : `${path}: ${name} may not import the package ${from}`;
  }
  const target = posix.join(posix.dirname(path), from);
  if (!target.startsWith('src/')) return `${path}: ${from} leads out of src`;
  const inside = target.slice('src/'.length);
  if (opens([name, ...room.rooms], inside)) return null;
  if (opens([...room.types, ...TYPES_FOR_ALL], inside)) return typeOnly ? null : `${path}: ${name} may take only types from ${from}`;
  return `${path}: ${name} may not import ${from}`;
}

export function violations(files: readonly Source[]): string[] {
  return files.flatMap(({ path, text }) => importsOf(text).map((one) => forbidden(path, one))).filter((reason) => reason !== null);
}
