import type { Logger } from 'pino';
import type { Question, Questions } from '../delivery/questions.ts';
import type { Dialect, Outcome } from '../marketplace/dialect.ts';
import { amendCall } from '../store/journal.ts';
import { markAnswered } from '../store/mailbox.ts';
import type { Store } from '../store/open.ts';
import type { Outcomes } from './outcomes.ts';

/** What is still to be found out after the commit, while the caller waits. */
export type FollowUp = { readonly kind: 'outcome'; readonly instanceId: string; readonly seq: number } | { readonly kind: 'question'; readonly question: Question };

/** From the arrival of a call to its answer, what a change or a question may take: the marketplace gives up after 5 s (saas.md 6.1). */
export const FOLLOW_UP_BUDGET = 3_500;

export interface FollowUpDeps {
  readonly store: Store;
  readonly outcomes: Outcomes;
  readonly questions: Questions;
  readonly log: Logger;
}

/** Waits for the outcome, and puts it into the call's record before it is told. `pending` is what the record says already. */
export async function followUp(deps: FollowUpDeps, dialect: Dialect, verb: string, callId: string, step: FollowUp, pending: Outcome, limit: number, waits: () => boolean): Promise<Outcome> {
  const outcome = (step.kind === 'outcome' ? await awaited(deps, step, limit) : await asked(deps, step.question, callId, limit)) ?? pending;
  if (outcome === pending) return pending;
  await deps.store.em().transactional(async (em) => {
    if (step.kind === 'outcome') await markAnswered(em, step.instanceId, step.seq, null);
    await amendCall(em, callId, dialect.reply(verb, outcome));
    // The record must not say what the caller was not told.
    if (!waits()) throw new Error('the caller has been answered meanwhile');
  });
  return outcome;
}

async function awaited({ outcomes }: FollowUpDeps, { instanceId, seq }: FollowUp & { kind: 'outcome' }, limit: number): Promise<Outcome | null> {
  const settled = await outcomes.wait(instanceId, seq, limit);
  switch (settled?.outcome) {
    case undefined:
      return null;
    case 'done':
      return { is: 'done', instanceId };
    case 'superseded':
      return { is: 'unknown' };
    case 'failed':
      return { is: 'failed', code: '000104', message: settled.detail ?? 'the change was refused' };
  }
}

async function asked({ questions }: FollowUpDeps, question: Question, id: string, limit: number): Promise<Outcome | null> {
  const reply = await questions.ask(question, id, limit);
  if (!reply) return null;
  return reply.allowed ? { is: 'done', instanceId: question.instanceId } : { is: 'later', message: reply.reason };
}
