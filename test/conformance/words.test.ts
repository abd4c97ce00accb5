import { describe, expect, it } from 'vitest';
import { HEADINGS } from '../../src/cli/check-words.ts';
import { groupOf, type Check } from '../../src/conformance/check.ts';
import { KITS } from '../../src/conformance/kits.ts';
import { RULES } from '../../src/conformance/rules.ts';
import { LANGUAGES, type Words } from '../../src/conformance/words.ts';

const CHECKS: readonly Check[] = KITS['saas-v2'];
const spoken: readonly (readonly [string, Words])[] = [
  ...CHECKS.map(({ id, title }) => [id, title] as const),
  ...Object.entries(RULES).flatMap(([id, { rule, mend }]) => [[`rule of ${id}`, rule] as const, [`mend of ${id}`, mend] as const]),
  ...Object.entries(HEADINGS),
];

describe('every row of words', () => {
  it.each(LANGUAGES)('says something in %s', (language) => {
    expect(spoken.filter(([, words]) => words[language].trim() === '').map(([name]) => name)).toEqual([]);
  });

  it('is Chinese where it says so, and ASCII but for terms of the console in English', () => {
    expect(spoken.filter(([, { zh }]) => !/\p{Script=Han}/u.test(zh)).map(([name]) => name)).toEqual([]);
    expect(spoken.filter(([, { en }]) => /\p{Script=Han}/u.test(en.replaceAll(/\((?:调测|拨测|, )+\)/g, ''))).map(([name]) => name)).toEqual([]);
  });
});

describe('the checks', () => {
  it('have ids of their own, each in a group', () => {
    const ids = CHECKS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(CHECKS.filter((check) => !/^[a-z]+\.[A-Za-z0-9-]+$/.test(check.id) || groupOf(check) === '').map(({ id }) => id)).toEqual([]);
  });

  it('build only on checks that were made before them', () => {
    const ids = CHECKS.map(({ id }) => id);
    const early = CHECKS.filter(({ id, after = [] }) => after.some((ground) => !ids.slice(0, ids.indexOf(id)).includes(ground)));
    expect(early.map(({ id }) => id)).toEqual([]);
  });

  it('look at every rule', () => {
    const looked = new Set(CHECKS.map(({ rule }) => rule as string));
    expect(Object.keys(RULES).filter((rule) => !looked.has(rule))).toEqual([]);
  });
});
