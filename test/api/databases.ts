import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import type { Database } from '../../src/config/types.ts';
import { dropDatabase, freshDatabase } from '../support/postgres.ts';

export interface TestDatabase {
  readonly database: Database;
  drop(): Promise<void>;
}

export async function sqliteFile(): Promise<TestDatabase & { readonly file: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'kookeeper-api-'));
  const file = join(folder, 'kookeeper.db');
  return { file, database: { kind: 'sqlite', file }, drop: () => rm(folder, { recursive: true, force: true }) };
}

export async function postgresDatabase(): Promise<TestDatabase> {
  const url = await freshDatabase(inject('postgresUrl'));
  return { database: { kind: 'postgres', url }, drop: () => dropDatabase(url) };
}

/** For `describe.each`: what must hold on both. */
export const DATABASES: readonly { readonly name: string; readonly open: () => Promise<TestDatabase> }[] = [
  { name: 'SQLite', open: sqliteFile },
  { name: 'PostgreSQL', open: postgresDatabase },
];
