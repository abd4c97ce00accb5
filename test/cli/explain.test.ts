import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { run as runCommand } from './run.ts';

const KEY = 'the-base-key-0123456789abcdef';
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kookeeper-explain-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (args: readonly string[], key = KEY) => runCommand(args, { KOOGALLERY_BASE_KEY: key }, folder);

async function explained(text: string, key = KEY) {
  const file = join(folder, 'captured.txt');
  writeFileSync(file, text);
  return run(['explain', '--file', file, '--output', 'json'], key);
}

it('explain reads what verify reads: a curl command, a link with its body, JSON', async () => {
  const { stdout: curl } = await run(['sign', 'newInstance', '--as', 'curl']);
  const { url, body } = JSON.parse((await run(['sign', 'newInstance', '--output', 'json'])).stdout) as { url: string; body: string };
  for (const text of [curl, `${url}\n\n${body}`, JSON.stringify({ url, body })]) {
    const { code, stdout } = await explained(text);
    expect([code, JSON.parse(stdout)]).toEqual([0, [expect.objectContaining({ id: 'holds' })]]);
    expect(await explained(text, 'another-key')).toMatchObject({ code: 1, stdout: '[]\n' });
  }
});

it('explain ends with 2 for what is no call, and says what to give', async () => {
  expect(await explained('nonsense')).toMatchObject({ code: 2, stderr: expect.stringContaining('give a curl command, a link with the body below it, or JSON') });
});
