import type { Account } from './account.ts';
import type { Driven } from './drive.ts';
import { PARTS, type Plan } from './plan.ts';
import type { Said } from './said.ts';

/** How many of those that break a rule are shown. */
const SHOWN = 8;

export function isSound({ findings }: Account): boolean {
  return findings.every(({ broken }) => broken.length === 0);
}

/** The run as Markdown tables: kills, numbers, rules with what breaks them, and what the processes said meanwhile. */
export function asMarkdown({ seed, seconds, lines }: Plan, { kills, quiet, took }: Driven, counted: Account, { counts, ends }: Said): string {
  const { findings, numbers, evidence } = counted;
  const sections = [
    `seed ${seed}: ${lines.length} order lines, kills during ${seconds} s; the last call was accepted after ${took.load.toFixed(0)} s, all was ${quiet ? 'quiet' : 'still not quiet'} ${took.settling.toFixed(0)} s later`,
    table(['kill -9', 'killed', 'was down already'], PARTS.map((part) => [part, kills[part].killed, kills[part].foundDown])),
    table(['what', 'count'], numbers),
    table(['rule', 'looked at', 'broken'], findings.map(({ rule, checked, broken }) => [rule, checked, broken.length])),
    ...findings.filter(({ broken }) => broken.length > 0).map(({ rule, broken }) => [`BROKEN: ${rule}`, ...broken.slice(0, SHOWN).map((one) => `  - ${one}`)].join('\n')),
    ...(evidence.length === 0 ? [] : [['Of these lines (times UTC):', ...evidence.slice(0, SHOWN).map((one) => `  - ${one}`)].join('\n')]),
    ...(ends.size === 0 ? [] : [table(['ended by itself, and was started again', 'count'], byCount(ends))]),
    ...(counts.size === 0 ? [] : [table(['warnings and errors in the logs', 'count'], byCount(counts))]),
    isSound(counted) ? 'Every rule holds.' : `NOT every rule holds. Replay the plan with --seed ${seed}.`,
  ];
  return `${sections.join('\n\n')}\n`;
}

const byCount = (counts: ReadonlyMap<string, number>): [string, number][] => [...counts].toSorted(([, a], [, b]) => b - a);

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const all = [head, ...rows.map((row) => row.map((cell) => String(cell).replaceAll('|', '\\|').replaceAll('\n', ' ')))];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string => `| ${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join(' | ')} |`;
  const [titles = [], ...body] = all.map(line);
  return [titles, `|${widths.map((width, column) => (column === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`, ...body].join('\n');
}
