import type { Check } from '../conformance/check.ts';
import { KITS, type Kit } from '../conformance/kits.ts';
import type { Item, Report, Skip, Status } from '../conformance/report.ts';
import { RULES } from '../conformance/rules.ts';
import type { Language } from '../conformance/words.ts';
import { headings, type HEADINGS } from './check-words.ts';
import type { Output, Style } from './output.ts';
import { displayWidth, pad, visible } from './width.ts';

const SIGNS = { passed: '✓', failed: '✗', warning: '!', expected: '~', skipped: '–' } as const satisfies Readonly<Record<Status, string>>;
const STYLES = { passed: 'green', failed: 'red', warning: 'yellow', expected: 'dim', skipped: 'dim' } as const satisfies Readonly<Record<Status, Style>>;
const ORDER = ['passed', 'failed', 'warning', 'expected', 'skipped'] as const;
const SHOWN = 240;

export interface Printed {
  readonly language: Language;
  /** Whether passed and skipped checks have a line of their own too. */
  readonly all: boolean;
}

/** Prints the report: text as a tree with the failures below it, `json` as one object, `jsonl` a line a check and the summary as the last. */
export function printReport(output: Output, report: Report, how: Printed): void {
  if (output.format === 'json') return output.line(JSON.stringify(report, null, 2));
  if (output.format === 'jsonl') {
    const { items, ...summary } = report;
    for (const { items: checks } of items) for (const check of checks) output.line(JSON.stringify(check));
    return output.line(JSON.stringify(summary));
  }
  printTree(output, report, how);
  printDetails(output, report, how.language);
  printSummary(output, report, how.language);
}

function printTree(output: Output, { kit, items }: Report, { language, all }: Printed): void {
  const word = headings(language);
  const titles = titlesOf(kit, language);
  const width = Math.max(...items.map(({ id }) => displayWidth(id))) + 2;
  for (const group of items) {
    const counts = ORDER.map((status) => [status, group.items.filter((item) => item.status === status).length] as const).filter(([, count]) => count > 0);
    const skips = [...new Set(group.items.flatMap(({ skip }) => skip ?? []))];
    const told = counts.map(([status, count]) => `${count} ${word(status)}`).join(', ') + (skips.length > 0 ? `: ${skips.join('; ')}` : '');
    output.line(`${sign(output, group.status)} ${pad(group.id, width)}${told}`);
    const shown = group.items.filter(({ status }) => all || (status !== 'passed' && status !== 'skipped'));
    const inner = Math.max(0, ...shown.map(({ id }) => displayWidth(id))) + 2;
    for (const item of shown) output.line(`   ${sign(output, item.status)} ${pad(item.id, inner)}${titles.get(item.id) ?? item.name}${tail(item)}`);
  }
}

function tail({ finding, skip }: { readonly finding: string | null; readonly skip: Skip | null }): string {
  const more = finding ?? skip;
  return more === null ? '' : `: ${visible(more)}`;
}

function printDetails(output: Output, { kit, url, items }: Report, language: Language): void {
  const word = headings(language);
  const checks = new Map<string, Check>(KITS[kit].map((check) => [check.id, check]));
  const shown = items.flatMap((group) => group.items).filter(({ status }) => status === 'failed' || status === 'warning');
  for (const [index, item] of shown.entries()) {
    const check = checks.get(item.id);
    const rule = check && RULES[check.rule];
    output.line(`\n${index + 1} ${sign(output, item.status)} ${output.paint('bold', item.id)}   ${item.severity} [${item.source?.mark}]`);
    const lines: readonly (readonly [keyof typeof HEADINGS, string | null])[] = [
      ['rule', rule?.rule[language] ?? item.rule],
      ['page', item.source?.page ?? null],
      ['sent', sentText(item)],
      ['got', gotText(item)],
      ['want', item.want],
      ['mend', rule?.mend[language] ?? item.mend],
      ['again', `kookeeper check ${url} --only ${item.id}${check?.needs === 'live' ? ' --live …' : ''}`],
    ];
    for (const [heading, text] of lines) if (text !== null) output.line(`  ${pad(word(heading), 6)} ${visible(text)}`);
  }
}

function sentText({ sent }: Item): string | null {
  if (sent === null) return null;
  const query = Object.entries(sent.query).map(([name, value]) => `${name}=${value.length > 16 ? `${value.slice(0, 12)}…` : value}`);
  return `${sent.verb === '' ? 'POST' : sent.verb} ?${query.join('&')} ${short(sent.body)}`;
}

function gotText({ got, finding }: Item): string | null {
  if (got === null) return finding;
  return got.status === null ? `${got.failure} (${got.ms} ms)` : `HTTP ${got.status} ${got.contentType ?? 'without content type'} ${short(got.text)} in ${got.ms} ms`;
}

function printSummary(output: Output, report: Report, language: Language): void {
  const word = headings(language);
  const { counts, mistakes, recovered, overdue, debugging, status } = report;
  output.line('');
  if (mistakes.length > 0) {
    output.line(`${word('mistake')}:`);
    for (const { id, says, mend } of mistakes) output.line(`  ${id}: ${says}\n  ${word('mend')}: ${mend}`);
  }
  for (const { product, cases } of debugging) {
    const tried = Object.values(cases).filter((saved) => saved !== null);
    const lacking = Object.entries(cases).filter(([, saved]) => saved === false).map(([name]) => name);
    const told = tried.length === 0 ? word('notTried') : `${tried.filter(Boolean).length}/${Object.keys(cases).length} ${word('wouldSave')}${lacking.length > 0 ? ` (✗ ${lacking.join(', ')})` : ''}`;
    output.line(`${word('debugging')}, ${product}: ${told}`);
  }
  if (recovered.length > 0) output.line(`${word('recovered')}: ${recovered.join(', ')}`);
  if (report.left.length > 0) output.line(output.paint('red', `${word('left')}: ${report.left.map(visible).join(', ')}`));
  if (overdue.length > 0) output.line(`${word('overdue')}: ${overdue.join(', ')}`);
  if (status !== 'finished') output.line(output.paint('red', word(status)));
  const parts = ORDER.filter((each) => each === 'passed' || counts[each] > 0).map((each) => `${counts[each]} ${word(each)}`);
  output.line(`${parts.join(', ')} ${word('of')} ${counts.total} · ${(report.ms / 1000).toFixed(1)} s · seed ${report.seed}`);
}

function titlesOf(kit: Kit, language: Language): ReadonlyMap<string, string> {
  return new Map(KITS[kit].map(({ id, title }) => [id, title[language]]));
}

function sign(output: Output, status: Status): string {
  return output.paint(STYLES[status], SIGNS[status]);
}

function short(text: string): string {
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}… (${text.length})` : text;
}
