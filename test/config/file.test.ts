import { describe, expect, test } from 'vitest';

import { loadConfig } from '../../src/config/load.ts';
import { databaseSecrets, databaseUrl, errorOf, expectNothingOf, folder, problemsOf, secrets, textOf, webhookSecrets, webhookUrl } from './samples.ts';

const load = (content: unknown, env: Record<string, string> = {}) =>
  loadConfig({ env, cwd: folder({ 'c.json': JSON.stringify(content) }), file: 'c.json', need: 'show' });

const problemsIn = (content: unknown, need: 'show' | 'migrate' | 'worker' = 'show', env: Record<string, string> = {}) =>
  problemsOf({ env, cwd: folder({ 'c.json': JSON.stringify(content) }), file: 'c.json', need });

const body = `{ products: 'any', port: 9000, clocks: { warn: '2d' } }`;

test.each([
  ['c.json', JSON.stringify({ products: 'any', port: 9000, clocks: { warn: '2d' } })],
  ['c.ts', `interface Port { port: number }\nconst config = ${body} satisfies Port & Record<string, unknown>;\nexport default config;`],
  ['c.mjs', `export default ${body};`],
  ['c.js', `export default ${body};`],
])('%s is read through KOOKEEPER_CONFIG and named as the origin', async (name, text) => {
  const cwd = folder({ [name]: text });
  const config = await loadConfig({ env: { KOOKEEPER_CONFIG: name }, cwd, need: 'show' });
  expect(config).toMatchObject({ file: name, port: 9000, clocks: { warn: 172_800_000, keep: 259_200_000 } });
  expect(config.origin).toMatchObject({ port: `file ${name}`, 'clocks.warn': `file ${name}`, 'clocks.keep': 'default' });
});

test('flag wins over environment, environment over file, file over default', async () => {
  const cwd = folder({ 'c.json': JSON.stringify({ products: 'any', port: 1001, appPort: 1002, operator: { port: 1003 } }) });
  const env = { KOOKEEPER_CONFIG: 'c.json', PORT: '2001', KOOKEEPER_APP_PORT: '2002' };
  const config = await loadConfig({ env, flags: { port: '3001' }, cwd, need: 'show' });
  expect([config.port, config.appPort, config.operator.port, config.temporal.namespace]).toEqual([3001, 2002, 1003, 'default']);
  expect(config.origin).toMatchObject({
    port: 'flag',
    appPort: 'environment KOOKEEPER_APP_PORT',
    'operator.port': 'file c.json',
    'temporal.namespace': 'default',
  });
});

test('a file given by the caller replaces the one of KOOKEEPER_CONFIG, the two are never merged', async () => {
  const cwd = folder({ 'a.json': '{"products":"any","port":1}', 'b.json': '{"products":"any","appPort":2}' });
  const config = await loadConfig({ env: { KOOKEEPER_CONFIG: 'a.json' }, file: 'b.json', cwd, need: 'show' });
  expect([config.port, config.appPort]).toEqual([8080, 2]);
});

test('a secret cannot come in as a flag', async () => {
  const config = await loadConfig({ env: {}, flags: { 'openApi.ak': 'ak', 'keys.base': 'key' }, cwd: '/srv', need: 'show' });
  expect([config.openApi.ak, config.keys.base]).toEqual([null, []]);
});

test('every setting that is no secret may stand in the file', async () => {
  const config = await load({
    products: [],
    openApi: { baseUrl: 'international' },
    publicUrl: 'https://a.example.cn',
    appPort: 1,
    port: '2',
    operator: { port: 3, host: 'localhost' },
    database: 'postgres://db.internal/keeper',
    temporal: { address: 't:7233', namespace: 'n' },
    dataFolder: 'd',
    calls: { keepDays: 30 },
    log: { level: 'warn' },
    webhook: { private: 'allow' },
    clocks: { warn: 1, graceStated: '2s', graceEstimated: '3m', retention: '4h', keep: '5d', createWindow: '6ms', onExpiry: 'tell', onRetention: 'release', onFailing: 'wait' },
  });
  expect(Object.entries(config.origin).filter(([, origin]) => origin === 'default').map(([path]) => path)).toEqual([
    'operator.token', 'keys.base', 'keys.kit', 'keys.license', 'keys.common', 'openApi.ak', 'openApi.sk', 'secrets', 'webhook.url', 'webhook.secret',
  ]);
  expect(config.clocks).toEqual({
    warn: 1, graceStated: 2_000, graceEstimated: 180_000, retention: 14_400_000, keep: 432_000_000, createWindow: 6, onExpiry: 'tell', onRetention: 'release', onFailing: 'wait',
  });
});

