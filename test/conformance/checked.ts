import { randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import { inLanguage } from '../../src/conformance/phrases.ts';
import type { Item, Report } from '../../src/conformance/report.ts';
import { runChecks, type RunOptions } from '../../src/conformance/run.ts';

/** A whole run against an address, with what does not matter filled in. Whatever it finds must have its words in Chinese too. */
export async function check(url: string, key: string, now: () => number, options: Partial<RunOptions> = {}): Promise<Report> {
  const report = await runChecks({
    kit: 'saas-v2',
    url,
    key,
    now,
    random: randomBytes,
    secrets: [],
    seed: 7,
    namedAt: now(),
    timeLimit: 20_000,
    fetch: globalThis.fetch,
    closing: new AbortController().signal,
    live: null,
    wanted: () => true,
    baseline: new Map(),
    progress: () => undefined,
    ...options,
  });
  expect(rows(report).flatMap(({ finding, skip }) => finding ?? skip ?? []).filter(isEnglish)).toEqual([]);
  return report;
}

/** Whether two English words are left side by side in the Chinese of it (a line of PHRASES is missing). Words of the wire stand alone. */
export function isEnglish(text: string): boolean {
  return /[a-z]{2,} [a-z]{2,}/.test(inLanguage(text, 'zh'));
}

export function rows({ items }: Report): readonly Item[] {
  return items.flatMap((group) => group.items);
}

/** Ids of the checks that were made and did not pass, with what was seen. */
export function caught(report: Report): Readonly<Record<string, string>> {
  return Object.fromEntries(rows(report).filter(({ finding }) => finding !== null).map(({ id, finding }) => [id, finding ?? '']));
}
