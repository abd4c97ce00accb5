import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { freePorts } from '../../src/temporal/dev-server/ports.ts';
import { kookeeper } from '../support/kookeeper.ts';

it('a worker that finds no Temporal says so and ends, so that whoever runs it can start it again', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kookeeper-down-'));
  const [port = 0] = await freePorts('127.0.0.1', 1);
  const worker = kookeeper(['worker'], folder, {
    KOOGALLERY_AK: 'ak-of-this-test-00001',
    KOOGALLERY_SK: 'sk-of-this-test-00001',
    KOOKEEPER_SECRET: 'a-secret-of-this-test-that-is-long-enough',
    KOOKEEPER_PUBLIC_URL: 'https://notes.example',
    TEMPORAL_ADDRESS: `127.0.0.1:${port}`,
  });
  const limit = setTimeout(() => worker.child.kill('SIGKILL'), 30_000);
  try {
    const { code, err } = await worker.ended;
    expect(err).toContain(`no Temporal server answers at 127.0.0.1:${port}`);
    expect(code).toBe(1);
  } finally {
    clearTimeout(limit);
    await rm(folder, { recursive: true, force: true });
  }
});
