import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import type { History } from './history.ts';
import { bundleToReplay, quiet, replay } from './replay.ts';

const at = (file: string): URL => new URL(`./patched/${file}`, import.meta.url);
const historyOf = (version: string): History => JSON.parse(readFileSync(at(`${version}.json`), 'utf8')) as History;
const replayed = async (code: string, history: string) => replay(await bundleToReplay(fileURLToPath(at(`${code}.ts`))), historyOf(history));

// An example, for the guide and because our own workflows hold no patch yet: captured like theirs, from the real server.
describe('a patched() branch', () => {
  beforeAll(quiet);

  it('lets runs of both releases go on', async () => {
    expect((await replayed('during', 'before')).map(({ name }) => name)).toEqual(['build']);
    expect((await replayed('during', 'during')).map(({ name }) => name)).toEqual(['check', 'build']);
  });

  it('is missed by the runs that began before it when it is taken out, and by those that began with it', async () => {
    await expect(replayed('after', 'before')).rejects.toThrow(/TMPRL1100/);
    await expect(replayed('before', 'during')).rejects.toThrow(/TMPRL1100/);
  });
});
