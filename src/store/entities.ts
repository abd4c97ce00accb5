import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { Command, CommandOutcome, Instruction } from '../lifecycle/command.ts';
import type { Phase } from '../lifecycle/phase.ts';
import type { StoredState } from '../lifecycle/current.ts';
import type { UsageReading } from '../lifecycle/usage.ts';

/** Every instant in the database is an integer: milliseconds since 1970 UTC. */
const instant = () => p.bigint('number');
const word = (length: number) => p.string().length(length);

/** An accepted call: written in the same transaction as its effect on the mailbox, before its answer leaves. Never holds access data. */
export const Call = defineEntity({
  name: 'Call',
  tableName: 'call',
  indexes: [{ properties: ['receivedAt'] }, { properties: ['instanceId', 'receivedAt'] }],
  properties: {
    id: word(36).primary(),
    receivedAt: instant(),
    kit: word(24),
    verb: word(40),
    kind: p.enum(['live', 'test']).$type<'live' | 'test'>(),
    nonce: word(128),
    signedAt: instant(),
    /** Which key and which form of the body carried the signature, and the signature itself: the proof of what was asked. */
    evidence: p.json<{ matched: string; key: number; signature: string; timestamp: string }>(),
    body: p.text(),
    instanceId: word(64).nullable(),
    seq: p.integer().nullable(),
    resultCode: word(6),
    resultMsg: word(255),
  },
});

/** Nonces of the last minutes, so that a replayed call is told from a new one. */
export const Nonce = defineEntity({
  name: 'Nonce',
  tableName: 'nonce',
  properties: {
    kit: word(24).primary(),
    nonce: word(128).primary(),
    bodyHash: word(64),
    expiresAt: instant().index(),
    callId: word(36),
  },
});

/** Calls that were turned away: capped, and without anything secret. */
export const Refusal = defineEntity({
  name: 'Refusal',
  tableName: 'refusal',
  properties: {
    id: word(36).primary(),
    receivedAt: instant().index(),
    kit: word(24),
    resultCode: word(6),
    resultMsg: word(255),
    query: p.text(),
    /** First 4 KiB. */
    body: p.text(),
    /** The known mistake of signing that would explain a refused signature; null when none does, or another reason refused the call. */
    mistake: word(255).nullable(),
  },
});

/** One row per order line: what the workflow stored last, and how far the mailbox has been written, taken and rung for. */
export const Instance = defineEntity({
  name: 'Instance',
  tableName: 'instance',
  indexes: [{ properties: ['waiting', 'ringAt'] }, { properties: ['living', 'id'] }, { properties: ['lostSince'], where: 'lost_since is not null' }],
  properties: {
    id: word(64).primary(),
    /** The second lock against building twice: Temporal forgets closed workflow ids. */
    orderLineKey: word(200).unique(),
    kit: word(24),
    orderId: word(64),
    orderLineId: word(64),
    createdAt: instant(),
    updatedAt: instant(),
    state: p.json<StoredState>(),
    generation: p.integer(),
    version: p.integer(),
    /** Run that stored the state: a reset run must not take an equal version for its own. */
    runId: word(64),
    taken: p.integer(),
    lastSeq: p.integer(),
    /** Kept beside `lastSeq > taken` so that one small index finds the mailboxes to ring for. */
    waiting: p.boolean(),
    waitingSince: instant().nullable(),
    ringAt: instant(),
    rings: p.integer(),
    phase: word(16).$type<Phase>().index(),
    needsPerson: p.boolean().index(),
    skuCode: word(64).nullable(),
    productId: word(64).nullable(),
    expireAt: instant().nullable(),
    /** False once the last state is stored: only then may its workflow be closed. */
    living: p.boolean().default(true),
    /** Since when it is known that no workflow runs for a living row; null again when one stores. */
    lostSince: instant().nullable(),
  },
});

/** The mailbox: commands of an instance, numbered without gaps under the instance's row lock. */
export const MailboxCommand = defineEntity({
  name: 'MailboxCommand',
  tableName: 'command',
  indexes: [{ properties: ['instanceId', 'key'] }, { properties: ['answeredAt'], where: 'answered_at is not null' }],
  properties: {
    instanceId: word(64).primary(),
    seq: p.integer().primary(),
    at: instant(),
    receivedAt: instant(),
    key: word(255).nullable(),
    attempt: p.integer(),
    by: word(16).$type<Command['by']>(),
    instruction: p.json<Instruction>(),
    callId: word(36).nullable(),
    outcome: word(16).nullable().$type<CommandOutcome>(),
    settledAt: instant().nullable(),
    /** When its caller was last told to ask again; null once it has heard the end. */
    answeredAt: instant().nullable(),
    /** Why it failed, in words for the caller. */
    detail: word(255).nullable(),
  },
});

/** Access data and the personal part of the order query, encrypted. `kind` is `access` or `order`. */
export const Sealed = defineEntity({
  name: 'Sealed',
  tableName: 'sealed',
  properties: {
    instanceId: word(64).primary(),
    kind: word(16).primary(),
    text: p.text(),
    sealedAt: instant(),
  },
});

/** Stops a kind of outgoing call altogether (the gateway locks an AK after five bad signatures). */
export const Breaker = defineEntity({
  name: 'Breaker',
  tableName: 'breaker',
  properties: {
    name: word(32).primary(),
    openedAt: instant(),
    /** Fingerprint of the keys it was opened with: new keys start afresh. */
    keys: word(64),
    tries: p.integer(),
    nextTryAt: instant(),
    reason: word(255),
  },
});

/** What a person was told: one row for each thing and the instant it is about, so that it is told once whoever tries. */
export const Notice = defineEntity({
  name: 'Notice',
  tableName: 'notice',
  properties: {
    instanceId: word(64).primary(),
    kind: word(40).primary(),
    instant: instant().primary(),
    detail: word(255),
    claimedAt: instant(),
    sentAt: instant().nullable(),
  },
});

/** The provisioner's last reading of an instance's meters. */
export const Usage = defineEntity({
  name: 'Usage',
  tableName: 'usage',
  properties: {
    instanceId: word(64).primary(),
    readAt: instant(),
    readings: p.json<readonly UsageReading[]>(),
  },
});

export const ENTITIES = [Call, Nonce, Refusal, Instance, MailboxCommand, Sealed, Breaker, Notice, Usage];

export type CallRow = InferEntity<typeof Call>;
export type RefusalRow = InferEntity<typeof Refusal>;
export type InstanceRow = InferEntity<typeof Instance>;
export type CommandRow = InferEntity<typeof MailboxCommand>;
export type NoticeRow = InferEntity<typeof Notice>;
