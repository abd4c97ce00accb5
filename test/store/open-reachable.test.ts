import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { openReachableStore } from '../../src/store/open-reachable.ts';

describe('a database that cannot be used is named, with the setting to look at', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kookeeper-unusable-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('a file that is no database', async () => {
    const file = join(folder, 'notes.txt');
    await writeFile(file, 'these are notes, and no database at all\n'.repeat(100));
    await expect(openReachableStore({ kind: 'sqlite', file })).rejects.toMatchObject({ code: 'DATABASE_UNUSABLE', message: expect.stringMatching(/notes\.txt \(DATABASE_URL.*not a database/) });
  });

  it('a server that is not there, and one that refuses the password, without telling it', async () => {
    const url = new URL(inject('postgresUrl'));
    url.password = 'a-wrong-password';
    await expect(openReachableStore({ kind: 'postgres', url: url.href })).rejects.toMatchObject({ code: 'DATABASE_UNUSABLE', message: expect.stringMatching(/DATABASE_URL names cannot be used: password authentication failed/) });
    url.port = '1';
    const refused = await openReachableStore({ kind: 'postgres', url: url.href }).catch((error: unknown) => error);
    expect(String(refused)).toMatch(/ECONNREFUSED/);
    expect(String(refused)).not.toContain('a-wrong-password');
  });

  it('one that can be used is opened', async () => {
    const store = await openReachableStore({ kind: 'postgres', url: inject('postgresUrl') });
    await store.close();
    expect(store.kind).toBe('postgres');
  });
});
