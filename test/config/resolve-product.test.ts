import { describe, expect, test } from 'vitest';

import { loadConfig } from '../../src/config/load.ts';
import { resolveProduct } from '../../src/config/resolve-product.ts';
import type { Need } from '../../src/config/types.ts';
import { folder, problemsOf, secrets } from './samples.ts';

const sqlite = { kind: 'sqlite-tenant' };
const products = [
  { skuCode: 'sku-1', provisioner: sqlite, plan: { name: 'team', seats: 10 } },
  { productId: 'p-year', provisioner: sqlite, clocks: { keep: '30d', onRetention: 'release' } },
  { productId: 'p-month', skuCode: 'sku-1', provisioner: sqlite, plan: { name: 'exact' } },
];

const load = (content: unknown, need: Need = 'show', env: Record<string, string> = {}) =>
  loadConfig({ env, cwd: folder({ 'c.json': JSON.stringify(content) }), file: 'c.json', need });

test('without a file every SKU is served by sqlite-tenant with the general clocks', async () => {
  const config = await loadConfig({ env: {}, cwd: '/srv', need: 'show' });
  expect(resolveProduct(config, { productId: 'x', skuCode: 'y' })).toEqual({
    productId: 'x', skuCode: 'y', provisioner: { kind: 'sqlite-tenant', options: {} }, plan: {}, clocks: config.clocks,
  });
});

describe('with a list', () => {
  test('both ids win over the product id, the product id over the SKU code', async () => {
    const config = await load({ products });
    expect(resolveProduct(config, { productId: 'p-month', skuCode: 'sku-1' })?.plan).toEqual({ name: 'exact' });
    expect(resolveProduct(config, { productId: 'p-year', skuCode: 'sku-1' })?.productId).toBe('p-year');
    expect(resolveProduct(config, { productId: 'other', skuCode: 'sku-1' })?.plan).toEqual({ name: 'team', seats: 10 });
    expect(resolveProduct(config, { productId: null, skuCode: 'sku-1' })?.plan).toEqual({ name: 'team', seats: 10 });
  });

  test('what is not listed is null, and waits for a person', async () => {
    const config = await load({ products });
    expect(resolveProduct(config, { productId: 'p-month', skuCode: 'sku-2' })).toBeNull();
    expect(resolveProduct(config, { productId: null, skuCode: null })).toBeNull();
    expect(resolveProduct(await load({ products: [] }), { productId: 'p-year', skuCode: 'sku-1' })).toBeNull();
  });

  test("a product's own clocks lie over the file's, and those over the defaults", async () => {
    const config = await load({ products, clocks: { keep: '1d', warn: '2d' } });
    const year = resolveProduct(config, { productId: 'p-year', skuCode: null });
    expect(year?.clocks).toEqual({ ...config.clocks, keep: 2_592_000_000, onRetention: 'release' });
    expect(year?.clocks.warn).toBe(172_800_000);
  });
});

describe('a secret option of a provisioner', () => {
  const content = { products: [{ skuCode: 's', provisioner: { kind: 'postgres-tenant', options: { schema: 'x', url: { fromEnvironment: 'TENANTS_URL' } } } }] };
  const worker = { KOOGALLERY_AK: secrets.KOOGALLERY_AK, KOOGALLERY_SK: secrets.KOOGALLERY_SK, KOOKEEPER_SECRET: secrets.KOOKEEPER_SECRET };
  const optionsOf = async (need: Need, env: Record<string, string>) =>
    resolveProduct(await load(content, need, env), { productId: null, skuCode: 's' })?.provisioner.options;

  test('is read from its variable by the worker', async () => {
    expect(await optionsOf('worker', { ...worker, TENANTS_URL: 'postgres://a:b@c/d' })).toEqual({ schema: 'x', url: 'postgres://a:b@c/d' });
  });

  test('is read from the file its variable names', async () => {
    const cwd = folder({ 'c.json': JSON.stringify(content), url: 'postgres://a:b@c/d\n' });
    const config = await loadConfig({ env: { ...worker, TENANTS_URL_FILE: 'url' }, cwd, file: 'c.json', need: 'worker' });
    expect(resolveProduct(config, { productId: null, skuCode: 's' })?.provisioner.options['url']).toBe('postgres://a:b@c/d');
  });

  test('is not read for the API, which must start without it', async () => {
    const options = await optionsOf('api', { ...secrets, TENANTS_URL: 'postgres://a:b@c/d' });
    expect(options).toEqual({ schema: 'x', url: { fromEnvironment: 'TENANTS_URL' } });
  });

  test('is named when it is missing', async () => {
    const cwd = folder({ 'c.json': JSON.stringify(content) });
    expect(await problemsOf({ env: worker, cwd, file: 'c.json', need: 'worker' })).toMatchObject([
      { kind: 'missing', path: 'products[0].provisioner.options.url', variable: 'TENANTS_URL', cause: 'is missing', mend: expect.stringContaining('TENANTS_URL_FILE') },
    ]);
  });
});
