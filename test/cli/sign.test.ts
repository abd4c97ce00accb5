import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { sign } from '../../src/marketplace/signing/body-signature.ts';
import { holds } from '../marketplace/signing/independent.ts';
import { kookeeper } from '../support/kookeeper.ts';
import { run as runCommand } from './run.ts';

const KEY = 'the-newer-key-0123456789abcdef';
const OLD = 'the-older-key-0123456789abcdef';
const ENV = { KOOGALLERY_BASE_KEY: `${KEY},${OLD}` };

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'kookeeper-sign-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const run = (args: readonly string[], env: Readonly<Record<string, string>> = ENV) => runCommand(args, env, folder);
const file = (content: string | Uint8Array, name = 'input'): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

describe('sign', () => {
  it('makes a call that a receiver apart from us takes, and shows each step', async () => {
    const { code, stdout } = await run(['sign', 'newInstance', '--set', 'orderId=实例-😀', '--output', 'json']);
    expect(code).toBe(0);
    const { method, url, headers, body, steps } = JSON.parse(stdout) as { method: string; url: string; headers: object; body: string; steps: { name: string; value: string }[] };
    const { signature = '', timestamp = '', nonce = '' } = Object.fromEntries(new URL(url).searchParams);
    expect(holds({ accessKey: KEY, query: { signature, timestamp, nonce }, body: Buffer.from(body) })).toBe('raw');
    expect({ method, headers }).toEqual({ method: 'POST', headers: { Accept: 'application/json', 'Content-Type': 'application/json;charset=utf8' } });
    expect(JSON.parse(body)).toMatchObject({ activity: 'newInstance', orderId: '实例-😀', testFlag: '1' });
    expect(steps.map(({ name }) => name)).toEqual(['payload', 'inner', 'message', 'signature']);
    expect(steps[0]?.value).toBe(body);
    expect(steps[3]?.value).toBe(signature);
  });

  it('signs with the nonce and stamp that are given, to compare with one’s own', async () => {
    const args = ['sign', '--file', file('{ "b":"2", "activity":"queryInstance", "instanceId":"i" }'), '--nonce', 'N', '--timestamp', '1767225600123'];
    const { stdout } = await run(args);
    const body = '{"activity":"queryInstance","b":"2","instanceId":"i","testFlag":"1"}';
    expect(stdout).toContain(`\n${body}\n`);
    expect(stdout).toContain(sign(KEY, 'N', '1767225600123', body));
    expect(await run(args)).toMatchObject({ stdout });
  });

  it('leaves the bytes as they are when asked to, whatever they are', async () => {
    const bytes = Uint8Array.from([0x7b, 0xff, 0x0a]);
    const { code, stdout } = await run(['sign', '--file', file(bytes), '--as-is', '--nonce', 'N', '--timestamp', '1767225600123', '--output', 'json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ url: expect.stringContaining(sign(KEY, 'N', '1767225600123', bytes)), steps: [{ name: 'payload', bytes: 3 }, {}, {}, {}] });
  });

  it('prints a curl command that a shell reads back exactly, and that verify takes', async () => {
    const { stdout } = await run(['sign', 'queryInstance', '--set', `instanceId=it's "$HOME" \`x\` \\ 实例`, '--as', 'curl', '--to', 'https://isv.example.com/saas']);
    const words = execFileSync('sh', ['-c', `curl() { printf '%s\\0' "$@"; }; ${stdout}`], { encoding: 'utf8' }).split('\0');
    const body = words[words.indexOf('--data-raw') + 1] ?? '';
    expect(JSON.parse(body)).toMatchObject({ instanceId: `it's "$HOME" \`x\` \\ 实例` });
    expect(words).toEqual(expect.arrayContaining(['-X', 'POST', 'Accept: application/json', expect.stringMatching(/^https:\/\/isv\.example\.com\/saas\?signature=/)]));
    expect(await run(['verify', '--file', file(stdout)])).toMatchObject({ code: 0, stdout: expect.stringContaining('✓ newer key, the body as it is') });
  });

  it('never prints a key', async () => {
    const outputs = await Promise.all([['sign', 'newInstance'], ['sign', 'newInstance', '--output', 'json'], ['sign', 'newInstance', '--as', 'curl'], ['sign', 'x']].map((args) => run(args)));
    for (const { stdout, stderr } of outputs) for (const key of [KEY, OLD]) expect(stdout + stderr).not.toContain(key);
  });

  it('takes the key from a file', async () => {
    const args = ['sign', 'newInstance', '--nonce', 'N', '--timestamp', '1767225600123'];
    expect((await run(args, { KOOGALLERY_BASE_KEY_FILE: file(`${KEY}\n`, 'key') })).stdout).toBe((await run(args)).stdout);
  });

  test.each([
    ['no key', ['sign', 'newInstance'], {}, /set KOOGALLERY_BASE_KEY \(or KOOGALLERY_BASE_KEY_FILE\)/],
    ['a slip in the activity', ['sign', 'newInstanc'], ENV, /did you mean newInstance\?/],
    ['nothing to make', ['sign'], ENV, /give an activity \(newInstance, /],
    ['a live call by accident', ['sign', 'newInstance', '--set', 'testFlag=0'], ENV, /--live/],
    ['a member without a value', ['sign', 'newInstance', '--set', 'orderId'], ENV, /name=value/],
    ['JSON that is none', ['sign', 'newInstance', '--set', 'orderId:={'], ENV, /name=value/],
    ['an unknown kit', ['sign', 'newInstance', '--kit', 'saas-v9'], ENV, /give one of saas-v2/],
    ['an address that is none', ['sign', 'newInstance', '--to', 'isv.example.com'], ENV, /give it whole/],
    ['an address with a password', ['sign', 'newInstance', '--to', 'http://user:pw@isv.example.com'], ENV, /cannot be called/],
    ['bytes and members at once', ['sign', 'newInstance', '--as-is'], ENV, /--as-is goes with --file alone/],
    ['a file that is not there', ['sign', '--file', 'nowhere.json'], ENV, /cannot be read: ENOENT/],
  ])('ends with code 2 and says what to give: %s', async (_what, args, env, message) => {
    expect(await run(args, env)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(message) });
  });
});

describe('verify', () => {
  const BODY = '{"activity":"queryInstance","instanceId":"实例"}';
  const link = (signature: string): string => `https://isv.example.com/saas?signature=${signature}&timestamp=1767225600123&nonce=N`;

  it.each([
    ['the newer key', sign(KEY, 'N', '1767225600123', BODY), BODY, '✓ newer key, the body as it is'],
    ['the older key', sign(OLD, 'N', '1767225600123', BODY), BODY, '✓ older key, the body as it is'],
    ['a body written anew', sign(KEY, 'N', '1767225600123', BODY), '{ "instanceId":"实例", "activity":"queryInstance" }', '✓ newer key, the body sorted, compact, without nulls'],
  ])('finds the signature good that was made with %s', async (_what, signature, body, line) => {
    const { code, stdout } = await run(['verify', link(signature), '--body', file(body)]);
    expect({ code, lines: stdout.split('\n') }).toMatchObject({ code: 0, lines: expect.arrayContaining([line]) });
    expect(stdout).toContain(signature);
  });

  it('names the known mistake that made a bad one, and how to mend it', async () => {
    const signature = sign(`${KEY}\n`, 'N', '1767225600123', BODY);
    const { code, stdout } = await run(['verify', '--file', file(`${link(signature)}\n${BODY}`)]);
    expect(code).toBe(1);
    expect(stdout).toContain('✗ key-blank-at-end: ');
    expect(stdout).toContain(`\n  strip the key`);
    expect(stdout).toContain(sign(KEY, 'N', '1767225600123', BODY));
    for (const key of [KEY, OLD]) expect(stdout).not.toContain(key);
  });

  it('gives the same as data', async () => {
    const good = await run(['verify', '--file', file(JSON.stringify({ url: link(sign(KEY, 'N', '1767225600123', BODY)), body: BODY })), '--output', 'json']);
    expect(good.code).toBe(0);
    expect(JSON.parse(good.stdout)).toMatchObject({ holds: true, signedAt: 1_767_225_600_123, trials: [{ key: 0, form: 'raw', holds: true }, { key: 1, form: 'raw', holds: false }], found: [{ id: 'holds' }] });
    const bad = await run(['verify', '--file', file(JSON.stringify({ url: link('00'), body: BODY })), '--output', 'json']);
    expect(bad.code).toBe(1);
    expect(JSON.parse(bad.stdout)).toMatchObject({ holds: false, found: [] });
  });

  it('is not content with a good signature over a stamp that no receiver reads', async () => {
    const { code, stdout } = await run(['verify', `https://isv.example.com/saas?signature=${sign(KEY, 'N', 'now', BODY)}&timestamp=now&nonce=N`, '--body', file(BODY)]);
    expect({ code, stdout }).toMatchObject({ code: 1, stdout: expect.stringContaining('stamp-unreadable') });
  });

  it('says what is missing in the link', async () => {
    expect(await run(['verify', 'https://isv.example.com/saas?timestamp=1767225600123', '--body', file(BODY)])).toMatchObject({ code: 1, stdout: expect.stringContaining('no-signature') });
  });

  test.each([
    ['a link without a body', ['verify', 'https://isv.example.com/saas?signature=0'], /--body/],
    ['words', ['verify', 'hello'], /give a curl command/],
    ['two calls', ['verify', 'https://isv.example.com/', '--file', 'x'], /not both/],
    ['one input for two things', ['verify', '--body', '-'], /standard input cannot hold both/],
  ])('ends with code 2: %s', async (_what, args, message) => {
    expect(await run(args)).toMatchObject({ code: 2, stderr: expect.stringMatching(message) });
  });
});

test('verify reads what is piped into it', async () => {
  const { stdout } = await run(['sign', 'newInstance', '--as', 'curl']);
  const env = { KOOGALLERY_BASE_KEY: KEY };
  expect(await kookeeper(['verify'], folder, env, stdout).ended).toMatchObject({ code: 0, out: expect.stringContaining('✓ the signature holds') });
  expect(await kookeeper(['verify'], folder, env, stdout.replace('MOCK', 'LOCK')).ended).toMatchObject({ code: 1, out: expect.stringContaining('✗ no known mistake') });
});

test('the guide shows what sign prints', async () => {
  const guide = readFileSync(new URL('../../docs/guides/comparing-signatures.md', import.meta.url), 'utf8');
  const [, key = '', line = '', printed = ''] = /\$ export KOOGALLERY_BASE_KEY=(\S+)\n\$ npx kookeeper (.*)\n([\s\S]*?)```/.exec(guide) ?? [];
  expect(await run(line.split(' '), { KOOGALLERY_BASE_KEY: key })).toEqual({ code: 0, stdout: printed, stderr: '' });
});

test('vectors go to stdout whole, one a line, or into a file', async () => {
  const { stdout } = await run(['vectors'], {});
  const { signatures } = JSON.parse(stdout) as { signatures: unknown[] };
  expect((await run(['vectors', '--output', 'jsonl'], {})).stdout.trimEnd().split('\n').map((line) => JSON.parse(line))).toEqual(signatures);
  const path = join(folder, 'vectors.json');
  expect(await run(['vectors', '--file', path], {})).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining(path) });
  expect(readFileSync(path, 'utf8')).toBe(stdout);
  expect(await run(['vectors', '--file', join(folder, 'no', 'folder')], {})).toMatchObject({ code: 2, stderr: expect.stringContaining('ENOENT') });
});
