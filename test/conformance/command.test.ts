import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exitCodeOf } from '../../src/cli/run-check.ts';
import { main } from '../../src/cli/main.ts';
import type { Item, Report } from '../../src/conformance/report.ts';
import { kookeeper } from '../support/kookeeper.ts';
import { KEY, startSeller, written, type Seller } from './sellers/honest.ts';
import { living } from './sellers/living.ts';

/** The command stamps with the machine's clock, so the seller goes by it too. */
const clock = {
  get now() {
    return Date.now();
  },
  set now(_: number) {
    throw new Error('this clock is the machine’s');
  },
};
let honest: Seller;
let strict: Seller;
let cwd: string;
beforeAll(async () => {
  honest = await startSeller({}, clock);
  strict = await startSeller({ write: (answer) => written(answer, { status: answer.resultMsg === 'signature is wrong' ? 401 : 200 }) }, clock);
  cwd = mkdtempSync(join(tmpdir(), 'kookeeper-check-'));
});
afterAll(async () => {
  await Promise.all([honest.close(), strict.close()]);
  rmSync(cwd, { recursive: true, force: true });
});

async function run(args: readonly string[], env: Readonly<Record<string, string>> = { KOOGALLERY_BASE_KEY: KEY }) {
  const streams = { stdout: '', stderr: '' };
  const stream = (name: 'stdout' | 'stderr') => ({ write: (text: string) => void (streams[name] += text) });
  const code = await main(['check', ...args], { stdout: stream('stdout'), stderr: stream('stderr'), env, cwd });
  return { code, ...streams };
}

