import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kookeeper } from '../support/kookeeper.ts';

interface Story {
  readonly ok: boolean;
  readonly moments: readonly { readonly at: number; readonly who: string; readonly what: string; readonly result: string; readonly ok: boolean; readonly note: string }[];
  readonly temporal: string;
}

describe('npm run demo -- --once', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kookeeper-demo-test-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('plays one life on a Temporal server of its own and ends well, leaving nothing behind', { timeout: 120_000 }, async () => {
    const { code, out, err } = await kookeeper(['demo', '--once', '--output', 'json'], folder, { TMPDIR: folder }).ended;
    expect(err).toContain('starting Temporal');
    expect(code).toBe(0);
    const story = JSON.parse(out) as Story;
    expect(story.ok).toBe(true);
    expect(story.moments.every(({ ok }) => ok)).toBe(true);
    expect(story.moments.map(({ who, what }) => `${who} ${what}`)).toEqual([
      'market newInstance',
      'market queryInstance',
      'engine provision sqlite-tenant',
      'market queryInstance',
      'buyer logs in, writes a note',
      'market FREEZE',
      'market UNFREEZE',
      'market RENEWAL',
      'engine suspend (own clock)',
      'market queryInstance',
      'market releaseInstance',
      'engine remove',
      'market queryInstance',
    ]);
    expect(story.temporal).toMatch(/^http:\/\/localhost:\d+\/namespaces\/default\/workflows\/instance%2F/);
    expect(await readdir(folder)).toEqual([]);
  });
});
