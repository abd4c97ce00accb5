/** A call that was accepted, as the marketplace knows it. Instants are UTC ms. */
export type Accepted =
  | { readonly kind: 'create'; readonly at: number }
  | { readonly kind: 'renew'; readonly at: number; readonly end: number }
  | { readonly kind: 'freeze' | 'unfreeze'; readonly at: number }
  | { readonly kind: 'release'; readonly at: number; readonly unsubscribed: boolean };

/** What must have come of a line: who gets in, and whether the data are there. */
export type Ending = 'usable' | 'frozen' | 'released, data kept' | 'released, data removed';

/** A freeze from this long before the end of the paid time on is the freeze of the expiry (architecture §3). */
const EXPIRY = 48 * 3_600_000;

export interface Bought {
  /** End of the time paid for with the purchase, UTC ms. */
  readonly end: number;
  readonly sku: 'brief' | 'kept';
}

/**
 * The rules of the life once more, in the marketplace's words and independent of `src/lifecycle`: what the accepted calls, in their order, add up to.
 * A renewal takes back the freeze of the expiry but not that of a violation, an unfreeze takes back both; nothing follows a release. The data
 * outlive a release by the product's time to keep, or for as long as no person decides, when a renewal says that they are still paid for and
 * nobody has unsubscribed.
 */
export function endingOf({ end: paid, sku }: Bought, calls: readonly Accepted[]): Ending {
  let end = paid;
  let renewed = false;
  const frozen = new Set<'expiry' | 'violation'>();
  for (const call of calls) {
    switch (call.kind) {
      case 'create':
        break;
      case 'renew':
        end = Math.max(end, call.end);
        renewed = true;
        if (end > call.at) frozen.delete('expiry');
        break;
      case 'freeze':
        frozen.add(call.at >= end - EXPIRY ? 'expiry' : 'violation');
        break;
      case 'unfreeze':
        frozen.clear();
        break;
      case 'release': {
        const held = !call.unsubscribed && renewed && end > call.at;
        return held || sku === 'kept' ? 'released, data kept' : 'released, data removed';
      }
    }
  }
  return frozen.size > 0 ? 'frozen' : 'usable';
}
