import { randomBytes } from 'node:crypto';
import type { Item, Report } from '../../src/conformance/report.ts';
import { runChecks, type RunOptions } from '../../src/conformance/run.ts';

/** A whole run against an address, with what does not matter filled in. */
export function check(url: string, key: string, now: () => number, options: Partial<RunOptions> = {}): Promise<Report> {
  return runChecks({
    kit: 'saas-v2',
    url,
    key,
    now,
    random: randomBytes,
    seed: 7,
    timeLimit: 20_000,
    fetch: globalThis.fetch,
    closing: new AbortController().signal,
    live: null,
    wanted: () => true,
    baseline: new Map(),
    progress: () => undefined,
    ...options,
  });
}

export function rows({ items }: Report): readonly Item[] {
  return items.flatMap((group) => group.items);
}

/** Ids of the checks that were made and did not pass, with what was seen. */
export function caught(report: Report): Readonly<Record<string, string>> {
  return Object.fromEntries(rows(report).filter(({ finding }) => finding !== null).map(({ id, finding }) => [id, finding ?? '']));
}
