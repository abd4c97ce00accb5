import type { Logger } from 'pino';
import { resolveProduct } from '../config/resolve-product.ts';
import type { Clocks } from '../config/types.ts';
import type { Provisioner } from '../provisioners/provisioner.ts';
import type { CustomerLevel } from '../simulator/platform/levels.ts';
import type { TemporalTarget } from '../temporal/connect.ts';
import { playStory, type Story } from './play.ts';
import type { Bought, Scenario } from './scenario.ts';
import { setStage, type Rehearsed } from './stage.ts';
import type { Line } from './timeline.ts';

export interface RehearsalOptions {
  readonly scenario: Scenario;
  readonly rehearsed: Rehearsed;
  /** Instead of what the scenario says. */
  readonly bought?: Bought;
  readonly level?: CustomerLevel | null;
  readonly seed?: number | null;
  readonly folder: string;
  /** A server that was started with SKIPS_TIME. */
  readonly temporal: TemporalTarget;
  readonly log: Logger;
  readonly provisioner?: (tenants: Provisioner) => Provisioner;
  /** Told once what is played, before the first line. */
  readonly begin?: (cast: Cast) => void;
  readonly tell?: (line: Line) => void;
  readonly signal?: AbortSignal;
}

/** Who and what is played. */
export interface Cast {
  readonly about: string;
  readonly skuCode: string;
  readonly productId: string;
  readonly level: CustomerLevel;
  readonly seed: number;
  /** Those of the product, ms. */
  readonly clocks: Clocks;
}

export interface Rehearsal extends Cast, Story {
  /** All invariants hold that could be looked at, and everything is as the scenario expects. */
  readonly ok: boolean;
}

/** The configuration lists its products, and not the one that is to be bought. */
export class ProductNotListed extends Error {
  override readonly name = 'ProductNotListed';
  readonly code = 'PRODUCT_NOT_LISTED';
}

const DEFAULT_LEVEL = 'V3';
const DEFAULT_SEED = 1;

/** Plays one subscription with the marketplace, the engine and Temporal on one clock that skips what nothing happens in. Touches nothing outside its folder and loopback. */
export async function rehearse(options: RehearsalOptions): Promise<Rehearsal> {
  const { scenario, rehearsed, folder, temporal, log, begin = () => undefined, tell = () => undefined, signal = new AbortController().signal } = options;
  const level = options.level ?? scenario.level ?? DEFAULT_LEVEL;
  const seed = options.seed ?? scenario.seed ?? DEFAULT_SEED;
  const buy = { ...scenario.buy, ...options.bought };
  const ids = idsOf(rehearsed, buy);
  const product = resolveProduct(rehearsed, ids);
  if (product === null) throw new ProductNotListed(`the configuration does not serve ${ids.skuCode} / ${ids.productId}; it lists ${listed(rehearsed)}`);
  const cast: Cast = { about: scenario.about, ...ids, level, seed, clocks: product.clocks };
  begin(cast);
  const stage = await setStage({ rehearsed, folder, temporal, level, log, ...(options.provisioner === undefined ? {} : { provisioner: options.provisioner }) });
  try {
    const story = await Promise.race([playStory({ stage, scenario, buy: { ...buy, ...ids }, seed, tell, signal }), stage.failed, aborted(signal)]);
    return { ...cast, ...story, ok: story.failures.length === 0 && story.invariants.every(({ verdict }) => verdict !== 'broken') };
  } finally {
    await stage.stop();
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  return promise;
}

/** What is bought: as asked, filled up with the row of the configuration that it meets. */
function idsOf({ products }: Rehearsed, { skuCode, productId }: Bought): { readonly skuCode: string; readonly productId: string } {
  const rows = products === 'any' ? [] : products;
  const row = rows.find((each) => (skuCode === undefined || each.skuCode === null || each.skuCode === skuCode) && (productId === undefined || each.productId === null || each.productId === productId));
  return { skuCode: skuCode ?? row?.skuCode ?? 'sku-rehearsed', productId: productId ?? row?.productId ?? 'product-rehearsed' };
}

function listed({ products }: Rehearsed): string {
  return products === 'any' ? 'any' : products.map(({ skuCode, productId }) => [skuCode, productId].filter((id) => id !== null).join(' / ')).join(', ');
}
