import type { InstanceRow } from '../store/entities.ts';

/** Whose mailbox to ring for. */
export interface Mailbox {
  readonly instanceId: string;
  readonly orderLineKey: string;
  readonly orderId: string;
  readonly orderLineId: string;
  /** Nothing was ever taken from it: there may be no workflow yet. */
  readonly neverTaken: boolean;
  /** How often the sweeper has rung before. */
  readonly rings?: number;
}

export function mailboxOf({ id, orderLineKey, orderId, orderLineId, taken }: InstanceRow): Mailbox {
  return { instanceId: id, orderLineKey, orderId, orderLineId, neverTaken: taken === 0 };
}

/**
 * rung: the workflow will read its mailbox · gone: no workflow runs and none may be started in its place (its life was lost and a person can revive it).
 */
export type Ring = 'rung' | 'gone';

/** The dispatcher's way to the workflows. Rejects with Unreachable while the server does not answer; any other rejection concerns this mailbox alone. */
export interface Bell {
  ring(mailbox: Mailbox): Promise<Ring>;
}

/** The orchestrator cannot be reached. Nothing is lost: the mailbox is rung for again. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
  readonly code = 'TEMPORAL_UNREACHABLE';
  constructor(cause: unknown) {
    super('Temporal does not answer: commands wait in the mailboxes and are carried out when it is back', { cause });
  }
}
