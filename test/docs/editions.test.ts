import { describe, expect, test } from 'vitest';
import type { Source } from '../architecture/source.ts';
import { differences, editions, switchLines } from './editions.ts';
import { pages } from './pages.ts';

const pairs = editions(pages());
const translated = pairs.map(({ english }) => english.path);

test('README and the guide to going live have both editions, and no edition stands alone', () => {
  expect(translated.toSorted()).toEqual(['README.md', 'docs/guides/going-live.md']);
  expect(pages().filter(({ path }) => path.endsWith('.zh-CN.md'))).toHaveLength(pairs.length);
});

describe.each(pairs.map(({ english, chinese }) => [english.path, english, chinese] as const))('%s', (path, english, chinese) => {
  test('names the same commands, variables, code, links and levels of headings in both editions', () => {
    expect(differences(english, chinese, translated)).toEqual([]);
  });

  test('begins with the way to the other edition', () => {
    expect([english, chinese].map(({ text }) => text.slice(0, text.indexOf('\n')))).toEqual(switchLines(path));
  });
});

describe('a difference between two editions is told', () => {
  const text = [
    'English | [简体中文](page.zh-CN.md)',
    '# Page',
    'Run `npx kookeeper market buy --size 10` or `instance list`, set `KOOKEEPER_DATA`, see [there](other.md#part) and [below](#end), then [the twin](twin.md#b).',
    '```',
    '$ KOOKEEPER_DATA=./x npx kookeeper serve 2> log',
    'printed in English',
    '```',
    '## End',
  ].join('\n');
  const chinese = text
    .replace('English | [简体中文](page.zh-CN.md)', '[English](page.md) | 简体中文')
    .replace('# Page', '# 页面')
    .replace('## End', '## 结尾')
    .replace('#end', '#结尾')
    .replace('twin.md#b', 'twin.zh-CN.md#乙')
    .replace('printed in English', '中文输出');
  const told = (changed: string) => differences(page('page.md', text), page('page.zh-CN.md', changed), ['page.md', 'twin.md']);

  test('none between these two, though titles, anchors, printed text and the name of the other edition differ', () => {
    expect(told(chinese)).toEqual([]);
  });

  test.each([
    ['a flag', '--size 10', '--size 20', 'command kookeeper market buy --size 10'],
    ['a command in a block', 'npx kookeeper serve', 'npx kookeeper api', 'command kookeeper serve'],
    ['a shortened command', '`instance list`', '`instance show`', 'command kookeeper instance list'],
    ['a variable', '`KOOKEEPER_DATA`', '`KOOKEEPER_CONFIG`', 'code KOOKEEPER_DATA'],
    ['a variable before a command', /KOOKEEPER_DATA/g, 'DATA', 'variable KOOKEEPER_DATA'],
    ['a link', '[there](other.md#part)', 'there', 'link other.md#part'],
    ['a heading of an untranslated page', 'other.md#part', 'other.md#else', 'link other.md#part'],
    ['a link to a heading here', '#结尾', '#页面', 'link #2'],
    ['a heading', '## 结尾', '结尾', 'heading 2 of level 2'],
  ])('%s', (_what, from, to, lacking) => {
    expect(told(chinese.replace(from, to))).toContain(`page.zh-CN.md lacks the ${lacking}`);
  });

  test('what only the Chinese edition has is told too', () => {
    expect(told(`${chinese}\n\`npx kookeeper market gauge\``)).toContain('page.md lacks the command kookeeper market gauge');
  });
});

function page(path: string, text: string): Source {
  return { path, text };
}
