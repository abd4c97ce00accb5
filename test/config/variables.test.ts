import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { loadConfig } from '../../src/config/load.ts';
import type { Config } from '../../src/config/types.ts';
import { databaseSecrets, databaseUrl, errorOf, expectNothingOf, folder, problemsOf, secrets, textOf } from './samples.ts';

const show = (env: Record<string, string>, cwd = '/srv') => loadConfig({ env, cwd, need: 'show' });

test('without anything set, every setting stands at its documented default', async () => {
  const { origin, ...config } = await show({});
  expect(config).toEqual({
    need: 'show',
    file: null,
    keys: { base: [], kit: [], license: [], common: [] },
    openApi: { baseUrl: 'https://mkt.myhuaweicloud.com', ak: null, sk: null },
    secrets: [],
    publicUrl: 'http://localhost:8081',
    appPort: 8081,
    port: 8080,
    operator: { port: 8090, host: '127.0.0.1', token: null },
    database: { kind: 'sqlite', file: '/srv/data/kookeeper.db' },
    temporal: { address: null, namespace: 'default' },
    dataFolder: '/srv/data',
    products: 'any',
    clocks: {
      warn: 604_800_000,
      graceStated: 691_200_000,
      graceEstimated: 2_592_000_000,
      retention: 1_296_000_000,
      keep: 259_200_000,
      createWindow: 10_800_000,
      onExpiry: 'freeze',
      onRetention: 'hold',
      onFailing: 'retry',
    },
    webhook: { url: null, secret: null, private: 'refuse' },
    calls: { keepDays: 400 },
    log: { level: 'info' },
  });
  expect(new Set(Object.values(origin))).toEqual(new Set(['default']));
});

interface Reading {
  readonly variable: string;
  readonly path: string;
  readonly text: string;
  readonly value: (config: Config) => unknown;
  readonly expected: unknown;
}

const WEBHOOK_SECRET = secrets.KOOKEEPER_WEBHOOK_SECRET;

const readings: readonly Reading[] = [
  { variable: 'KOOGALLERY_BASE_KEY', path: 'keys.base', text: ' new , old ', value: (c) => c.keys.base, expected: ['new', 'old'] },
  { variable: 'KOOGALLERY_KIT_KEY', path: 'keys.kit', text: 'k', value: (c) => c.keys.kit, expected: ['k'] },
  { variable: 'KOOGALLERY_LICENSE_KEY', path: 'keys.license', text: 'k', value: (c) => c.keys.license, expected: ['k'] },
  { variable: 'KOOGALLERY_COMMON_KEY', path: 'keys.common', text: 'k', value: (c) => c.keys.common, expected: ['k'] },
  { variable: 'KOOGALLERY_AK', path: 'openApi.ak', text: ' ak ', value: (c) => c.openApi.ak, expected: 'ak' },
  { variable: 'KOOGALLERY_SK', path: 'openApi.sk', text: 'sk', value: (c) => c.openApi.sk, expected: 'sk' },
  { variable: 'KOOGALLERY_OPEN_API', path: 'openApi.baseUrl', text: 'Europe', value: (c) => c.openApi.baseUrl, expected: 'https://mkt.myhuaweicloud.eu' },
  { variable: 'KOOKEEPER_SECRET', path: 'secrets', text: `${'a'.repeat(32)},${'b'.repeat(40)}`, value: (c) => c.secrets, expected: ['a'.repeat(32), 'b'.repeat(40)] },
  { variable: 'KOOKEEPER_PUBLIC_URL', path: 'publicUrl', text: 'https://app.example.cn/', value: (c) => c.publicUrl, expected: 'https://app.example.cn' },
  { variable: 'KOOKEEPER_APP_PORT', path: 'appPort', text: '9001', value: (c) => [c.appPort, c.publicUrl], expected: [9001, 'http://localhost:9001'] },
  { variable: 'PORT', path: 'port', text: '0', value: (c) => c.port, expected: 0 },
  { variable: 'KOOKEEPER_OPERATOR_PORT', path: 'operator.port', text: '9002', value: (c) => c.operator.port, expected: 9002 },
  { variable: 'KOOKEEPER_OPERATOR_TOKEN', path: 'operator.token', text: 'sixteen-letters!', value: (c) => [c.operator.token, c.operator.host], expected: ['sixteen-letters!', '0.0.0.0'] },
  { variable: 'KOOKEEPER_OPERATOR_HOST', path: 'operator.host', text: '::1', value: (c) => c.operator.host, expected: '::1' },
  { variable: 'DATABASE_URL', path: 'database', text: databaseUrl, value: (c) => c.database, expected: { kind: 'postgres', url: databaseUrl } },
  { variable: 'TEMPORAL_ADDRESS', path: 'temporal.address', text: '[::1]:7233', value: (c) => c.temporal.address, expected: '[::1]:7233' },
  { variable: 'TEMPORAL_NAMESPACE', path: 'temporal.namespace', text: 'shop', value: (c) => c.temporal.namespace, expected: 'shop' },
  { variable: 'KOOKEEPER_DATA', path: 'dataFolder', text: 'var', value: (c) => [c.dataFolder, c.database], expected: ['/srv/var', { kind: 'sqlite', file: '/srv/var/kookeeper.db' }] },
  { variable: 'KOOKEEPER_WEBHOOK_URL', path: 'webhook.url', text: ' https://Hooks.example.cn/a?token=b ', value: (c) => c.webhook.url, expected: 'https://hooks.example.cn/a?token=b' },
  { variable: 'KOOKEEPER_WEBHOOK_SECRET', path: 'webhook.secret', text: WEBHOOK_SECRET, value: (c) => c.webhook.secret, expected: WEBHOOK_SECRET },
  { variable: 'KOOKEEPER_WEBHOOK_PRIVATE', path: 'webhook.private', text: 'allow', value: (c) => c.webhook.private, expected: 'allow' },
  { variable: 'KOOKEEPER_LOG_LEVEL', path: 'log.level', text: 'debug', value: (c) => c.log.level, expected: 'debug' },
];

