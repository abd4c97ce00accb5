import { expect, test } from 'vitest';

import { formatConfigError } from '../../src/config/config-error.ts';
import { loadConfig } from '../../src/config/load.ts';
import { databaseUrl, errorOf, problemsOf, secrets } from './samples.ts';

test.each([
  ['api', ['KOOGALLERY_BASE_KEY', 'KOOKEEPER_SECRET']],
  ['worker', ['KOOGALLERY_AK', 'KOOGALLERY_SK', 'KOOKEEPER_SECRET']],
  ['serve', ['KOOGALLERY_BASE_KEY', 'KOOGALLERY_AK', 'KOOGALLERY_SK', 'KOOKEEPER_SECRET']],
] as const)('%s misses exactly %j', async (need, missing) => {
  const problems = await problemsOf({ env: {}, need });
  expect(problems.map(({ kind, variable }) => [kind, variable])).toEqual(missing.map((variable) => ['missing', variable]));
  await expect(loadConfig({ env: Object.fromEntries(missing.map((name) => [name, secrets[name]])), cwd: '/srv', need })).resolves.toMatchObject({ need });
});

test.each(['migrate', 'operate', 'show'] as const)('%s starts with nothing set', async (need) => {
  await expect(loadConfig({ env: {}, cwd: '/srv', need })).resolves.toMatchObject({ need });
});

test('migrate reads the database and neither reads nor judges a key', async () => {
  const config = await loadConfig({
    env: { DATABASE_URL: databaseUrl, KOOGALLERY_BASE_KEY: 'a b', KOOKEEPER_SECRET_FILE: 'nowhere', PORT: 'x' },
    cwd: '/srv',
    need: 'migrate',
  });
  expect(config.database.kind).toBe('postgres');
  expect(config.keys.base).toEqual([]);
  expect(config.origin).toMatchObject({ database: 'environment DATABASE_URL', 'keys.base': 'not read', secrets: 'not read', port: 'not read' });
});

test('who needs a secret gets it typed as there', async () => {
  const config = await loadConfig({ env: secrets, cwd: '/srv', need: 'serve' });
  const given: readonly string[] = [config.openApi.ak, config.openApi.sk, config.secrets[0], config.keys.base[0]];
  expect(given).toEqual([secrets.KOOGALLERY_AK, secrets.KOOGALLERY_SK, secrets.KOOKEEPER_SECRET, secrets.KOOGALLERY_BASE_KEY]);
});

test('the API never holds the AK and SK that only the worker uses', async () => {
  const config = await loadConfig({ env: secrets, cwd: '/srv', need: 'api' });
  expect(config.openApi).toMatchObject({ ak: null, sk: null });
});

test('a missing access key says which variable and where the Seller Console shows it, with the menu in Chinese', async () => {
  const text = formatConfigError(await errorOf({ env: { KOOKEEPER_SECRET: secrets.KOOKEEPER_SECRET }, need: 'api' }));
  expect(text).toMatch(/^kookeeper cannot start: one problem in its configuration\n\n {2}KOOGALLERY_BASE_KEY \(keys\.base\) is missing\n {4}\S/);
  expect(text).toContain('Seller Console (卖家中心) → Application Tools (应用工具) → Key Management (密钥管理)');
  expect(text).toContain('base interfaces (基础接口)');
});

test('a missing AK says that it is not the access key, and where the console makes one', async () => {
  const [ak] = await problemsOf({ env: { KOOGALLERY_SK: 'x', KOOKEEPER_SECRET: secrets.KOOKEEPER_SECRET }, need: 'worker' });
  expect(ak).toMatchObject({ variable: 'KOOGALLERY_AK', mend: expect.stringMatching(/我的凭证.*管理访问密钥.*not the access key/) });
});

test('a missing secret gives the command that makes one', async () => {
  const problems = await problemsOf({ env: {}, need: 'api' });
  expect(problems.find(({ path }) => path === 'secrets')?.mend).toContain('openssl rand -hex 32');
});

test('a misspelt variable is named beside the missing one', async () => {
  const problems = await problemsOf({ env: { KOOGALLERY_BASEKEY: 'Qw7zBASE', KOOKEEPER_SECRETS_FILE: 'f' }, need: 'api' });
  expect(problems.map(({ cause }) => cause)).toEqual([
    'is missing (KOOGALLERY_BASEKEY is set, but kookeeper reads no variable of that name)',
    expect.stringContaining('is missing'),
  ]);
});

test('every problem is told at once, counted in the headline', async () => {
  const error = await errorOf({ env: { PORT: 'x' }, need: 'api' });
  expect(error.code).toBe('CONFIG_INVALID');
  expect(formatConfigError(error)).toMatch(/^kookeeper cannot start: 3 problems in its configuration\n/);
  expect(error.message.split('\n')).toHaveLength(3);
});
