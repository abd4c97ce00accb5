import type { PersonReason } from './person-reasons.ts';

/**
 * What an instance can be told, whoever says it. Instants are integer milliseconds since 1970 UTC.
 * Wire words (activity, scene, status) end at the dialect: here are only lifecycle words.
 */
export type Instruction =
  | { readonly kind: 'create'; readonly orderId: string; readonly orderLineId: string }
  /** `formal` marks trial → formal, the one renewal that may move the expiry back. */
  | { readonly kind: 'renew'; readonly expireAt: number; readonly productId: string | null; readonly formal: boolean }
  /** A renewal that brings another size: what it is, the order query of its own order says. */
  | { readonly kind: 'renewChange'; readonly expireAt: number; readonly productId: string | null; readonly orderId: string; readonly orderLineId: string }
  /** Refund of a renewal: the end moves back; never thaws, never freezes by itself. */
  | { readonly kind: 'shorten'; readonly expireAt: number }
  | { readonly kind: 'freeze' }
  | { readonly kind: 'unfreeze' }
  /** Another size or specification, which the order query of this order says. */
  | { readonly kind: 'change'; readonly orderId: string; readonly orderLineId: string }
  /** `unsubscribed`: the marketplace named the unsubscription order, so the buyer has stopped paying. */
  | { readonly kind: 'release'; readonly unsubscribed: boolean }
  /** A person: try now what fails, and put away what was told. */
  | { readonly kind: 'retry' }
  /** A person has done by hand what keeps failing. */
  | { readonly kind: 'complete' }
  /** A person gives the purchase up: the marketplace is told this code. */
  | { readonly kind: 'abandon'; readonly code: string; readonly message: string }
  /** A person keeps the data, whatever else asks for their removal. */
  | { readonly kind: 'hold' }
  | { readonly kind: 'unhold' }
  | { readonly kind: 'cancelRelease' }
  /** The record of a revival: the life it is read by is the revived one. */
  | { readonly kind: 'revive' }
  /** The sweeper saw something that a person must know. */
  | { readonly kind: 'tell'; readonly reason: PersonReason; readonly detail: string };

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
  readonly by: 'marketplace' | 'person' | 'sweeper';
  readonly instruction: Instruction;
}

/** How a command ended; `waiting` ones have none. */
export type CommandOutcome = 'done' | 'failed' | 'superseded';
