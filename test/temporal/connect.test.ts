import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectClient, connectWorker, isStated, lazyClient, TemporalUnreachable } from '../../src/temporal/connect.ts';
import { freePorts } from '../../src/temporal/dev-server/ports.ts';
import { startTemporal } from '../support/temporal.ts';
import type { TestTemporal } from '../support/temporal.ts';

let temporal: TestTemporal;
let folder: string;

beforeAll(async () => {
  temporal = await startTemporal();
  folder = mkdtempSync(join(tmpdir(), 'kookeeper-profile-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await temporal.stop();
});

const closedAddress = async (): Promise<string> => `127.0.0.1:${(await freePorts('127.0.0.1', 1))[0]}`;

const profileFile = (text: string): string => {
  const path = join(folder, 'temporal.toml');
  writeFileSync(path, text);
  return path;
};

test('where the server is, is stated by the target, the environment or the profile file, and a guess otherwise', () => {
  expect(isStated({ env: {} })).toBe(false);
  expect(isStated({ namespace: 'other', env: { TEMPORAL_NAMESPACE: 'other' } })).toBe(false);
  expect(isStated({ address: 'temporal.example:7233', env: {} })).toBe(true);
  expect(isStated({ env: { TEMPORAL_ADDRESS: 'temporal.example:7233' } })).toBe(true);
  const file = profileFile('[profile.default]\naddress = "temporal.example:7233"\n');
  expect(isStated({ env: { TEMPORAL_CONFIG_FILE: file } })).toBe(true);
});

describe('a server that does not answer', () => {
  test.each([
    ['client', connectClient],
    ['worker', connectWorker],
  ])('fails the %s within 6 s, naming the address and TEMPORAL_ADDRESS', async (_, connect) => {
    const address = await closedAddress();
    const begun = Date.now();
    const error: unknown = await connect({ address, env: {} }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TemporalUnreachable);
    expect(String(error)).toContain(`no Temporal server answers at ${address}`);
    expect(String(error)).toContain('TEMPORAL_ADDRESS');
    expect(Date.now() - begun).toBeLessThan(6000);
  });

  test('does not keep a lazy client from being made', async () => {
    const { connection, client, close } = lazyClient({ address: await closedAddress(), env: {} });
    await expect(connection.withDeadline(Date.now() + 500, () => client.workflow.getHandle('any').describe())).rejects.toThrow(/describe|connect/i);
    await close();
  });
});

describe('where the settings come from', () => {
  test('the environment gives address and namespace', async () => {
    const { namespace, connection, close } = await connectClient({ env: { TEMPORAL_ADDRESS: temporal.address, TEMPORAL_NAMESPACE: 'of-the-environment' } });
    expect(namespace).toBe('of-the-environment');
    expect(connection.options.address).toBe(temporal.address);
    await close();
  });

  test('the profile file gives them too, and what is stated overrides it', async () => {
    const file = profileFile(`[profile.plain]\naddress = "${temporal.address}"\nnamespace = "of-the-file"\n`);
    const env = { TEMPORAL_CONFIG_FILE: file };
    const fromFile = await connectWorker({ profile: 'plain', env });
    expect(fromFile.namespace).toBe('of-the-file');
    await fromFile.close();
    const stated = await connectClient({ profile: 'plain', env: { TEMPORAL_CONFIG_FILE: profileFile('[profile.plain]\naddress = "nowhere.invalid:1"\n') }, address: temporal.address, namespace: 'stated' });
    expect(stated.namespace).toBe('stated');
    await stated.close();
  });

  test('a misspelt key in the profile file is refused', async () => {
    const env = { TEMPORAL_CONFIG_FILE: profileFile('[profile.default]\nadress = "nowhere.invalid:1"\n') };
    await expect(connectClient({ env })).rejects.toThrow('adress');
  });

  test('a development server gets neither key nor TLS of the environment', async () => {
    const env = { TEMPORAL_API_KEY: 'for-the-cloud', TEMPORAL_TLS: 'true', TEMPORAL_NAMESPACE: 'in-the-cloud' };
    for (const connect of [connectClient, connectWorker]) {
      const { namespace, close } = await connect({ address: temporal.address, development: true, env });
      expect(namespace).toBe('default');
      await close();
    }
  });

  test('a lazy client works once the server is there', async () => {
    const { client, close } = lazyClient({ address: temporal.address, env: {} });
    const handle = await client.workflow.start('anything', { workflowId: 'lazy', taskQueue: 'nobody' });
    expect(handle.firstExecutionRunId).not.toBe('');
    await close();
  });
});
