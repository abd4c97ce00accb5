import type { Item, Report } from '../../conformance/report.ts';
import type { Language } from '../../conformance/words.ts';
import { visible } from '../width.ts';
import { detailsOf, notesOf, seenOf, titleOf, totalsOf } from './details.ts';
import { headings } from './words.ts';

/**
 * The report as JUnit XML, the form that continuous integration reads: a suite a group. What must not be is a failure, a warning passes and is told
 * in `system-out`, an expected failure is skipped with that reason. A run that did not finish has a suite of its own with an error, so that nobody
 * takes it for a pass. Order of the elements: the schema of the Jenkins xUnit plug-in.
 */
export function junit(report: Report, language: Language): string {
  const { items, counts, kit, url, seed, ms, at, status } = report;
  const word = headings(language);
  const ended = status === 'finished' ? [] : [suite({ name: 'run', at, cases: [testcase('run', status, 0, tag('error', { type: status, message: word(status) }))], errors: 1 })];
  const suites = items.map((group) => {
    const cases = group.items.map((item) => caseOf(report, item, language));
    const of = (...wanted: readonly Item['status'][]): number => group.items.filter((item) => wanted.includes(item.status)).length;
    return suite({ name: group.id, at, cases, failures: of('failed'), skipped: of('skipped', 'expected'), ms: group.items.reduce((sum, { got }) => sum + (got?.ms ?? 0), 0) });
  });
  const properties = tag('properties', {}, ...Object.entries({ kit, url, seed, status }).map(([name, value]) => tag('property', { name, value })));
  const notes = [...notesOf(report, language).map(({ text }) => text), totalsOf(report, language)].join('\n');
  const whole = suite({ name: 'report', at, cases: [properties], tests: 0, out: tag('system-out', {}, escaped(notes)) });
  const total = { name: `kookeeper check ${kit}`, tests: counts.total + ended.length, failures: counts.failed, errors: ended.length, time: seconds(ms) };
  return `<?xml version="1.0" encoding="UTF-8"?>\n${tag('testsuites', total, ...suites, ...ended, whole)}\n`;
}

function caseOf({ kit }: Report, item: Item, language: Language): string {
  const word = headings(language);
  const seen = seenOf(item, language) ?? '';
  const details = detailsOf(item, language).map(([heading, text]) => `${word(heading)}: ${text}`).join('\n');
  const name = `${item.id}: ${titleOf(kit, item, language)}`;
  const made = (...inside: readonly string[]): string => testcase(item.id.split('.')[0] ?? '', name, item.got?.ms ?? 0, ...inside);
  if (item.status === 'failed') return made(tag('failure', { type: item.severity ?? '', message: seen }, escaped(details)));
  if (item.status === 'warning') return made(tag('system-out', {}, escaped(`${word('warning')}: ${seen}\n${details}`)));
  if (item.status === 'expected') return made(tag('skipped', { message: `${word('inBaseline')}: ${seen}` }));
  return item.status === 'skipped' ? made(tag('skipped', { message: seen })) : made();
}

interface Suite {
  readonly name: string;
  /** UTC ms. */
  readonly at: number;
  readonly cases: readonly string[];
  readonly tests?: number;
  readonly failures?: number;
  readonly errors?: number;
  readonly skipped?: number;
  readonly ms?: number;
  readonly out?: string;
}

function suite({ name, at, cases, tests = cases.length, failures = 0, errors = 0, skipped = 0, ms = 0, out = '' }: Suite): string {
  // The schema wants local or UTC time without an offset and without parts of a second.
  return tag('testsuite', { name, tests, failures, errors, skipped, time: seconds(ms), timestamp: new Date(at).toISOString().slice(0, 19) }, ...cases, out);
}

function testcase(classname: string, name: string, ms: number, ...inside: readonly string[]): string {
  return tag('testcase', { classname, name, time: seconds(ms) }, ...inside);
}

/** `inside` is XML already. */
function tag(name: string, attributes: Readonly<Record<string, string | number>>, ...inside: readonly string[]): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(String(value)).replaceAll('\n', '&#10;')}"`);
  const content = inside.filter((part) => part !== '').join('\n');
  return content === '' ? `<${name}${written.join('')}/>` : `<${name}${written.join('')}>${content}</${name}>`;
}

/** Without what XML 1.0 cannot hold: control characters appear as escapes, halves of letters and U+FFFE, U+FFFF as U+FFFD. */
function escaped(text: string): string {
  const shown = text.split('\n').map(visible).join('\n').toWellFormed().replaceAll(/[\ufffe\uffff]/g, '\ufffd');
  return shown.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}