test.each(readings)('$variable sets $path and is named as its origin', async ({ variable, path, text, value, expected }) => {
  const config = await show({ [variable]: text });
  expect(value(config)).toEqual(expected);
  expect(config.origin[path]).toBe(`environment ${variable}`);
});

test.each(readings)('an empty $variable counts as not set', async ({ variable, path }) => {
  expect((await show({ [variable]: '' })).origin[path]).toBe('default');
});

test.each([
  ['china', 'https://mkt.myhuaweicloud.com'],
  ['international', 'https://mkt-intl.myhuaweicloud.com'],
  ['https://mkt.myhuaweicloud.cn/', 'https://mkt.myhuaweicloud.cn'],
  ['http://127.0.0.1:9999', 'http://127.0.0.1:9999'],
  ['http://localhost:9999/', 'http://localhost:9999'],
  ['http://[::1]:9999', 'http://[::1]:9999'],
])('the open API may be given as %s', async (text, url) => {
  expect((await show({ KOOGALLERY_OPEN_API: text })).openApi.baseUrl).toBe(url);
});

test.each([
  ['sqlite:./a/b.db', '/srv/a/b.db'],
  ['sqlite:/a/b.db', '/a/b.db'],
  ['sqlite:///a/b.db', '/a/b.db'],
])('%s is a file', async (text, file) => {
  expect((await show({ DATABASE_URL: text })).database).toEqual({ kind: 'sqlite', file });
});

