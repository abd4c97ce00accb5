import { spawnSync } from 'node:child_process';
import { beforeAll, describe, expect, it } from 'vitest';
import { page } from '../../../src/cli/report/html.ts';
import { annotations, stepSummary } from '../../../src/cli/report/github.ts';
import { junit } from '../../../src/cli/report/junit.ts';
import type { Report } from '../../../src/conformance/report.ts';
import { LANGUAGES } from '../../../src/conformance/words.ts';
import { hostileReport, PLANTED } from './hostile.ts';

let report: Report;
beforeAll(async () => {
  report = await hostileReport();
}, 30_000);

const FORMS: readonly (readonly [string, () => Promise<string> | string])[] = [
  ['JSON', () => JSON.stringify(report)],
  ...LANGUAGES.flatMap((language) => [
    [`HTML in ${language}`, () => page(report, language)] as const,
    [`JUnit in ${language}`, () => junit(report, language)] as const,
    [`annotations in ${language}`, () => annotations(report, language).join('\n')] as const,
    [`step summary in ${language}`, () => stepSummary(report, language)] as const,
  ]),
];

it('the seller of these tests gives something to tell', () => {
  expect([report.counts.failed > 5, report.counts.warning > 3, report.verdict]).toEqual([true, true, 'failed']);
});

