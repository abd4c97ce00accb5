import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import type { Dispatcher } from '../delivery/dispatcher.ts';
import type { Mailbox } from '../delivery/bell.ts';
import type { Ask, Dialect, Outcome, Refusal, Reply } from '../marketplace/dialect.ts';
import type { Opened, RawCall } from '../marketplace/envelopes/envelope.ts';
import { claimNonce, findCall, recordCall, recordRefusal } from '../store/journal.ts';
import type { Em, Store } from '../store/open.ts';
import type { Sealer } from '../store/sealer.ts';
import { admit, type Admission } from './admit.ts';
import { FOLLOW_UP_BUDGET, followUp, type FollowUp, type FollowUpDeps } from './follow-up.ts';
import { isProbe, probeOutcome } from './probe.ts';
import { queryOutcome } from './query.ts';
import { prepareQuestion } from './question.ts';

/**
 * The marketplace gives up after 5 s (saas.md 6.1): what is not committed by then is answered as temporarily unavailable and repeated.
 * A statement that waits for SQLite's lock holds up this whole process for 1.5 s, and with it this timer: both together stay below 5 s.
 */
const ANSWER_LIMIT = 3_000;
/** The record of a refusal is for people: its caller does not wait longer for it than this. */
const REFUSAL_LIMIT = 1_000;

export interface DoorDeps extends FollowUpDeps {
  readonly store: Store;
  readonly sealer: Sealer;
  readonly dispatcher: Pick<Dispatcher, 'ring'>;
  /** UTC ms. */
  now(): number;
  /** Ids of call records. */
  newId(): string;
  readonly log: Logger;
  /** Named crash points: the seeded tests drop the API here. */
  readonly crash?: (point: 'before-commit' | 'after-commit') => void;
  /** Told of every refused signature once its refusal is recorded. Returns at once: nobody's answer waits for an explanation. */
  readonly explain?: (dialect: Dialect, call: RawCall, refusalId: string) => void;
}

export interface Answer {
  readonly reply: Reply;
  /** Index of the access key that signed the call, for the answer's own signature. */
  readonly key: number;
}

interface Told {
  readonly outcome: Outcome;
  readonly ring: Mailbox | null;
  readonly callId: string;
  readonly step: FollowUp | null;
}

/** What a call comes to inside its transaction. */
type Taken = Admission & { readonly step?: FollowUp };

/** The one way of a call (architecture §1): authenticate, parse, journal in one transaction, answer from that commit, ring. Never rejects. */
export async function answerCall(deps: DoorDeps, dialect: Dialect, accessKeys: readonly string[], call: RawCall): Promise<Answer> {
  const { log, now } = deps;
  const started = performance.now();
  const receivedAt = now();
  const opened = dialect.authenticate(call, accessKeys, receivedAt);
  if (opened.refused) return refuse(deps, dialect, call, opened, 0);
  const { key } = opened.evidence;
  const ask = dialect.parse(opened);
  if ('refused' in ask) return refuse(deps, dialect, call, ask, key);
  const told = await journalled(journal(deps, dialect, call, opened, ask, receivedAt), log, ask.verb);
  if (told.outcome.is === 'refused') return refuse(deps, dialect, call, { refused: true, code: told.outcome.code, message: told.outcome.message }, key);
  if (told.ring) deps.dispatcher.ring(told.ring);
  const reply = dialect.reply(ask.verb, told.step ? await followed(deps, dialect, ask.verb, told, told.step, started) : told.outcome);
  log.info({ verb: ask.verb, resultCode: reply.resultCode, instanceId: told.ring?.instanceId, probe: ask.probe, ms: Math.round(performance.now() - started) }, 'call answered');
  return { reply, key };
}

/** The outcome that a caller waits for. The record must say it before it is told, so a database that fails meanwhile leaves only "ask again". */
async function followed(deps: DoorDeps, dialect: Dialect, verb: string, { callId, outcome }: Told, step: FollowUp, started: number): Promise<Outcome> {
  const limit = Math.max(0, FOLLOW_UP_BUDGET - (performance.now() - started));
  let waits = true;
  const following = followUp(deps, dialect, verb, callId, step, outcome, limit, () => waits).catch((error: unknown): Outcome => {
    deps.log.error({ verb, error: String(error) }, 'the outcome of the call could not be found out; the caller will repeat');
    return { is: 'unavailable' };
  });
  return within(limit + REFUSAL_LIMIT, following, () => {
    waits = false;
    return { is: 'unavailable' };
  });
}

/** Turns a call away that never got as far as a dialect. */
export async function refuse(deps: DoorDeps, dialect: Dialect, call: RawCall, { code, message }: Refusal, key: number): Promise<Answer> {
  const reply = dialect.reply('', { is: 'refused', code, message });
  deps.log.warn({ kit: dialect.kit, resultCode: code, reason: message }, 'call refused');
  const id = deps.newId();
  const explain = (): void => (code === '000001' ? deps.explain?.(dialect, call, id) : undefined);
  const recorded = record(deps, dialect, call, reply, id).then(explain, (error: unknown) => deps.log.error({ error: String(error) }, 'the refused call could not be recorded'));
  await within(REFUSAL_LIMIT, recorded, () => deps.log.error('the database did not record the refused call in time'));
  return { reply, key };
}

