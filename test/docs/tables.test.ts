import { describe, expect, test } from 'vitest';
import { allSettings } from '../../src/config/settings.ts';
import { PERSON_REASONS } from '../../src/lifecycle/person-reasons.ts';
import { read, sources } from '../architecture/source.ts';
import { blocks, brokenLinks, pages } from './pages.ts';
import { tables } from './render.ts';

const written = pages();
const everything = written.map(({ text }) => text).join('\n');
/** What a person looks things up in: the README and the reference. */
const lookedUp = written.filter(({ path }) => path === 'README.md' || path.startsWith('docs/reference/')).map(({ text }) => text).join('\n');

const NAME = /\b(?:KOOGALLERY|KOOKEEPER)_[A-Z]+(?:_[A-Z]+)*\b/g;
const readByConfig = new Set([
  ...allSettings.flatMap(({ variable }) => variable ?? []),
  ...sources('src/config').flatMap(({ text }) => text.match(NAME) ?? []),
].map((name) => name.replace(/_FILE$/, '')));

describe('the tables of the reference', () => {
  const found = written.flatMap(blocks);

  test.each(Object.entries(tables))('%s is what the program reads (paste the expected text between its marks)', (name, render) => {
    expect(found.filter((block) => block.name === name).map(({ body }) => body)).toEqual([render()]);
  });

  test('every marked table is one that is checked', () => {
    expect(found.map(({ name }) => name).toSorted()).toEqual(Object.keys(tables).toSorted());
  });
});

describe('README and reference', () => {
  test('name every command of the command line', () => {
    const commands = Array.from(read('src/cli/main.ts').matchAll(/^ {2}\{ name: '([^']+)', summary:/gm), ([, name = '']) => name);
    expect(commands).toContain('serve');
    expect(commands.filter((name) => !lookedUp.includes(`kookeeper ${name}`) && !lookedUp.includes(`kookeeper.js ${name}`))).toEqual([]);
  });

  test('name every variable that the configuration reads', () => {
    expect(readByConfig.size).toBeGreaterThan(15);
    expect([...readByConfig].filter((name) => !lookedUp.includes(`\`${name}\``))).toEqual([]);
  });

  test('no page names a variable that nobody reads', () => {
    const named = new Set(everything.match(NAME)?.map((name) => name.replace(/_FILE$/, '')));
    expect([...named].filter((name) => !readByConfig.has(name))).toEqual([]);
  });

  test('the guide for stuck orders explains every reason for which a person is needed, and invents none', () => {
    const reasons = Object.keys(PERSON_REASONS);
    expect(reasons).toContain('effect-failing');
    const [table = ''] = /^\| Reason \|[\s\S]*?\n\n/m.exec(read('docs/guides/when-an-order-is-stuck.md')) ?? [];
    const explained = Array.from(table.matchAll(/^\| `([a-z-]+)` \|/gm), ([, reason = '']) => reason);
    expect(explained.toSorted()).toEqual(reasons.toSorted());
  });

  test.each(written.map((page) => [page.path, page] as const))('every link of %s to a file or heading here leads somewhere', (_path, page) => {
    expect(brokenLinks(page)).toEqual([]);
  });
});
