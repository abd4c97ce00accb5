import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, onTestFinished, test } from 'vitest';

import { main } from '../../src/cli/main.ts';

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one command line in an empty folder with exactly this environment. */
async function run(args: readonly string[], env: Record<string, string> = {}): Promise<Ran> {
  const cwd = mkdtempSync(join(tmpdir(), 'kookeeper-cli-'));
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }));
  const written = { stdout: '', stderr: '' };
  const stream = (name: 'stdout' | 'stderr') => ({ write: (text: string) => void (written[name] += text) });
  const code = await main(args, { stdout: stream('stdout'), stderr: stream('stderr'), env, cwd });
  return { code, ...written };
}

describe('config show', () => {
  test('lists every setting with where it came from, on stdout alone', async () => {
    const { code, stdout, stderr } = await run(['config', 'show'], { PORT: '9000' });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^SETTING +VALUE +FROM +VARIABLE\n/);
    expect(stdout).toMatch(/^port +9000 +environment PORT +PORT$/m);
    expect(stdout).toMatch(/^clocks\.warn +7d +default +–$/m);
  });

  test('prints one JSON array with --output json, wherever the flag stands', async () => {
    const before = await run(['--output', 'json', 'config', 'show'], { PORT: '9000' });
    const after = await run(['config', 'show', '--output=json'], { PORT: '9000' });
    for (const { code, stdout } of [before, after]) {
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toContainEqual({ path: 'port', variable: 'PORT', value: '9000', origin: 'environment PORT' });
    }
  });

  test('prints one JSON object a line with --output jsonl', async () => {
    const { stdout } = await run(['config', 'show', '--output', 'jsonl']);
    const lines = stdout.trimEnd().split('\n').map((line): unknown => JSON.parse(line));
    expect(lines.length).toBeGreaterThan(20);
    expect(lines[0]).toMatchObject({ path: 'keys.base', value: 'not set' });
  });

  test.each(['text', 'json', 'jsonl'])('shows no part of a secret as %s', async (format) => {
    const { code, stdout, stderr } = await run(['config', 'show', '--output', format], {
      KOOGALLERY_BASE_KEY: 'Qw7zBASEkey91',
      DATABASE_URL: 'postgres://ownerXq:passWw99@db/keeper',
    });
    expect(code).toBe(0);
    expect(stdout + stderr).not.toMatch(/Qw7z|BASEkey|ownerXq|passWw99/);
  });

  test('colours only when told to, since this stdout is no terminal', async () => {
    expect((await run(['config', 'show'])).stdout).not.toContain('\u001b');
    expect((await run(['config', 'show', '--color', 'always'])).stdout).toContain('\u001b[1mSETTING');
    expect((await run(['config', 'show', '--color', 'always', '--output', 'json'])).stdout).not.toContain('\u001b');
  });
});

describe('a wrong configuration ends with 2', () => {
  test('as text on stderr, nothing on stdout', async () => {
    const { code, stdout, stderr } = await run(['config', 'show'], { PORT: 'x' });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^kookeeper cannot start: one problem in its configuration\n\n {2}PORT \(port\) is not a port/);
  });

  test.each(['json', 'jsonl'])('and with --output %s also as an error object on stdout', async (format) => {
    const { code, stdout, stderr } = await run(['config', 'show', '--output', format], { PORT: 'x' });
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'CONFIG_INVALID', problems: [{ path: 'port', variable: 'PORT' }] } });
    expect(stderr).toContain('PORT (port)');
  });
});

describe('a wrong command line ends with 2', () => {
  test.each([
    [['shwo'], "unknown command 'shwo'"],
    [['config', 'shwo'], 'Did you mean show?'],
    [['market', 'buuy'], "unknown command 'buuy'; did you mean buy?"],
    [['config', 'show', '--foo'], "unknown option '--foo'"],
    [['config', 'show', 'extra'], 'too many arguments'],
    [['--output', 'yaml', 'config', 'show'], 'Allowed choices are text, json, jsonl'],
    [['--color', 'sometimes', 'config', 'show'], 'Allowed choices are auto, always, never'],
    [['config', 'show', '--output'], 'argument missing'],
    [['config'], 'Usage: kookeeper config'],
    [[], 'Usage: kookeeper'],
  ])('%j', async (args, said) => {
    const { code, stdout, stderr } = await run(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(said);
  });

  test('and with --output json it is an error object on stdout', async () => {
    const { code, stdout } = await run(['config', 'show', '--foo', '--output', 'json']);
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toEqual({ error: { code: 'USAGE', message: "unknown option '--foo'" } });
  });
});

describe('help ends with 0', () => {
  test.each([[['--help']], [['-h']]])('%j lists the commands and the exit codes', async (args) => {
    const { code, stdout, stderr } = await run(args);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^ {2}config /m);
    expect(stdout).toContain('Exit codes: 0 ok, 1 something failed, 2 bad input or configuration, 3 incomplete.');
  });

  test('of a command shows its flags with their defaults and an example', async () => {
    const { code, stdout } = await run(['config', 'show', '-h']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/--output <format>[^]*default: "text"/);
    expect(stdout).toMatch(/Examples:\n {2}\$ kookeeper config show\n/);
  });
});