async function record({ store, now }: DoorDeps, { kit }: Dialect, { query, body }: RawCall, { resultCode, resultMsg }: Reply, id: string): Promise<void> {
  await recordRefusal(store.em(), {
    id,
    receivedAt: now(),
    kit,
    resultCode,
    resultMsg,
    query: JSON.stringify(query),
    body: Buffer.from(body.subarray(0, 8_192)).toString('utf8'),
    mistake: null,
  });
}

async function journalled(telling: Promise<Told>, log: Logger, verb: string): Promise<Told> {
  const unavailable: Told = { outcome: { is: 'unavailable' }, ring: null, callId: '', step: null };
  const settled = telling.catch((error: unknown) => {
    log.error({ verb, error: String(error) }, 'the call could not be journalled; the caller will repeat');
    return unavailable;
  });
  return within(ANSWER_LIMIT, settled, () => {
    log.error({ verb }, 'the database did not finish in time; the caller will repeat');
    return unavailable;
  });
}

async function within<T>(ms: number, work: Promise<T>, late: () => T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<T>((resolve) => {
    timer = setTimeout(() => resolve(late()), ms);
  });
  return Promise.race([work, limit]).finally(() => clearTimeout(timer));
}

async function journal(deps: DoorDeps, dialect: Dialect, call: RawCall, opened: Opened, ask: Ask, now: number): Promise<Told> {
  const { store, sealer, newId, crash } = deps;
  const callId = newId();
  const bodyHash = createHash('sha256').update(call.body).digest('hex');
  const probe = isProbe(ask, sealer);
  const told = await store.em().transactional(async (em) => {
    const seen = await claimNonce(em, { kit: dialect.kit, nonce: opened.nonce, bodyHash, callId, now });
    if (seen && seen.bodyHash !== bodyHash) return { outcome: { is: 'refused', code: '000001', message: 'nonce was used before with another body' }, ring: null, callId, step: null } satisfies Told;
    const given = seen && ask.kind === 'command' && !probe ? await givenBefore(em, seen.callId) : null;
    const taken: Taken = given
      ? { outcome: given, instanceId: given.instanceId, seq: null, ring: null }
      : probe
        ? { outcome: probeOutcome(ask, sealer), instanceId: null, seq: null, ring: null }
        : await carryOut(deps, em, dialect, opened, ask, callId, now);
    const { resultCode, resultMsg } = dialect.reply(ask.verb, taken.outcome);
    await recordCall(em, {
      id: callId,
      receivedAt: now,
      kit: dialect.kit,
      verb: ask.verb,
      kind: probe ? 'test' : 'live',
      nonce: opened.nonce,
      signedAt: opened.at,
      evidence: opened.evidence,
      body: Buffer.from(call.body).toString('utf8'),
      instanceId: taken.instanceId,
      seq: taken.seq,
      resultCode,
      resultMsg,
    });
    crash?.('before-commit');
    return { ...taken, callId, step: taken.step ?? stepOf(ask, taken) };
  });
  crash?.('after-commit');
  return told;
}

async function carryOut(deps: DoorDeps, em: Em, dialect: Dialect, opened: Opened, ask: Ask, callId: string, now: number): Promise<Taken> {
  switch (ask.kind) {
    case 'command':
      return admit({ em, sealer: deps.sealer, kit: dialect.kit, callId, at: opened.at, now }, ask);
    case 'query':
      return { outcome: await queryOutcome(em, deps.sealer, ask.instanceIds, deps.log), instanceId: ask.instanceIds[0]?.slice(0, 64) ?? null, seq: null, ring: null };
    case 'question': {
      const prepared = await prepareQuestion(em, ask);
      const told = { instanceId: ask.instanceId, seq: null, ring: null };
      if ('outcome' in prepared) return { ...told, outcome: prepared.outcome };
      return { ...told, outcome: { is: 'later', message: 'the change could not be checked in time: please ask again' }, step: { kind: 'question', question: prepared.ask } };
    }
  }
}

/** A change is answered with its outcome, if that comes in time. */
function stepOf(ask: Ask, { outcome, instanceId, seq }: Taken): FollowUp | null {
  const waits = ask.kind === 'command' && ask.instruction.kind === 'change' && outcome.is === 'admitted';
  return waits && instanceId !== null && seq !== null ? { kind: 'outcome', instanceId, seq } : null;
}

/** A call replayed to the byte is told the same again, if that was a success or a promise; a failure is never a stored answer. */
async function givenBefore(em: Em, callId: string): Promise<(Outcome & { instanceId: string }) | null> {
  const call = await findCall(em, callId);
  if (!call?.instanceId) return null;
  if (call.resultCode === '000000') return { is: 'done', instanceId: call.instanceId };
  return call.resultCode === '000004' ? { is: 'admitted', instanceId: call.instanceId } : null;
}
