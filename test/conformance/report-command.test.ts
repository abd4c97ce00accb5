import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/conformance/report.ts';
import { PLANTED, SECRETS, startHostile } from '../cli/report/hostile.ts';
import { run as runCommand } from '../cli/run.ts';
import { kookeeper } from '../support/kookeeper.ts';
import { KEY, startSeller, type Seller } from './sellers/honest.ts';

/** The command stamps with the machine's clock, so the seller goes by it too. */
const clock = { get now() { return Date.now(); }, set now(_: number) { throw new Error('this clock is the machine’s'); } };
const [AK = '', SK = ''] = SECRETS;
const env = { KOOGALLERY_BASE_KEY: KEY, KOOGALLERY_AK: AK, KOOGALLERY_SK: SK, KOOGALLERY_LICENSE_KEY: SECRETS[2] ?? '' };

let hostile: Seller;
let honest: Seller;
let cwd: string;
beforeAll(async () => {
  hostile = await startHostile(clock);
  honest = await startSeller({}, clock);
  cwd = mkdtempSync(join(tmpdir(), 'kookeeper-report-'));
});
afterAll(async () => {
  await Promise.all([hostile.close(), honest.close()]);
  rmSync(cwd, { recursive: true, force: true });
});

const run = (args: readonly string[], more: Readonly<Record<string, string>> = {}) => runCommand(['check', ...args], { ...env, ...more }, cwd);

describe('check --report', () => {
  it('writes several at once, beside what it prints; JSON is what --output json prints', async () => {
    const { code, stdout, stderr } = await run([hostile.url, '--report', 'html,junit,json', '--report-dir', 'made/here', '--output', 'json', '--seed', '7']);
    const folder = join(cwd, 'made/here');
    expect([code, readdirSync(folder).toSorted()]).toEqual([1, ['junit.xml', 'report.html', 'report.json']]);
    expect(JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'))).toEqual(JSON.parse(stdout));
    expect(stderr).toContain(join(folder, 'report.html'));
  });

  it.each(['text', 'json', 'jsonl', 'github'])('leaves no secret of the environment in a file, in what is kept, on stdout or stderr: --output %s', async (format) => {
    const { stdout, stderr } = await run([hostile.url, '--report', 'html,junit,json', '--output', format, '--all'], { GITHUB_STEP_SUMMARY: join(cwd, 'secret-summary.md') });
    const written = readdirSync(cwd, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8'));
    const all = [stdout, stderr, ...written].join('\n').replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code))).toLowerCase();
    expect(PLANTED.filter((secret) => all.includes(secret.toLowerCase()))).toEqual([]);
  });

  it('goes to ./kookeeper-report unless told otherwise, in place of the last one, and leaves no half file', async () => {
    await run([honest.url, '--report', 'junit']);
    await run([hostile.url, '--report', 'junit']);
    expect(readdirSync(join(cwd, 'kookeeper-report')).filter((name) => name.startsWith('junit'))).toEqual(['junit.xml']);
    expect(readFileSync(join(cwd, 'kookeeper-report/junit.xml'), 'utf8')).toContain('<failure ');
  });

  it('refuses a kind that is none, and a folder that cannot be made, before anything is sent', async () => {
    expect(await run([honest.url, '--report', 'pdf'])).toMatchObject({ code: 2, stderr: expect.stringContaining('give html, junit, json') });
    writeFileSync(join(cwd, 'a-file'), '');
    expect(await run([honest.url, '--report', 'html', '--report-dir', 'a-file/below'])).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('cannot be written') });
  });

  it('is written when nobody answers, and says that nothing can be said', async () => {
    const gone = await startSeller({}, clock);
    await gone.close();
    const { code, stderr } = await run([gone.url, '--report', 'json', '--report-dir', 'gone', '--wait', '10ms']);
    expect([code, stderr]).toEqual([3, expect.stringContaining('did not answer within the time of --wait')]);
    expect(JSON.parse(readFileSync(join(cwd, 'gone/report.json'), 'utf8'))).toMatchObject({ status: 'unreachable', verdict: null });
  });

  it('is written whole when a person interrupts the run', async () => {
    const folder = join(cwd, 'interrupted');
    const asked = Promise.withResolvers<void>();
    const stuck = await startSeller({ answer: () => (asked.resolve(), new Promise(() => undefined)) }, clock);
    const { child, ended } = kookeeper(['check', stuck.url, '--report', 'html,junit,json', '--report-dir', folder], cwd, env);
    await asked.promise;
    child.kill('SIGINT');
    const { code, out } = await ended;
    await stuck.close();
    expect([code, out]).toEqual([3, expect.stringContaining('interrupted: what follows is not the whole')]);
    const report: Report = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'));
    expect([report.status, report.verdict, readdirSync(folder).toSorted()]).toEqual(['interrupted', null, ['junit.xml', 'report.html', 'report.json']]);
    expect(readFileSync(join(folder, 'junit.xml'), 'utf8')).toContain('<error type="interrupted"');
  });
});

describe('check --output github', () => {
  it('prints annotations, and appends a summary where GitHub names its file', async () => {
    const summary = join(cwd, 'summary.md');
    writeFileSync(summary, '# Before\n');
    const { code, stdout, stderr } = await run([hostile.url, '--output', 'github'], { GITHUB_STEP_SUMMARY: summary });
    const lines = stdout.trimEnd().split('\n');
    expect(code).toBe(1);
    expect(lines.slice(0, -1).every((line) => /^::(?:error|warning) title=/.test(line))).toBe(true);
    // The runner reads this stream too.
    expect(stderr.split('\n').filter((line) => /##\[|^\s*::/.test(line))).toEqual([]);
    expect(readFileSync(summary, 'utf8')).toMatch(/^# Before\n## Conformance report: Something failed\n/);
  });

  it('does without the summary elsewhere, and says when it cannot be written', async () => {
    expect(await run([honest.url, '--output', 'github'])).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+ passed, /) });
    expect(await run([honest.url, '--output', 'github'], { GITHUB_STEP_SUMMARY: cwd })).toMatchObject({ code: 0, stderr: expect.stringContaining('EISDIR') });
  });

  it('tells bad input as an annotation too', async () => {
    expect(await run(['nowhere', '--output', 'github'])).toMatchObject({ code: 2, stdout: expect.stringMatching(/^::error title=kookeeper::nowhere is no address/) });
  });

  it('is refused by every other command', async () => {
    expect(await runCommand(['config', 'show', '--output', 'github'], env, cwd)).toMatchObject({ code: 2, stderr: expect.stringContaining('--output github is for `kookeeper check` alone: give one of text, json, jsonl') });
  });
});
