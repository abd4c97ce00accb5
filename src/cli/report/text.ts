import type { Item, Report, Status } from '../../conformance/report.ts';
import type { Language } from '../../conformance/words.ts';
import type { Output, Style } from '../output.ts';
import { displayWidth, pad, visible } from '../width.ts';
import { checksOf, detailsOf, groupText, notesOf, seenOf, SIGNS, titleOf, totalsOf, troublesOf } from './details.ts';
import { headings, HEADINGS } from './words.ts';

const STYLES = { passed: 'green', failed: 'red', warning: 'yellow', expected: 'dim', skipped: 'dim' } as const satisfies Readonly<Record<Status, Style>>;
const LABELS = ['rule', 'page', 'sent', 'got', 'want', 'mend', 'again'] as const;

export interface Printed {
  readonly language: Language;
  /** Whether passed and skipped checks have a line of their own too. */
  readonly all: boolean;
}

/** Prints the report: text as a tree with the failures below it, `json` as one object, `jsonl` a line a check and the summary as the last. */
export function printReport(output: Output, report: Report, how: Printed): void {
  if (output.format === 'json') return output.line(JSON.stringify(report, null, 2));
  if (output.format === 'jsonl') {
    const { items: _items, ...summary } = report;
    for (const check of checksOf(report)) output.line(JSON.stringify(check));
    return output.line(JSON.stringify(summary));
  }
  printTree(output, report, how);
  printDetails(output, report, how.language);
  output.line('');
  for (const { grave, text } of notesOf(report, how.language)) output.line(grave ? output.paint('red', visible(text)) : visible(text));
  output.line(totalsOf(report, how.language));
}

function printTree(output: Output, { kit, items }: Report, { language, all }: Printed): void {
  const width = Math.max(...items.map(({ id }) => displayWidth(id))) + 2;
  for (const group of items) {
    output.line(`${sign(output, group.status)} ${pad(group.id, width)}${groupText(group, language)}`);
    const shown = group.items.filter(({ status }) => all || (status !== 'passed' && status !== 'skipped'));
    const inner = Math.max(0, ...shown.map(({ id }) => displayWidth(id))) + 2;
    for (const item of shown) output.line(`   ${sign(output, item.status)} ${pad(item.id, inner)}${titleOf(kit, item, language)}${tail(item, language)}`);
  }
}

function tail(item: Item, language: Language): string {
  const seen = seenOf(item, language);
  return seen === null ? '' : `: ${visible(seen)}`;
}

function printDetails(output: Output, report: Report, language: Language): void {
  const word = headings(language);
  const width = Math.max(...LABELS.map((label) => displayWidth(HEADINGS[label][language]))) + 1;
  for (const [index, item] of troublesOf(report).entries()) {
    output.line(`\n${index + 1} ${sign(output, item.status)} ${output.paint('bold', item.id)}   ${item.severity} [${item.source?.mark}]`);
    for (const [heading, text] of detailsOf(item, language)) output.line(`  ${pad(word(heading), width)}${visible(text)}`);
  }
}

function sign(output: Output, status: Status): string {
  return output.paint(STYLES[status], SIGNS[status]);
}
