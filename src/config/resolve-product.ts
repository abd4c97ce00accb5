import type { Config, Product } from './types.ts';

/**
 * How an SKU is served. The most exact row wins: both ids, then the product id, then the SKU code (a SKU code holds several product ids,
 * one per period type; saas.md §2.2).
 *
 * Without a list (`products` is `'any'`) every SKU is served by `sqlite-tenant` with the general clocks.
 * Null: the list does not know it, and the order waits for a person.
 */
export function resolveProduct(
  config: Pick<Config, 'products' | 'clocks'>,
  ids: { readonly productId: string | null; readonly skuCode: string | null },
): Product | null {
  if (config.products === 'any') {
    return { ...ids, provisioner: { kind: 'sqlite-tenant', options: {} }, plan: {}, clocks: config.clocks };
  }
  let best: Product | null = null;
  for (const product of config.products) {
    if (product.productId !== null && product.productId !== ids.productId) continue;
    if (product.skuCode !== null && product.skuCode !== ids.skuCode) continue;
    if (best === null || exactness(product) > exactness(best)) best = product;
  }
  return best;
}

function exactness(product: Product): number {
  return (product.productId === null ? 0 : 2) + (product.skuCode === null ? 0 : 1);
}