describe.each(FORMS)('a report as %s', (_, made) => {
  it('holds no secret, though the seller echoes them all', async () => {
    const text = (await made()).replaceAll(/&#(\d+);/g, (_reference, code: string) => String.fromCharCode(Number(code))).toLowerCase();
    expect(PLANTED.filter((secret) => text.includes(secret.toLowerCase()))).toEqual([]);
    expect(text.includes('***')).toBe(true);
  });
});

/** Reads XML with a parser that is not ours. */
function parsed(xml: string): { readonly root: string; readonly order: readonly string[]; readonly counts: Readonly<Record<string, number>>; readonly cases: readonly { readonly name: string; readonly inside: readonly string[]; readonly message: string | null; readonly text: string | null }[]; readonly properties: Readonly<Record<string, string>> } {
  const script = `
import json, sys
import xml.etree.ElementTree as tree
root = tree.fromstring(sys.stdin.buffer.read())
cases = [{'name': c.get('name'), 'inside': [i.tag for i in c], 'message': c[0].get('message') if len(c) else None, 'text': c[0].text if len(c) else None} for c in root.iter('testcase')]
order = sorted({(s.tag, tuple(dict.fromkeys(e.tag for e in s))) for s in root.iter('testsuite')})
print(json.dumps({'root': root.tag, 'order': [' '.join(o[1]) for o in order], 'counts': {k: sum(int(s.get(k)) for s in root.iter('testsuite')) for k in ('tests', 'failures', 'errors', 'skipped')}, 'cases': cases, 'properties': {p.get('name'): p.get('value') for p in root.iter('property')}}))`;
  const { stdout, stderr, status } = spawnSync('python3', ['-c', script], { input: xml, encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
  return JSON.parse(stdout) as ReturnType<typeof parsed>;
}

describe('JUnit XML', () => {
  it('is well-formed whatever the seller answered, its elements in the order of the schema', () => {
    const { root, order, counts, properties } = parsed(junit(report, 'en'));
    expect([root, order.toSorted()]).toEqual(['testsuites', ['properties system-out', 'testcase']]);
    expect(counts).toEqual({ tests: report.counts.total, failures: report.counts.failed, errors: 0, skipped: report.counts.skipped });
    expect(properties).toMatchObject({ kit: 'saas-v2', seed: '7', status: 'finished' });
  });

  it('tells failures with rule, sent, got, want and mend, skips with their reason, and warnings beside a pass', () => {
    const { cases } = parsed(junit(report, 'en'));
    const of = (id: string) => cases.find(({ name }) => name.startsWith(`${id}: `));
    expect(of('envelope.status-missing-member')).toMatchObject({ inside: ['failure'], message: 'HTTP 400', text: expect.stringMatching(/^Rule: .*\nPage: https:.*\nSent: newInstance .*\nGot: HTTP 400 .*\nWant: HTTP 200\nMend: .*\nAgain: kookeeper replay [0-9a-f]{6}$/s) });
    expect(of('create.answer')).toMatchObject({ inside: ['skipped'], message: 'needs --live' });
    expect(of('codes.stamp')).toMatchObject({ inside: ['system-out'], text: expect.stringMatching(/^warned: answered 000002/) });
    expect(of('auth.valid')?.inside).toEqual([]);
  });

  it('of a run that did not finish holds an error, so that nobody takes it for a pass', () => {
    const { cases, counts } = parsed(junit({ ...report, status: 'interrupted', verdict: null }, 'zh'));
    expect([counts.errors, cases.find(({ inside }) => inside.includes('error'))]).toMatchObject([1, { name: 'interrupted', message: '已中断，结果不完整' }]);
  });

  it('skips what the baseline expects', () => {
    const items = report.items.map((group) => ({ ...group, items: group.items.map((item) => (item.status === 'failed' ? { ...item, status: 'expected' as const } : item)) }));
    const { cases, counts } = parsed(junit({ ...report, items, counts: { ...report.counts, failed: 0, expected: report.counts.failed } }, 'en'));
    expect([counts.failures, cases.filter(({ message }) => message?.startsWith('an expected failure by the baseline: ')).length]).toEqual([0, report.counts.failed]);
  });
});

describe('GitHub annotations', () => {
  it('are one line each, error or warning, and nothing that the seller said is a command or a property', () => {
    const lines = annotations(report, 'en');
    expect(lines.filter((line) => /\p{Control}/u.test(line))).toEqual([]);
    expect(lines.slice(0, -1).filter((line) => !/^::(?:error|warning) title=[^:,]*::/.test(line))).toEqual([]);
    expect(lines.at(-1)).toMatch(/^\d+ passed, /);
    expect(lines.filter((line) => line.startsWith('::error title=envelope.status-missing-member')).length).toBe(1);
    expect(lines.join('\n')).not.toContain('##[error]forged\n');
  });

  it('escape percent signs, line ends, and in a title colons and commas', () => {
    const item = report.items.flatMap((group) => group.items).find(({ id }) => id === 'auth.nonce-other-body');
    const [line = ''] = annotations({ ...report, items: [{ ...report.items[0]!, items: [{ ...item!, status: 'failed', finding: '100% of it' }] }] }, 'en');
    expect(line).toMatch(/^::error title=auth\.nonce-other-body a nonce again%2C with another body::100%25 of it%0ARule: /);
  });
});

describe('the step summary', () => {
  it('is Markdown of which nothing is the seller’s: headings, tables, tags and links are ours', () => {
    const text = stepSummary(report, 'en');
    expect(text.match(/^#+ .*/gm)?.length).toBe(1 + report.counts.failed + report.counts.warning);
    expect(text).toMatch(/^\| ✗ envelope \| \d passed&#44; 8 failed/m);
    expect(text.replaceAll(/<https:\/\/support\.huaweicloud\.com[^>]*>/g, '')).not.toMatch(/[<>]|\]\(|`/);
  });
});

describe('the page', () => {
  it('is one file: nothing is loaded, nothing runs, every word of the seller is escaped', async () => {
    const text = await page(report, 'en');
    expect(text).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(text).toContain(`<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`);
    expect(text).not.toMatch(/<(?:script|img|link|iframe)|\ssrc=|\son\w+=|url\(|javascript:1"/i);
    expect(text).toContain('&lt;script&gt;');
    const links = Array.from(text.matchAll(/href="([^"]*)"/g), ([, href = '']) => href);
    expect(links.filter((href) => href !== '#found' && !href.startsWith('https://support.huaweicloud.com/'))).toEqual([]);
  });

  it('speaks the language asked for, and says so', async () => {
    const text = await page(report, 'zh');
    expect(text).toContain('<html lang="zh-CN">');
    expect(text).toContain('存在失败项');
    expect(text).not.toMatch(/<dt>(?:Rule|Want|Mend)</);
  });

  it('closes every element it opens', async () => {
    const script = `
import sys
from html.parser import HTMLParser
VOID = {'meta', 'br', 'link', 'img', 'input', 'hr'}
class Reader(HTMLParser):
    open = []
    def handle_starttag(self, tag, attrs):
        if tag not in VOID: self.open.append(tag)
    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag
reader = Reader()
reader.feed(sys.stdin.read())
assert reader.open == [], reader.open`;
    const { status, stderr } = spawnSync('python3', ['-c', script], { input: await page(report, 'en'), encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
  });
});
