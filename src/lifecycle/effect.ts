import type { Plan, Purchase } from './plan.ts';
import type { Notice } from './notices.ts';
import type { Rules } from './rules.ts';

/** One thing done to the world. The mailbox and the store are not effects. */
export type Effect =
  | { readonly kind: 'order'; readonly orderId: string; readonly orderLineId: string }
  | { readonly kind: 'provision'; readonly plan: Plan; readonly suspended: boolean }
  /** The plan says which product's provisioner keeps the tenant. */
  | { readonly kind: 'suspend'; readonly plan: Plan }
  | { readonly kind: 'resume'; readonly plan: Plan }
  /** `from` says which provisioner keeps the tenant. */
  | { readonly kind: 'change'; readonly from: Plan; readonly plan: Plan }
  | { readonly kind: 'remove'; readonly plan: Plan }
  | { readonly kind: 'notify'; readonly notice: Notice };

export type EffectKind = Effect['kind'];

export type EffectResult =
  | { readonly end: 'done'; readonly purchase?: Purchase; readonly rules?: Rules }
  | { readonly end: 'cancelled' }
  /** `cutOff`: a time-out, so the attempt may still land. */
  | { readonly end: 'failed'; readonly code: string; readonly message: string; readonly cutOff: boolean }
  /** A no for good from the provisioner; `code` is one of 000100–000107. */
  | { readonly end: 'refused'; readonly code: string; readonly message: string };

/** Failure codes that a person has to clear: trying again soon would not help. */
export const PERSON_CODES = {
  'unknown-product': 'unknown-product',
  'order-refused': 'order-refused',
  'signature-refused': 'keys-refused',
  'tenant-missing': 'tenant-missing',
} as const;