test.each([
  ['KOOGALLERY_BASE_KEY', 'a,b,c', 'holds 3 values; at most 2 can be valid at once'],
  ['KOOGALLERY_BASE_KEY', 'a,', 'is empty in value 2 of 2'],
  ['KOOGALLERY_BASE_KEY', '  ', 'is empty'],
  ['KOOGALLERY_KIT_KEY', 'a b', 'holds a space or a line break inside'],
  ['KOOGALLERY_AK', 'a\nb', 'holds a space or a line break inside'],
  ['KOOGALLERY_SK', ' ', 'is empty'],
  ['KOOGALLERY_OPEN_API', 'http://mkt.myhuaweicloud.com', 'must use https'],
  ['KOOGALLERY_OPEN_API', 'http://127.0.0.1.example.cn', 'must use https'],
  ['KOOGALLERY_OPEN_API', 'chnia', 'is not a web address'],
  ['KOOGALLERY_OPEN_API', 'constructor', 'is not a web address'],
  ['KOOGALLERY_OPEN_API', 'https://u:p@mkt.myhuaweicloud.com', 'must not hold a user name or password'],
  ['KOOKEEPER_SECRET', 'a'.repeat(31), 'is shorter than 32 characters'],
  ['KOOKEEPER_SECRET', `${'a'.repeat(32)},short`, 'is shorter than 32 characters in value 2 of 2'],
  ['KOOKEEPER_PUBLIC_URL', 'ftp://app', 'is not a web address'],
  ['KOOKEEPER_PUBLIC_URL', 'https://app/?a=1', 'must not hold ?'],
  ['KOOKEEPER_PUBLIC_URL', 'https://app/#a', 'must not hold #'],
  ['KOOKEEPER_APP_PORT', '65536', 'is not a port'],
  ['PORT', '80a', 'is not a port'],
  ['PORT', '-1', 'is not a port'],
  ['KOOKEEPER_OPERATOR_PORT', '1e3', 'is not a port'],
  ['KOOKEEPER_OPERATOR_TOKEN', 'fifteen-letters', 'is shorter than 16 characters'],
  ['DATABASE_URL', 'mysql://h/d', 'is neither a sqlite: nor a postgres: URL'],
  ['DATABASE_URL', 'sqlite://data/x.db', 'names no file'],
  ['DATABASE_URL', 'sqlite:', 'names no file'],
  ['DATABASE_URL', 'sqlite::memory:', 'would be lost'],
  ['DATABASE_URL', 'postgres://u:p/w@h:x/d', 'is not a valid PostgreSQL URL'],
  ['TEMPORAL_ADDRESS', 'http://temporal:7233', 'is not host:port'],
  ['KOOKEEPER_WEBHOOK_URL', 'hooks.example.cn', 'is not a web address'],
  ['KOOKEEPER_WEBHOOK_URL', 'https://u:p@hooks.example.cn', 'must not hold a user name or password'],
  ['KOOKEEPER_WEBHOOK_URL', 'https://hooks.example.cn/#a', 'must not hold #'],
  ['KOOKEEPER_WEBHOOK_SECRET', 'not-base64-at-all-not-base64-at-all!', 'is not base64 of 24 to 64 bytes'],
  ['KOOKEEPER_WEBHOOK_SECRET', Buffer.alloc(23).toString('base64'), 'is not base64 of 24 to 64 bytes'],
  ['KOOKEEPER_WEBHOOK_SECRET', Buffer.alloc(65).toString('base64'), 'is not base64 of 24 to 64 bytes'],
  ['KOOKEEPER_WEBHOOK_PRIVATE', 'alow', 'is not one of refuse, allow; did you mean allow?'],
  ['KOOKEEPER_LOG_LEVEL', 'wran', 'is not one of fatal, error, warn, info, debug, trace, silent; did you mean warn?'],
])('%s=%j is refused with the reason', async (variable, text, reason) => {
  const problems = await problemsOf({ env: { [variable]: text }, need: 'show' });
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatchObject({ kind: 'invalid', variable, cause: expect.stringContaining(reason), mend: expect.stringMatching(/\w/) });
});