describe('kookeeper check', () => {
  it('prints a line a group and ends with 0 when nothing fails', async () => {
    const { code, stdout, stderr } = await run([honest.url]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^kit saas-v2 · key: environment KOOGALLERY_BASE_KEY · seed \d+ · probes only\n\n✓ auth +\d+ passed\n/);
    expect(stdout).toMatch(/\n\d+ passed.* of \d+ · /);
    expect(stderr).toMatch(/^1\/\d+ auth …\n/);
  });

  it('ends with 1 and tells rule, page, what was sent, what came, and how to mend it', async () => {
    const { code, stdout, stderr } = await run([strict.url]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^ {3}✗ envelope\.status-bad-signature {2}HTTP status after a bad signature: HTTP 401$/m);
    expect(stdout).toMatch(/^1 ✗ envelope\.status-bad-signature {3}must \[page\]\n {2}Rule {2}every.*\n {2}Page {2}https:.*\n {2}Sent {2}newInstance \?signature=.*\n {2}Got {3}HTTP 401 .*\n {2}Want {2}HTTP 200\n {2}Mend {2}.*\n {2}Again kookeeper replay [0-9a-f]{6}$/m);
    expect(stdout + stderr).not.toContain(KEY);
  });

  it('speaks Chinese when told to, by flag or environment; ids stay as they are', async () => {
    for (const { stdout } of [await run([strict.url, '--lang', 'zh']), await run([strict.url], { KOOGALLERY_BASE_KEY: KEY, LANG: 'zh_CN.UTF-8' })]) {
      expect(stdout.split('\n').filter((line) => /^ {2}(?:Rule|Sent|Want)/.test(line))).toEqual([]);
      expect(stdout).toMatch(/^ {3}✗ envelope\.status-bad-signature {2}HTTP 状态码：签名错误/m);
      expect(stdout).toMatch(/^ {2}修正 捕获/m);
    }
    expect((await run([strict.url], { KOOGALLERY_BASE_KEY: KEY, LANG: 'zh_CN.UTF-8', KOOKEEPER_LANG: 'en' })).stdout).toContain('  Mend ');
  });

  it('prints the whole report as one JSON object, or a line a check and the summary', async () => {
    const report: Report = JSON.parse((await run([strict.url, '--output', 'json'])).stdout);
    expect(report).toMatchObject({ kit: 'saas-v2', status: 'finished', verdict: 'failed', counts: { failed: 1 } });
    const lines = (await run([strict.url, '--output', 'jsonl', '--lang', 'zh'])).stdout.trimEnd().split('\n').map((line): unknown => JSON.parse(line));
    expect(lines).toHaveLength(report.counts.total + 1);
    expect((lines as Item[]).find(({ id }) => id === 'envelope.status-bad-signature')).toMatchObject({ status: 'failed', got: { status: 401 } });
    expect(lines.at(-1)).toMatchObject({ verdict: 'failed' });
  });

  it('takes a baseline of expected failures', async () => {
    const file = join(cwd, 'baseline.json');
    writeFileSync(file, '{"envelope.status-bad-signature":{"reason":"the proxy","until":"2999-12-31"}}');
    expect((await run([strict.url, '--baseline', file])).code).toBe(0);
    writeFileSync(file, '{"envelope.status-bad-signatur":{"reason":"the proxy","until":"2999-12-31"}}');
    const { code, stderr } = await run([strict.url, '--baseline', file]);
    expect([code, stderr]).toEqual([2, expect.stringContaining('did you mean envelope.status-bad-signature?')]);
  });

  it('with --live on a port that is taken says which flag names another', async () => {
    const { port } = new URL(honest.url);
    const { code, stderr } = await run([honest.url, '--live', '--sku', 'notes', '--product', 'notes-month', '--open-api-port', port], { KOOGALLERY_BASE_KEY: KEY, KOOGALLERY_AK: 'AK', KOOGALLERY_SK: 'SK' });
    expect([code, stderr]).toEqual([1, expect.stringContaining('set --open-api-port to another port')]);
  });

  it('buys and releases with --live, and says where the order query is', async () => {
    const parts = living();
    const seller = await startSeller(parts, clock);
    const env = { KOOGALLERY_BASE_KEY: KEY, KOOGALLERY_AK: 'TESTAK0123456789ABCD', KOOGALLERY_SK: 'test-sk-0123456789abcdefghijklmnopqrstuv' };
    const { code, stdout, stderr } = await run([seller.url, '--live', '--sku', 'notes', '--product', 'notes-month', '--open-api-port', '0', '--only', 'create.repeat,life.unknown-queryInstance'], env);
    await seller.close();
    expect([code, stdout]).toEqual([0, expect.stringContaining('live: instances are made and released')]);
    expect(stderr).toMatch(/^the order query is served at http:\/\/(?:localhost|127\.0\.0\.1):\d+/);
    expect([...parts.instances.values()].map(({ status }) => status)).toEqual(['released']);
    expect(stdout + stderr).not.toContain(env.KOOGALLERY_SK);
  });

  it('releases what it bought when Ctrl-C ends it, also while it waits for the seller', async () => {
    const asked = Promise.withResolvers<void>();
    const parts = living({ readyAfter: Infinity, instead: (body) => (body['activity'] === 'queryInstance' ? (asked.resolve(), null) : null) });
    const seller = await startSeller(parts, clock);
    const env = { KOOGALLERY_BASE_KEY: KEY, KOOGALLERY_AK: 'TESTAK0123456789ABCD', KOOGALLERY_SK: 'test-sk-0123456789abcdefghijklmnopqrstuv' };
    const { child, ended } = kookeeper(['check', seller.url, '--live', '--sku', 'notes', '--product', 'notes-month', '--open-api-port', '0', '--only', 'orders'], cwd, env);
    await asked.promise;
    child.kill('SIGINT');
    expect((await ended).code).toBe(3);
    await seller.close();
    expect([...parts.instances.values()].map(({ status }) => status)).toEqual(['released']);
  });

  it('ends with 3 when the address does not answer, with and without --wait', async () => {
    const gone = await startSeller({}, clock);
    await gone.close();
    expect((await run([gone.url])).code).toBe(3);
    expect((await run([gone.url, '--wait', '0'])).code).toBe(3);
    expect((await run([gone.url, '--wait', '10ms'])).code).toBe(3);
  });

  it('ends with 3 when nothing is left to check', async () => {
    expect((await run([honest.url, '--only', 'query', '--skip', 'query'])).code).toBe(3);
    expect((await run([honest.url, '--only', 'life'])).code).toBe(3);
  });

  it.each([
    ['an unknown check', ['--only', 'auth.future-stmp'], 'did you mean auth.future-stamp?'],
    ['an unknown kit', ['--kit', 'saas-v3'], 'saas-v2'],
    ['--live without what it needs', ['--live'], '--live needs KOOGALLERY_AK and KOOGALLERY_SK'],
    ['a time that is none', ['--timeout', 'soon'], 'give a length of time'],
    ['a seed that is none', ['--seed', '-1'], 'whole number'],
  ])('ends with 2 for %s', async (_, args, message) => {
    const { code, stderr } = await run([honest.url, ...args]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  });

  it.each(['isv.example.cn/saas', 'ftp://isv.example.cn', 'http://user:pass@isv.example.cn'])('ends with 2 for the address %s', async (url) => {
    expect((await run([url])).code).toBe(2);
  });

  it('ends with 2 without a key', async () => {
    const { code, stderr } = await run([honest.url], {});
    expect([code, stderr]).toEqual([2, expect.stringContaining('set KOOGALLERY_BASE_KEY')]);
  });
});

it('warnings end with 1 only when asked to, and an incomplete run always with 3', () => {
  const counts = { passed: 1, failed: 0, warning: 1, expected: 0, skipped: 0, total: 2 };
  expect([exitCodeOf({ status: 'finished', counts }, false), exitCodeOf({ status: 'finished', counts }, true)]).toEqual([0, 1]);
  expect(exitCodeOf({ status: 'interrupted', counts: { ...counts, failed: 1 } }, true)).toBe(3);
});
