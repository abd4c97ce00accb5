import type { Instruction } from '../lifecycle/command.ts';
import type { UsageReading } from '../lifecycle/usage.ts';
import type { RawCall, Opened } from './envelopes/envelope.ts';
import type { Explanation, Keys } from './explain/explain.ts';

/**
 * A kit (one family of KooGallery's calls) as data and two pure functions: the door (`src/api/door.ts`) does the rest, once for all kits.
 */
export interface Dialect {
  readonly kit: string;
  readonly method: 'POST' | 'GET';
  readonly path: string;
  /** Which interface category's access keys sign this kit's calls (saas.md §1). */
  readonly keys: 'base' | 'kit' | 'license' | 'common';
  /** Largest accepted request body, bytes. */
  readonly bodyLimit: number;
  /** Checks signature and stamp. `now` is UTC ms. */
  authenticate(call: RawCall, accessKeys: readonly string[], now: number): Opened | Refusal;
  /** The known mistakes that made a refused signature, the likeliest first. For our own records alone: never part of an answer. */
  explain(call: RawCall, keys: Keys): readonly Explanation[];
  parse(opened: Opened): Ask | Refusal;
  reply(verb: string, outcome: Outcome): Reply;
}

/** Why a call was turned away before anything was looked at. `code` is the wire's result code. */
export interface Refusal {
  readonly refused: true;
  readonly code: '000001' | '000002';
  /** ASCII, names the field, holds no secret: shown in the Seller Console's interface messages (生产接口消息). */
  readonly message: string;
}

/** What a verb asks of us, in lifecycle words. */
export type Ask = { readonly verb: string; readonly probe: boolean } & (
  | {
      readonly kind: 'command';
      /** A create names its order line; everything else names the instance we made. */
      readonly target: { readonly orderLineKey: string; readonly orderId: string; readonly orderLineId: string } | { readonly instanceId: string };
      readonly instruction: Instruction;
      /** Identity of commands that carry an order (architecture §5); null for create, freeze, unfreeze and release. */
      readonly key: string | null;
    }
  | { readonly kind: 'query'; readonly instanceIds: readonly string[] }
  /** Whether a change would go through: asked of the provisioner, changes nothing. Members that are null stay as they are. */
  | { readonly kind: 'question'; readonly instanceId: string; readonly target: ChangeTarget }
);

export interface ChangeTarget {
  readonly productId: string | null;
  readonly skuCode: string | null;
  readonly linearValue: number | null;
}

/** Access data of a usable instance, as `queryInstance` hands them to the buyer (saas.md §3.3). Secret. */
export interface AccessData {
  readonly frontEndUrl: string;
  readonly adminUrl?: string;
  readonly userName?: string;
  readonly password?: string;
  readonly memo?: string;
}

/** An instance that a query found ready or frozen. */
export interface FoundInstance {
  readonly instanceId: string;
  readonly access: AccessData | null;
  /** The last readings of its meters; left out or empty when there are none. */
  readonly usage?: readonly UsageReading[];
}

/** What became of an ask; the dialect turns it into the wire's words by its table of replies (architecture §4). */
export type Outcome =
  | { readonly is: 'done' | 'admitted'; readonly instanceId: string }
  | { readonly is: 'unknown' }
  /** Not now, or not this change: the message says why. */
  | { readonly is: 'later'; readonly message: string }
  /** The provisioner's permanent no: one of 000100–000107. */
  | { readonly is: 'failed'; readonly code: string; readonly message: string }
  /** Database down or the like: nothing was promised, the caller repeats. */
  | { readonly is: 'unavailable' }
  | { readonly is: 'refused'; readonly code: '000001' | '000002'; readonly message: string }
  | { readonly is: 'found'; readonly instances: readonly FoundInstance[] }
  /** No asked instance is ready, at least one is being made. */
  | { readonly is: 'making' };

export interface Reply {
  readonly resultCode: string;
  readonly resultMsg: string;
  readonly [member: string]: unknown;
}
