import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import { read, sources, type Source } from '../architecture/source.ts';
import { anchorOf, headings } from './headings.ts';

/** What people read: the README in both languages and everything below docs. */
export function pages(): Source[] {
  return [...['README.md', 'README.zh-CN.md'].map((path) => ({ path, text: read(path) })), ...sources('docs').filter(({ path }) => path.endsWith('.md'))];
}

export function blocks({ text }: Source): { readonly name: string; readonly body: string }[] {
  return Array.from(text.matchAll(/<!-- table: (\S+) -->\n([\s\S]*?)\n<!-- end -->/g), ([, name = '', body = '']) => ({ name, body }));
}

/** Links to other files of the repository that lead nowhere, by file or by heading. */
export function brokenLinks(page: Source): string[] {
  const targets = Array.from(page.text.matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g), ([, target = '']) => target);
  return targets.filter((target) => {
    const [file = '', heading] = target.split('#');
    const path = file === '' ? page.path : join(dirname(page.path), file);
    if (!existsSync(new URL(`../../${path}`, import.meta.url))) return true;
    return heading !== undefined && !headings(read(path)).some(({ title }) => anchorOf(title) === heading);
  });
}