describe('a secret from a file', () => {
  const all = { ...secrets, DATABASE_URL: databaseUrl };

  test.each(Object.entries(all))('%s_FILE is read, without the line break at its end', async (variable, value) => {
    const cwd = folder({ secret: `${value}\r\n` });
    const direct = await show({ [variable]: value }, cwd);
    const { origin, ...fromFile } = await show({ [`${variable}_FILE`]: 'secret' }, cwd);
    expect({ ...fromFile, origin: null }).toEqual({ ...direct, origin: null });
    expect(Object.values(origin)).toContain(`environment ${variable}_FILE`);
  });

  test.each(Object.entries(all))('%s given both ways is refused', async (variable, value) => {
    const cwd = folder({ secret: value });
    const error = await errorOf({ env: { [variable]: value, [`${variable}_FILE`]: 'secret' }, need: 'show', cwd });
    expect(error.problems).toMatchObject([{ kind: 'conflict', variable, cause: `and ${variable}_FILE are both set`, mend: 'Keep one of the two.' }]);
    expectNothingOf(textOf(error), value === databaseUrl ? databaseSecrets : [value]);
  });

  test('a file that is not there, or is a folder, is refused without repeating what may be the secret itself', async () => {
    const cwd = folder();
    mkdirSync(join(cwd, 'sub'));
    const error = await errorOf({ env: { KOOGALLERY_AK_FILE: secrets.KOOGALLERY_AK, KOOGALLERY_SK_FILE: 'sub' }, need: 'show', cwd });
    expect(error.problems).toMatchObject([
      { kind: 'unreadable', variable: 'KOOGALLERY_AK_FILE', cause: 'names a file that cannot be read (ENOENT)' },
      { kind: 'unreadable', variable: 'KOOGALLERY_SK_FILE', cause: 'names a file that cannot be read (EISDIR)' },
    ]);
    expectNothingOf(textOf(error), [secrets.KOOGALLERY_AK]);
  });

  test('an empty file is an empty secret, not a missing one', async () => {
    const cwd = folder({ secret: '\n' });
    expect(await problemsOf({ env: { KOOGALLERY_AK_FILE: 'secret' }, need: 'show', cwd })).toMatchObject([{ variable: 'KOOGALLERY_AK_FILE', cause: 'is empty' }]);
  });

  test('what is no secret has no _FILE', async () => {
    expect((await show({ PORT_FILE: 'nowhere' })).port).toBe(8080);
  });
});

test('the operator port never opens to other machines without a token', async () => {
  const problems = await problemsOf({ env: { KOOKEEPER_OPERATOR_HOST: '0.0.0.0' }, need: 'show' });
  expect(problems).toMatchObject([{ kind: 'conflict', variable: 'KOOKEEPER_OPERATOR_HOST', mend: expect.stringContaining('KOOKEEPER_OPERATOR_TOKEN') }]);
  const config = await show({ KOOKEEPER_OPERATOR_HOST: '10.0.0.7', KOOKEEPER_OPERATOR_TOKEN: secrets.KOOKEEPER_OPERATOR_TOKEN });
  expect(config.operator.host).toBe('10.0.0.7');
});

test('a webhook without TLS goes only to a private network', async () => {
  const url = 'http://alerts.internal:9000/hook-token-Rr44';
  const error = await errorOf({ env: { ...secrets, KOOKEEPER_WEBHOOK_URL: url }, need: 'worker' });
  expect(error.problems).toMatchObject([{ kind: 'conflict', variable: 'KOOKEEPER_WEBHOOK_URL', cause: expect.stringContaining('must use https') }]);
  expectNothingOf(textOf(error), ['hook-token-Rr44']);
  expect((await show({ KOOKEEPER_WEBHOOK_URL: url, KOOKEEPER_WEBHOOK_PRIVATE: 'allow' })).webhook).toEqual({ url, secret: null, private: 'allow' });
});

test('two listeners on one port are refused, any free port for both is not', async () => {
  const problems = await problemsOf({ env: { PORT: '8081' }, need: 'show' });
  expect(problems).toMatchObject([{ kind: 'conflict', variable: 'KOOKEEPER_APP_PORT', cause: 'is the same port as PORT' }]);
  await expect(show({ PORT: '0', KOOKEEPER_APP_PORT: '0', KOOKEEPER_OPERATOR_PORT: '0' })).resolves.toMatchObject({ port: 0, appPort: 0 });
});

test('the configuration cannot be changed after loading', async () => {
  const config = await show({ KOOGALLERY_BASE_KEY: 'a' });
  for (const part of [config, config.keys, config.keys.base, config.clocks, config.operator, config.origin]) expect(Object.isFrozen(part)).toBe(true);
});
