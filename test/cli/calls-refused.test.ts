import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { recordRefusal } from '../../src/store/journal.ts';
import { openStore } from '../../src/store/open.ts';

/** 2026-11-21T00:00:00Z */
const NOW = 1_795_219_200_000;
const MISTAKE = 'key-blank-at-end: the access key carries a line break or a blank at its end';
const refusal = { receivedAt: NOW, kit: 'saas-v2', resultCode: '000001', resultMsg: 'signature is wrong', query: '{"nonce":"n"}' };

describe('calls list --refused, and calls show', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kookeeper-calls-'));
    const store = await openStore({ kind: 'sqlite', file: join(folder, 'kookeeper.db') });
    await store.migrate();
    await recordRefusal(store.em(), { ...refusal, id: 'explained', body: '{"activity":"releaseInstance"}', mistake: MISTAKE });
    await recordRefusal(store.em(), { ...refusal, id: 'unexplained', receivedAt: NOW - 1_000, body: 'no json', mistake: null });
    await store.close();
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function run(...args: readonly string[]): Promise<string> {
    const out = { text: '' };
    const code = await main(args, { stdout: { write: (text: string) => void (out.text += text) }, stderr: { write: () => {} }, env: { KOOKEEPER_DATA: folder }, cwd: folder });
    expect(code).toBe(0);
    return out.text;
  }

  it('name the activity where the body says one, and the known mistake, a line each', async () => {
    const lines = (await run('calls', 'list', '--refused')).trimEnd().split('\n').map((line) => line.split(/ {2,}/));
    expect(lines).toEqual([
      ['RECEIVED (UTC)', 'ACTIVITY', 'CODE', 'MESSAGE', 'MISTAKE', 'ID'],
      ['2026-11-21 00:00:00', 'releaseInstance', '000001', 'signature is wrong', 'key-blank-at-end', 'explained'],
      ['2026-11-20 23:59:59', '–', '000001', 'signature is wrong', '–', 'unexplained'],
    ]);
  });

  it('say as JSON that the call was refused, and claim nothing that was not read', async () => {
    expect(JSON.parse(await run('calls', 'list', '--refused', '--output', 'json'))).toMatchObject([
      { id: 'explained', verb: 'releaseInstance', kind: 'refused', instanceId: null, mistake: MISTAKE },
      { id: 'unexplained', verb: null, kind: 'refused', instanceId: null, mistake: null },
    ]);
  });

  it('show the whole sentence of the mistake', async () => {
    expect(await run('calls', 'show', 'explained')).toMatch(new RegExp(`^mistake +${MISTAKE}$`, 'm'));
    expect(await run('calls', 'show', 'unexplained')).toMatch(/^mistake +–$/m);
  });
});
