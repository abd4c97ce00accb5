import { basename, dirname, join } from 'node:path/posix';
import type { Source } from '../architecture/source.ts';
import { anchorOf, headings } from './headings.ts';
import { codeSpans, namedCommands } from './named.ts';

const LANGUAGE = '.zh-CN.md';

/** The pages that have a Chinese edition, each with it. */
export function editions(pages: readonly Source[]): { readonly english: Source; readonly chinese: Source }[] {
  return pages.flatMap((chinese) => {
    const english = pages.find(({ path }) => chinese.path.endsWith(LANGUAGE) && path === chinese.path.replace(LANGUAGE, '.md'));
    return english === undefined ? [] : [{ english, chinese }];
  });
}

/** The first line of each edition: the way to the other. */
export function switchLines(english: string): readonly [string, string] {
  const name = basename(english, '.md');
  return [`English | [简体中文](${name}${LANGUAGE})`, `[English](${name}.md) | 简体中文`];
}

/**
 * What one edition has and the other lacks, as sentences; empty when they say the same. Prose and printed output may differ: commands, everything in
 * code, variables, where links lead and the levels of headings may not.
 */
export function differences(english: Source, chinese: Source, translated: readonly string[]): string[] {
  return [english, chinese].flatMap((page, side) => {
    const other = side === 0 ? chinese : english;
    return Object.entries(facets(page, translated)).flatMap(([facet, told]) => {
      const elsewhere = facets(other, translated)[facet as keyof ReturnType<typeof facets>];
      return without(told, elsewhere).map((item) => `${other.path} lacks the ${facet} ${item}`);
    });
  });
}

function facets(page: Source, translated: readonly string[]) {
  return {
    command: unique(namedCommands(page).map(({ program, words }) => [program, ...words].join(' '))),
    code: unique(codeSpans(page)),
    variable: unique(page.text.match(/\b(?:KOOGALLERY|KOOKEEPER|TEMPORAL)_[A-Z]+(?:_[A-Z]+)*\b|\bDATABASE_URL\b/g) ?? []),
    link: linksOf(page, translated),
    heading: headings(page.text).map(({ level }, index) => `${index + 1} of level ${level}`),
  };
}

/** Targets as often as they are named, as the English edition would write them; headings of translated pages by their number. */
function linksOf(page: Source, translated: readonly string[]): string[] {
  const body = page.text.slice(page.text.indexOf('\n'));
  return Array.from(body.matchAll(/\]\(([^)\s]+)\)/g), ([, target = '']) => {
    if (/^[a-z]+:/.test(target)) return target;
    const [file = '', heading] = target.split('#');
    if (file === '') return `#${headings(page.text).findIndex(({ title }) => anchorOf(title) === heading) + 1}`;
    const path = join(dirname(page.path), file).replace(LANGUAGE, '.md');
    return heading === undefined || translated.includes(path) ? path : `${path}#${heading}`;
  });
}

function unique(items: readonly string[]): string[] {
  return [...new Set(items)];
}

function without(items: readonly string[], others: readonly string[]): string[] {
  const left = [...others];
  return items.filter((item) => {
    const at = left.indexOf(item);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}
