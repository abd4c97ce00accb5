import { LockMode } from '@mikro-orm/core';
import type { SqlEntityManager } from '@mikro-orm/sql';
import type { Command, Instruction } from '../lifecycle/command.ts';
import { phaseOf } from '../lifecycle/phase.ts';
import { newLife } from '../lifecycle/state.ts';
import { Instance, MailboxCommand, type CommandRow, type InstanceRow } from './entities.ts';
import { insertRow } from './insert-row.ts';

/** The caller's own ring goes out right after the commit; the sweeper looks after what that one missed from here on, ms. */
export const FIRST_SWEEP = 2_000;

export interface NewInstance {
  readonly id: string;
  readonly kit: string;
  readonly orderLineKey: string;
  readonly orderId: string;
  readonly orderLineId: string;
}

/** Inserts the row of a new order line with an empty mailbox. Null when the line has one already: exactly one of many simultaneous creates gets the row. */
export async function insertInstance(em: SqlEntityManager, identity: NewInstance, now: number): Promise<InstanceRow | null> {
  const { id, orderId, orderLineId } = identity;
  const state = newLife({ instanceId: id, orderId, orderLineId });
  const row: InstanceRow = {
    ...identity,
    createdAt: now,
    updatedAt: now,
    state,
    generation: state.generation,
    version: state.version,
    runId: '',
    taken: 0,
    lastSeq: 1,
    waiting: true,
    waitingSince: now,
    ringAt: now + FIRST_SWEEP,
    rings: 0,
    phase: phaseOf(state),
    needsPerson: false,
    skuCode: null,
    productId: null,
    expireAt: null,
    living: true,
    lostSince: null,
  };
  return (await insertRow(em, Instance, row, 'ignore')) ? row : null;
}

/** Reads the row and locks it until the transaction ends. (SQLite's transactions are exclusive from their first statement.) */
export async function lockInstance(em: SqlEntityManager, by: { id: string } | { orderLineKey: string }): Promise<InstanceRow | null> {
  return em.findOne(Instance, by, { lockMode: LockMode.PESSIMISTIC_WRITE });
}

export interface Letter {
  readonly at: number;
  readonly key: string | null;
  readonly attempt: number;
  readonly by: Command['by'];
  readonly instruction: Instruction;
  readonly callId: string | null;
}

/** Appends the first command of an instance that `insertInstance` has just made with room for it. */
export async function appendFirst(em: SqlEntityManager, instanceId: string, letter: Letter, now: number): Promise<void> {
  await insertRow(em, MailboxCommand, { instanceId, seq: 1, ...letter, receivedAt: now, outcome: null, settledAt: null, answeredAt: null, detail: null });
}

/** Appends a command under the row lock and gives its number. */
export async function append(em: SqlEntityManager, instance: InstanceRow, letter: Letter, now: number): Promise<number> {
  const seq = instance.lastSeq + 1;
  await insertRow(em, MailboxCommand, { instanceId: instance.id, seq, ...letter, receivedAt: now, outcome: null, settledAt: null, answeredAt: null, detail: null });
  await em.nativeUpdate(
    Instance,
    { id: instance.id },
    { lastSeq: seq, waiting: true, waitingSince: instance.waiting ? instance.waitingSince : now, ringAt: now + FIRST_SWEEP, rings: 0 },
  );
  return seq;
}

/** Commands above `after`, in order. */
export async function commandsAfter(em: SqlEntityManager, instanceId: string, after: number): Promise<Command[]> {
  const rows = await em.find(MailboxCommand, { instanceId, seq: { $gt: after } }, { orderBy: { seq: 'asc' } });
  return rows.map(({ seq, at, receivedAt, key, attempt, by, instruction }) => ({ seq, at, receivedAt, key: key ?? null, attempt, by, instruction }));
}

/** The newest attempt of a command that carries an order. */
export async function findByKey(em: SqlEntityManager, instanceId: string, key: string): Promise<CommandRow | null> {
  return em.findOne(MailboxCommand, { instanceId, key }, { orderBy: { seq: 'desc' } });
}

export async function findCommand(em: SqlEntityManager, instanceId: string, seq: number): Promise<CommandRow | null> {
  return em.findOne(MailboxCommand, { instanceId, seq });
}

/** Those of the named commands that have an outcome. */
export async function settledAmong(em: SqlEntityManager, named: readonly { readonly instanceId: string; readonly seq: number }[]): Promise<CommandRow[]> {
  return em.find(MailboxCommand, { $or: named.map(({ instanceId, seq }) => ({ instanceId, seq })), outcome: { $ne: null } });
}

/** Keeps when the caller of a change was told to ask again; null once it has heard the end. */
export async function markAnswered(em: SqlEntityManager, instanceId: string, seq: number, answeredAt: number | null): Promise<void> {
  await em.nativeUpdate(MailboxCommand, { instanceId, seq }, { answeredAt });
}

export async function listCommands(em: SqlEntityManager, instanceId: string): Promise<CommandRow[]> {
  return em.find(MailboxCommand, { instanceId }, { orderBy: { seq: 'asc' } });
}
