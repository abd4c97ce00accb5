import { expect, test } from 'vitest';

import { describeConfig } from '../../src/config/describe.ts';
import { loadConfig } from '../../src/config/load.ts';
import { databaseSecrets, databaseUrl, errorOf, expectNothingOf, folder, secrets, textOf, webhookSecrets, webhookUrl } from './samples.ts';

const everySecret = [...Object.values(secrets), ...databaseSecrets, ...webhookSecrets];

test('what a start prints holds no part of a secret, only how many there are and a class of length', async () => {
  const config = await loadConfig({ env: { ...secrets, KOOGALLERY_BASE_KEY: `${secrets.KOOGALLERY_BASE_KEY},zzYYxxWWvvUUttSSrrQQ`, DATABASE_URL: databaseUrl, KOOKEEPER_WEBHOOK_URL: webhookUrl }, cwd: '/srv', need: 'show' });
  const described = describeConfig(config);
  const value = (path: string) => described.find((line) => line.path === path)?.value;
  expect(value('keys.base')).toBe('2 set (under 16 characters; 16 to 31 characters)');
  expect(value('secrets')).toBe('1 set (32 to 63 characters)');
  expect(value('operator.token')).toBe('1 set (16 to 31 characters)');
  expect(value('database')).toBe('postgres://db.internal:5433/keeper');
  expect(value('webhook.url')).toBe('https://hooks.example.cn:8443/…');
  expect(value('webhook.secret')).toBe('1 set (32 to 63 characters)');
  expectNothingOf(JSON.stringify(described), [...everySecret, 'zzYYxxWWvvUUttSSrrQQ']);
});

test('a secret option of a provisioner is not described', async () => {
  const content = { products: [{ skuCode: 's1', provisioner: { kind: 'postgres-tenant', options: { url: { fromEnvironment: 'T' } } } }] };
  const config = await loadConfig({ env: { ...secrets, T: databaseUrl }, cwd: folder({ 'c.json': JSON.stringify(content) }), file: 'c.json', need: 'serve' });
  const described = describeConfig(config);
  expect(described.find(({ path }) => path === 'products')?.value).toBe('s1 → postgres-tenant');
  expectNothingOf(JSON.stringify(described), everySecret);
});

test('every setting is described once, with its origin', async () => {
  const config = await loadConfig({ env: { PORT: '1' }, cwd: '/srv', need: 'migrate' });
  const described = describeConfig(config);
  expect(described.map(({ path }) => path).toSorted()).toEqual(Object.keys(config.origin).toSorted());
  expect(described.find(({ path }) => path === 'port')).toEqual({ path: 'port', variable: 'PORT', value: '–', origin: 'not read' });
  expect(described.find(({ path }) => path === 'database')).toMatchObject({ value: 'sqlite:/srv/data/kookeeper.db', origin: 'default' });
});

test('durations are described in days and hours', async () => {
  const config = await loadConfig({ env: {}, cwd: '/srv', need: 'show' });
  const values = Object.fromEntries(describeConfig(config).map(({ path, value }) => [path, value]));
  expect(values).toMatchObject({ 'clocks.warn': '7d', 'clocks.createWindow': '3h', products: 'any SKU → sqlite-tenant' });
});

test('no error holds a part of a secret, whichever variable it was put into by mistake', async () => {
  const names = [
    ...Object.keys(secrets), 'DATABASE_URL', 'KOOGALLERY_OPEN_API', 'KOOKEEPER_PUBLIC_URL', 'KOOKEEPER_WEBHOOK_URL', 'KOOKEEPER_WEBHOOK_PRIVATE', 'KOOKEEPER_APP_PORT', 'PORT', 'KOOKEEPER_OPERATOR_PORT',
    'KOOKEEPER_LOG_LEVEL', 'KOOKEEPER_CONFIG', ...Object.keys(secrets).map((name) => `${name}_FILE`),
  ];
  const misplaced = 'Zz9 https://userQq:passKk77@wrongPlace Xx8';
  for (const name of names) {
    const error = await errorOf({ env: { [name]: misplaced }, need: 'show' });
    expect(error.problems).not.toHaveLength(0);
    expectNothingOf(textOf(error), ['userQq', 'passKk77', 'wrongPlace']);
  }
});
