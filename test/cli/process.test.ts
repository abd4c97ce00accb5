import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';

import { expect, test } from 'vitest';

const entry = fileURLToPath(new URL('../../bin/kookeeper.js', import.meta.url));
const { version }: { version: string } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

/** Runs the real command line in a process of its own, with the Node that runs the tests (24). */
function run(args: readonly string[], env: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [entry, ...args], { cwd: tmpdir(), env, encoding: 'utf8', timeout: 20_000 });
  return { status, stdout, stderr };
}

test('--version prints the version of the package', () => {
  expect(run(['--version'])).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
});

test('--help prints to stdout and ends with 0', () => {
  const { status, stdout, stderr } = run(['--help']);
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^Usage: kookeeper \[options\] \[command\]\n/);
});

test('a usage error prints to stderr and ends with 2', () => {
  const { status, stdout, stderr } = run(['config', 'show', '--nonsense']);
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toContain("unknown option '--nonsense'");
});

test('a configuration error ends with 2', () => {
  const { status, stderr } = run(['config', 'show'], { KOOGALLERY_BASE_KEY: 'a,,b' });
  expect(status).toBe(2);
  expect(stderr).toContain('KOOGALLERY_BASE_KEY (keys.base) holds 3 values');
});

test('a reader that closes the pipe early, as head does, is no fault', async () => {
  const child = spawn(process.execPath, [entry, 'config', 'show'], { cwd: tmpdir(), env: {}, stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.destroy();
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  await once(child, 'close');
  expect([child.exitCode, stderr]).toEqual([0, '']);
});
