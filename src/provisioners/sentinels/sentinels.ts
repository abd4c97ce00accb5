import type { RefusalCode } from '../provisioner.ts';

/** What a sentinel does to a `create` or a `change` that names it. */
export type Behaviour =
  /** Waits so many ms, then does it. */
  | { readonly kind: 'slow'; readonly ms: number }
  /** Does nothing and fails as something temporary would: so many attempts of an instance, or all of them. */
  | { readonly kind: 'fail'; readonly attempts: number }
  /** Does nothing and says no for good. */
  | { readonly kind: 'refuse'; readonly code: RefusalCode }
  /** Does nothing and ends only when it is cut off. */
  | { readonly kind: 'hang' }
  /** Does it and fails all the same: so many attempts of an instance. */
  | { readonly kind: 'lose'; readonly attempts: number };

export interface Sentinel {
  readonly behaviour: Behaviour;
  /** What the provisioner does, in plain English. */
  readonly does: string;
  /** What KooGallery hears of a purchase. */
  readonly marketplace: string;
  /** What the seller's people see of it. */
  readonly operator: string;
}

/** The SKU codes that make a purchase go wrong on purpose, one row each: `with-sentinels.ts` carries them out, and docs/reference/sentinels.md is written from them. */
export const SENTINELS = {
  'kookeeper-slow': {
    behaviour: { kind: 'slow', ms: 30_000 },
    does: 'takes 30 s, then builds',
    marketplace: '000004 for half a minute, then the access data',
    operator: 'nothing is wrong: phase `creating` meanwhile',
  },
  'kookeeper-fail-once': {
    behaviour: { kind: 'fail', attempts: 1 },
    does: 'fails the first attempt, builds at the second',
    marketplace: '000004 for a second or two longer, then the access data',
    operator: 'nothing but a second attempt in the Temporal UI',
  },
  'kookeeper-fail-round': {
    behaviour: { kind: 'fail', attempts: 3 },
    does: 'fails three attempts, a whole round, then builds',
    marketplace: '000004 for half a minute longer, then the access data',
    operator: '`instance show` has the last error and the next try, 30 s later; `instance retry` does not wait for it',
  },
  'kookeeper-fail-always': {
    behaviour: { kind: 'fail', attempts: Infinity },
    does: 'fails every attempt, as if it were temporary',
    marketplace: '000004 until the marketplace refunds the order after three hours and releases it',
    operator: '`effect-failing` after three rounds, `create-window-over` when the window is; `instance abandon` gives it up',
  },
  'kookeeper-refuse': {
    behaviour: { kind: 'refuse', code: '000106' },
    does: 'says no for good, with 000106 (sold out)',
    marketplace: '000106 on the query and on a repeated create, which is tried anew after ten minutes',
    operator: 'phase `failed`, `provision-refused` with the code',
  },
  'kookeeper-never-finishes': {
    behaviour: { kind: 'hang' },
    does: 'never ends by itself: it is cut off after four minutes, or by a release',
    marketplace: '000004 until the marketplace refunds the order and releases it',
    operator: 'the effect is under way; then `timed-out` as the last error, `effect-failing` after three rounds, `create-window-over` when the window is',
  },
  'kookeeper-loses-answer': {
    behaviour: { kind: 'lose', attempts: 1 },
    does: 'builds, and the answer is lost; the second attempt finds what was built',
    marketplace: '000004 for a second or two longer, then the access data of the one tenant',
    operator: 'nothing but a second attempt in the Temporal UI, and one tenant',
  },
} as const satisfies Record<string, Sentinel>;

export type SentinelSku = keyof typeof SENTINELS;

/** The sentinel that an SKU code is; null for every SKU that anybody sells. */
export function sentinelOf(skuCode: string): Sentinel | null {
  return Object.hasOwn(SENTINELS, skuCode) ? SENTINELS[skuCode as SentinelSku] : null;
}
