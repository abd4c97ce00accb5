import type { Check } from '../../conformance/check.ts';
import { KITS, type Kit } from '../../conformance/kits.ts';
import { MISTAKES_ZH } from '../../conformance/mistake-words.ts';
import { inLanguage } from '../../conformance/phrases.ts';
import type { Item, Report, Status } from '../../conformance/report.ts';
import { RULES } from '../../conformance/rules.ts';
import type { Language } from '../../conformance/words.ts';
import { headings, type HEADINGS } from './words.ts';

export const SIGNS = { passed: '✓', failed: '✗', warning: '!', expected: '~', skipped: '–' } as const satisfies Readonly<Record<Status, string>>;
export const ORDER = ['passed', 'failed', 'warning', 'expected', 'skipped'] as const;
const SHOWN = 240;

/** A line of a finding: which heading, and its text. The text may hold what the seller said: each form of the report makes it safe for itself. */
export type Detail = readonly [heading: keyof typeof HEADINGS, text: string];

/** The checks of a report, without their groups. */
export function checksOf({ items }: Report): readonly Item[] {
  return items.flatMap((group) => group.items);
}

/** What a person must look at, in the order of the report. */
export function troublesOf(report: Report): readonly Item[] {
  return checksOf(report).filter(({ status }) => status === 'failed' || status === 'warning');
}

export function titleOf(kit: Kit, { id, name }: Item, language: Language): string {
  return checkOf(kit, id)?.title[language] ?? name;
}

/** What was seen, or why nothing was; null for a check that passed. */
export function seenOf({ finding, skip }: Item, language: Language): string | null {
  const seen = finding ?? skip;
  return seen === null ? null : inLanguage(seen, language);
}

/** Rule, page, what was sent, what came, what was wanted, how to mend it, and how to try again. */
export function detailsOf(item: Item, language: Language): readonly Detail[] {
  const rule = Object.values(RULES).find(({ rule: { en } }) => en === item.rule);
  const lines: readonly (readonly [Detail[0], string | null])[] = [
    ['rule', rule?.rule[language] ?? item.rule],
    ['page', item.source?.page ?? null],
    ['sent', sentText(item)],
    ['got', gotText(item, language)],
    ['want', item.want === null ? null : inLanguage(item.want, language)],
    ['mend', rule?.mend[language] ?? item.mend],
    ['again', item.replay === null ? null : `kookeeper replay ${item.replay}`],
  ];
  return lines.flatMap(([heading, text]) => (text === null ? [] : [[heading, text] as const]));
}

/** What stands below the checks: `grave` for what a person must not overlook. */
export interface Note {
  readonly grave: boolean;
  readonly text: string;
}

export function notesOf(report: Report, language: Language): readonly Note[] {
  const word = headings(language);
  const { mistakes, debugging, recovered, left, overdue, status } = report;
  const notes: Note[] = [];
  const add = (text: string, grave = false): void => void notes.push({ grave, text });
  if (mistakes.length > 0) add(`${word('mistake')}:`, true);
  for (const { id, ...en } of mistakes) {
    const { says, mend } = (language === 'zh' ? MISTAKES_ZH[id] : undefined) ?? en;
    add(`  ${id}: ${says}`);
    add(`  ${word('mend')}: ${mend}`);
  }
  for (const { product, cases } of debugging) {
    const tried = Object.values(cases).filter((saved) => saved !== null);
    const lacking = Object.entries(cases).filter(([, saved]) => saved === false).map(([name]) => name);
    const told = tried.length === 0 ? word('notTried') : `${tried.filter(Boolean).length}/${Object.keys(cases).length} ${word('wouldSave')}${lacking.length > 0 ? ` (✗ ${lacking.join(', ')})` : ''}`;
    add(`${word('debugging')}, ${inLanguage(product, language)}: ${told}`);
  }
  if (recovered.length > 0) add(`${word('recovered')}: ${recovered.join(', ')}`, true);
  if (left.length > 0) add(`${word('left')}: ${left.join(', ')}`, true);
  if (overdue.length > 0) add(`${word('overdue')}: ${overdue.join(', ')}`, true);
  if (status !== 'finished') add(word(status), true);
  return notes;
}

/** The last line: counts, time and seed. */
export function totalsOf({ counts, ms, seed }: Report, language: Language): string {
  const word = headings(language);
  const parts = ORDER.filter((each) => each === 'passed' || counts[each] > 0).map((each) => `${counts[each]} ${word(each)}`);
  return `${parts.join(', ')} ${word('of')} ${counts.total} · ${(ms / 1000).toFixed(1)} s · seed ${seed}`;
}

/** Counts of one group and the reasons for what it skipped: `21 passed, 2 skipped: needs --live`. */
export function groupText({ items }: Item, language: Language): string {
  const word = headings(language);
  const counts = ORDER.map((status) => [status, items.filter((item) => item.status === status).length] as const).filter(([, count]) => count > 0);
  const skips = [...new Set(items.flatMap(({ skip }) => skip ?? []))].map((skip) => inLanguage(skip, language));
  return counts.map(([status, count]) => `${count} ${word(status)}`).join(', ') + (skips.length > 0 ? `: ${skips.join('; ')}` : '');
}

export function verdictText({ verdict }: Report, language: Language): string {
  return headings(language)(verdict === null ? 'verdictNone' : verdict === 'passed' ? 'verdictPassed' : 'verdictFailed');
}

function checkOf(kit: Kit, id: string): Check | undefined {
  const checks: readonly Check[] = KITS[kit];
  return checks.find((check) => check.id === id);
}

function sentText({ sent }: Item): string | null {
  if (sent === null) return null;
  const query = Object.entries(sent.query).map(([name, value]) => `${name}=${value.length > 16 ? `${value.slice(0, 12)}…` : value}`);
  return `${sent.verb === '' ? 'POST' : sent.verb} ?${query.join('&')} ${short(sent.body)}`;
}

function gotText({ got, finding }: Item, language: Language): string | null {
  if (got === null) return finding === null ? null : inLanguage(finding, language);
  if (got.status === null) return `${inLanguage(got.failure ?? '', language)} (${got.ms} ms)`;
  return `HTTP ${got.status} ${got.contentType ?? inLanguage('no content type', language)} ${short(got.text)} · ${got.ms} ms`;
}

function short(text: string): string {
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}… (${text.length})` : text;
}