describe('is refused', () => {
  test.each([
    ['prodcuts', { prodcuts: 'any', products: 'any' }, 'is not a setting; did you mean products?'],
    ['operator.prot', { products: 'any', operator: { prot: 1 } }, 'is not a setting; did you mean port?'],
    ['clocks.grace_stated', { products: 'any', clocks: { grace_stated: 1 } }, 'is not a setting; did you mean graceStated?'],
    ['telemetry', { products: 'any', telemetry: {} }, 'is not a setting'],
  ])('an unknown key, %s', async (path, content, cause) => {
    expect(await problemsIn(content)).toMatchObject([{ kind: 'unknown', path, variable: null, cause, mend: expect.stringMatching(/^Known here: /) }]);
  });

  test.each([
    ['keys', { keys: { base: [secrets.KOOGALLERY_BASE_KEY] } }, 'KOOGALLERY_BASE_KEY_FILE'],
    ['openApi.sk', { openApi: { sk: secrets.KOOGALLERY_SK } }, 'KOOGALLERY_SK_FILE'],
    ['secrets', { secrets: secrets.KOOKEEPER_SECRET }, 'KOOKEEPER_SECRET_FILE'],
    ['operator.token', { operator: { token: secrets.KOOKEEPER_OPERATOR_TOKEN } }, 'KOOKEEPER_OPERATOR_TOKEN_FILE'],
    ['webhook.url', { webhook: { url: webhookUrl } }, 'KOOKEEPER_WEBHOOK_URL_FILE'],
    ['database', { database: databaseUrl }, 'DATABASE_URL_FILE'],
    ['products[0].provisioner.options.url', { products: [{ skuCode: 's', provisioner: { kind: 'postgres-tenant', options: { url: databaseUrl } } }] }, 'fromEnvironment'],
  ])('a secret in the file, %s, without showing it', async (path, content, mend) => {
    const error = await errorOf({ env: {}, cwd: folder({ 'c.json': JSON.stringify({ products: 'any', ...content }) }), file: 'c.json', need: 'migrate' });
    expect(error.problems).toMatchObject([{ kind: 'invalid', path, cause: expect.stringContaining('secrets are never read from the file'), mend: expect.stringContaining(mend) }]);
    expectNothingOf(textOf(error), [...Object.values(secrets), ...databaseSecrets, ...webhookSecrets]);
  });

  test.each([
    ['port', { port: 1.5 }, 'is not a port'],
    ['operator', { operator: 8090 }, 'is not an object'],
    ['calls.keepDays', { calls: { keepDays: 0 } }, 'is not a number of days'],
    ['calls.keepDays', { calls: { keepDays: '30' } }, 'is not a number of days'],
    ['clocks.keep', { clocks: { keep: '3 days' } }, 'is not a length of time'],
    ['clocks.onExpiry', { clocks: { onExpiry: 'freze' } }, 'is not one of freeze, tell; did you mean freeze?'],
    ['clocks.onFailing', { clocks: { onFailing: 'give-up' } }, 'is not one of retry, wait'],
    ['clocks.onRetention', { clocks: { onRetention: 'delete' } }, 'is not one of hold, release'],
    ['publicUrl', { publicUrl: 8080 }, 'is not text'],
    ['log.level', { log: { level: null } }, 'is not one of fatal'],
    ['products', { products: 'all' }, "is neither a list nor the word 'any'"],
    ['products[0]', { products: [7] }, 'is not an object'],
    ['products[0]', { products: [{ provisioner: { kind: 'sqlite-tenant' } }] }, 'names neither productId nor skuCode'],
    ['products[0].provisioner', { products: [{ skuCode: 's' }] }, 'is missing'],
    ['products[0].provisioner.kind', { products: [{ skuCode: 's', provisioner: { kind: 'sqlite_tenat' } }] }, 'did you mean sqlite-tenant?'],
    ['products[0].provisioner', { products: [{ skuCode: 's', provisioner: { kind: 'sqlite-tenant', option: {} } }] }, 'holds an unknown key, "option"; did you mean options?'],
    ['products[0]', { products: [{ skucode: 's', productId: 'p', provisioner: { kind: 'sqlite-tenant' } }] }, 'holds an unknown key, "skucode"; did you mean skuCode?'],
    ['products[0].clocks.warn', { products: [{ skuCode: 's', provisioner: { kind: 'sqlite-tenant' }, clocks: { warn: '1y' } }] }, 'is not a length of time'],
    ['products[1]', { products: [{ skuCode: 's', provisioner: { kind: 'sqlite-tenant' } }, { skuCode: 's', provisioner: { kind: 'sqlite-tenant' } }] }, 'has the same ids as products[0]'],
  ])('%s of %j', async (path, content, cause) => {
    const problems = await problemsIn({ products: 'any', ...content });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ kind: 'invalid', path, variable: null, cause: expect.stringContaining(cause), mend: expect.stringMatching(/\w/) });
  });

  test('a file that says nothing about products, for it would be unclear who serves an unknown SKU', async () => {
    expect(await problemsIn({ port: 1 })).toMatchObject([{ kind: 'missing', path: 'products', mend: expect.stringContaining("products: 'any'") }]);
    await expect(loadConfig({ env: {}, cwd: folder({ 'c.json': '{"port":1}' }), file: 'c.json', need: 'migrate' })).resolves.toMatchObject({ file: 'c.json' });
  });

  test.each([
    ['gone.json', null, 'unreadable', 'names a file that cannot be read (ENOENT)'],
    ['c.yaml', 'port: 1', 'invalid', 'names a file of an unknown kind'],
    ['c.json', '[]', 'invalid', 'names a file that does not hold a JSON object'],
    ['c.json', `{"secrets": "${secrets.KOOKEEPER_SECRET}" oops}`, 'invalid', 'names a file that is not JSON (line 1 column 48)'],
    ['c.mjs', 'export const port = 1;', 'invalid', 'names a module whose default export is not an object'],
    ['c.mjs', `throw new RangeError('${secrets.KOOKEEPER_SECRET}');`, 'invalid', 'names a module that fails when it is loaded (RangeError)'],
  ])('%s holding %j', async (name, text, kind, cause) => {
    const cwd = folder(text === null ? {} : { [name]: text });
    const error = await errorOf({ env: { KOOKEEPER_CONFIG: name }, cwd, need: 'migrate' });
    expect(error.problems).toMatchObject([{ kind, variable: 'KOOKEEPER_CONFIG', cause, mend: expect.stringMatching(/\w/) }]);
    expectNothingOf(textOf(error), [secrets.KOOKEEPER_SECRET]);
  });
});
