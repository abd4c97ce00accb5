import { describe, expect, it } from 'vitest';
import { HEADINGS } from '../../src/cli/report/words.ts';
import { groupOf, type Check } from '../../src/conformance/check.ts';
import { LETTERS_COMPARED } from '../../src/conformance/find-mistake.ts';
import { CASES } from '../../src/conformance/debugging.ts';
import { KITS } from '../../src/conformance/kits.ts';
import { MISTAKES_ZH } from '../../src/conformance/mistake-words.ts';
import { inLanguage, PHRASES } from '../../src/conformance/phrases.ts';
import { RULES } from '../../src/conformance/rules.ts';
import { LANGUAGES, type Words } from '../../src/conformance/words.ts';
import { MISTAKES } from '../../src/marketplace/explain/mistakes.ts';
import { RULES as VERDICT_RULES } from '../../src/simulator/verdict.ts';
import { isEnglish } from './checked.ts';

const CHECKS: readonly Check[] = KITS['saas-v2'];
const spoken: readonly (readonly [string, Words])[] = [
  ...CHECKS.map(({ id, title }) => [id, title] as const),
  ...Object.entries(RULES).flatMap(([id, { rule, mend }]) => [[`rule of ${id}`, rule] as const, [`mend of ${id}`, mend] as const]),
  ...Object.entries(HEADINGS),
  // What only sets a word of the wire off has nothing to translate but its punctuation.
  ...PHRASES.filter(({ en }) => en.includes(' ') && !/^[A-Za-z]+: \{0\}$/.test(en)).map((words) => [words.en, words] as const),
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

describe('what stands in the report as a sentence', () => {
  it('has its Chinese: what is wanted, why a check was left out, kinds of product', () => {
    const sentences = [...CHECKS.map(({ want }) => want), 'needs --live', 'filtered', 'interrupted', 'blocked by auth.valid', ...Object.keys(CASES)];
    expect(sentences.filter(isEnglish)).toEqual([]);
    expect(Object.keys(CASES).filter((product) => !/\p{Script=Han}/u.test(inLanguage(product, 'zh')))).toEqual([]);
  });

  it('has it for every mistake in signing', () => {
    expect(Object.keys(MISTAKES_ZH).toSorted()).toEqual([LETTERS_COMPARED, ...MISTAKES].map(({ id }) => id).toSorted());
    expect(Object.values(MISTAKES_ZH).flatMap(({ says, mend }) => [says, mend]).filter((text) => !/\p{Script=Han}/u.test(text))).toEqual([]);
  });

  it('has it for every reason of the debugger', () => {
    const good = { verb: 'queryInstance', kind: 'test', ms: 1, failure: null, status: 200, contentType: 'application/json', answer: { resultCode: '000000', resultMsg: 'x', info: [{ instanceId: 'i' }] } } as const;
    const bad = [
      { failure: 'timed out', ms: 20_000 }, { failure: 'unreachable: ECONNREFUSED' }, { status: 500 }, { contentType: null }, { contentType: 'text/html' }, { answer: null },
      { answer: { resultCode: 1 } }, { answer: { resultCode: '000000' } }, { answer: { resultCode: '999999', resultMsg: 'x' } }, { answer: { resultCode: '000005', resultMsg: 'x' } },
      { verb: 'newInstance' }, { answer: { resultCode: '000000', resultMsg: 'x' } }, { ms: 6_000 },
    ];
    const reasons = bad.map((change) => VERDICT_RULES.map(({ broken }) => broken({ ...good, ...change })?.reason).find((reason) => reason !== undefined) ?? expect.unreachable(JSON.stringify(change)));
    expect(reasons.filter((reason) => isEnglish(reason) || !/\p{Script=Han}/u.test(inLanguage(reason, 'zh')))).toEqual([]);
  });

  it('keeps codes, ids and words of the wire as they are', () => {
    expect(inLanguage('after a bad signature: answered 000005 with HTTP 500', 'zh')).toBe('签名错误：应答 000005（HTTP 状态码 500）');
    expect(['000000', 'HTTP 200', 'application/json'].map((text) => inLanguage(text, 'zh'))).toEqual(['000000', 'HTTP 200', 'application/json']);
    expect(inLanguage('filtered', 'en')).toBe('filtered');
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
    // Shown in place of its own by the check of the gate.
    const looked = new Set(['answering', ...CHECKS.map(({ rule }) => rule as string)]);
    expect(Object.keys(RULES).filter((rule) => !looked.has(rule))).toEqual([]);
  });
});
