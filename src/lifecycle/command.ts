/**
 * What an instance can be told, whoever says it. Instants are integer milliseconds since 1970 UTC.
 * Wire words (activity, scene, status) end at the dialect: here are only lifecycle words.
 */
export type Instruction =
  | { readonly kind: 'create'; readonly orderId: string; readonly orderLineId: string }
  /** `formal` marks trial → formal, the one renewal that may move the expiry back. */
  | { readonly kind: 'renew'; readonly expireAt: number; readonly productId: string | null; readonly formal: boolean }
  /** Refund of a renewal: the end moves back; never thaws, never freezes by itself. */
  | { readonly kind: 'shorten'; readonly expireAt: number }
  | { readonly kind: 'freeze' }
  | { readonly kind: 'unfreeze' }
  /** `unsubscribed`: the marketplace named the unsubscription order, so the buyer has stopped paying. */
  | { readonly kind: 'release'; readonly unsubscribed: boolean };

export type CommandKind = Instruction['kind'];

/** A numbered entry of an instance's mailbox. */
export interface Command {
  /** 1, 2, 3 … without gaps, given under the instance's row lock. */
  readonly seq: number;
  /** The command's own instant (the signed timestamp of the call, or when a person pressed the button). */
  readonly at: number;
  /** When we admitted it. */
  readonly receivedAt: number;
  /** Identity of commands that carry an order; null for freeze, unfreeze and release. */
  readonly key: string | null;
  readonly attempt: number;
  readonly by: 'marketplace' | 'person';
  readonly instruction: Instruction;
}

/** How a command ended; `waiting` ones have none. */
export type CommandOutcome = 'done' | 'failed' | 'superseded';
