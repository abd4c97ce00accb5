import { loadConfig } from '../config/load.ts';
import type { LiveOptions } from '../conformance/life.ts';
import { startMarket } from '../simulator/start-market.ts';
import { CommandError } from './command-error.ts';
import type { Context } from './command.ts';
import { EXIT } from './exit-code.ts';
import { portTaken } from './port-taken.ts';

/** Pause between two queries for a new instance, ms. The real one's is not published (saas.md §6.4). */
const POLL = 1_000;

export interface How {
  readonly openApiPort: number;
  readonly sku: string | null;
  readonly product: string | null;
  /** How long an instance may take, ms. */
  readonly ready: number;
}

/** The market that plays the buyer for the checks of `--live`. Its order query is what the seller must ask, with the same AK/SK. */
export async function liveWith({ env, cwd, output }: Context, sellerUrl: string, base: string, { openApiPort, sku, product, ready }: How): Promise<LiveOptions> {
  const { openApi } = await loadConfig({ env, cwd, need: 'show' });
  if (openApi.ak === null || openApi.sk === null || sku === null || product === null) {
    throw new CommandError('LIVE_NEEDS', '--live needs KOOGALLERY_AK and KOOGALLERY_SK, which the seller signs its order query with, and --sku and --product of something that it sells', EXIT.badInput);
  }
  const market = await startMarket({ seller: sellerUrl, keys: { base, ak: openApi.ak, sk: openApi.sk }, port: openApiPort }).catch(portTaken('--open-api-port'));
  output.progress(`the order query is served at ${market.openApiUrl}: the seller must use it instead of KooGallery's`);
  return { market, url: sellerUrl, purchase: { skuCode: sku, productId: product, linearValue: 1 }, pace: { every: POLL, limit: ready } };
}
