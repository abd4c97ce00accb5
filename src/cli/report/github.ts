import type { Item, Report } from '../../conformance/report.ts';
import type { Language } from '../../conformance/words.ts';
import { visible } from '../width.ts';
import { annotation } from './annotation.ts';
import { detailsOf, groupText, notesOf, seenOf, SIGNS, titleOf, totalsOf, troublesOf, verdictText } from './details.ts';
import { headings } from './words.ts';

/**
 * The report as GitHub Actions reads it from stdout: an annotation for each failure and warning, and the last line. What the seller said stands only
 * inside of annotations, where the runner takes no command from it.
 */
export function annotations(report: Report, language: Language): readonly string[] {
  const word = headings(language);
  const { kit } = report;
  const found = troublesOf(report).map((item) => {
    const details = detailsOf(item, language).map(([heading, text]) => `${word(heading)}: ${text}`);
    return annotation(item.status === 'failed' ? 'error' : 'warning', `${item.id} ${titleOf(kit, item, language)}`, [seenOf(item, language) ?? '', ...details]);
  });
  const notes = notesOf(report, language).filter(({ grave }) => grave).map(({ text }) => annotation(report.status === 'finished' ? 'warning' : 'error', 'kookeeper check', [text]));
  return [...found, ...notes, totalsOf(report, language)];
}

/** Markdown for the page of the workflow run (GITHUB_STEP_SUMMARY). */
export function stepSummary(report: Report, language: Language): string {
  const word = headings(language);
  const { kit, url, items } = report;
  const groups = items.map((group) => `| ${SIGNS[group.status]} ${group.id} | ${plain(groupText(group, language))} |`);
  const found = troublesOf(report).map((item) => finding(report, item, language));
  const notes = notesOf(report, language).map(({ text }) => `- ${plain(text.trim())}`);
  return [
    `## ${word('title')}: ${plain(verdictText(report, language))}`,
    `${kit} · ${plain(url)}`,
    [`| ${word('check')} | ${word('result')} |`, '|---|---|', ...groups].join('\n'),
    ...found,
    notes.join('\n'),
    plain(totalsOf(report, language)),
    '',
  ].join('\n\n');
}

function finding({ kit }: Report, item: Item, language: Language): string {
  const word = headings(language);
  const lines = detailsOf(item, language).map(([heading, text]) => `- **${word(heading)}** ${heading === 'page' ? `<${text}>` : plain(text)}`);
  return [`### ${SIGNS[item.status]} ${plain(item.id)}: ${plain(titleOf(kit, item, language))}`, '', plain(seenOf(item, language) ?? ''), '', ...lines].join('\n');
}

/** Text that Markdown and HTML make nothing of: numeric references are never taken for structure (CommonMark 2.5). */
function plain(text: string): string {
  return visible(text).replaceAll(/[!-/:-@[-`{-~]/g, (character) => `&#${character.charCodeAt(0)};`);
}
