import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { posix } from 'node:path';
import { importsOf } from '../architecture/imports.ts';
import { read } from '../architecture/source.ts';

const ENTRY = 'src/workflows/index.ts';

/** Our own files that a workflow runs, from the entry on; what is imported as a type only is erased before. */
export function workflowFiles(entry: string = ENTRY): string[] {
  const found = new Set<string>();
  const visit = (path: string): void => {
    if (found.has(path)) return;
    found.add(path);
    for (const { from, typeOnly } of importsOf(read(path))) if (from.startsWith('.') && !typeOnly) visit(posix.join(posix.dirname(path), from));
  };
  visit(entry);
  return [...found].toSorted();
}

/** A digest of what runs: comments, layout and types make no difference. */
export function digestOf(source: string): string {
  return createHash('sha256').update(stripTypeScriptTypes(source, { mode: 'transform' })).digest('hex').slice(0, 16);
}

/** Digest of every file of the workflow code, and the version of the SDK that runs it. */
export function workflowCode(): Record<string, string> {
  const sdk = JSON.parse(read('package.json')) as { dependencies: Record<string, string> };
  return {
    '@temporalio/workflow': sdk.dependencies['@temporalio/workflow'] ?? '',
    ...Object.fromEntries(workflowFiles().map((path) => [path, digestOf(read(path))])),
  };
}

/** What was last confirmed for a file: its digest, and why the histories still cover it. */
export type Covered = Readonly<Record<string, readonly [digest: string, why: string]>>;

export const COVERED = new URL('./covered.json', import.meta.url);

export function covered(): Covered {
  return JSON.parse(readFileSync(COVERED, 'utf8')) as Covered;
}

/** Files whose code is not what was confirmed. */
export function unconfirmed(confirmed: Covered, now: Readonly<Record<string, string>>): string[] {
  const names = new Set([...Object.keys(confirmed), ...Object.keys(now)]);
  return [...names].filter((name) => confirmed[name]?.[0] !== now[name]).toSorted();
}
