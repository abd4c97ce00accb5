import { findCall, findRefusal, REFUSED_BODY } from '../store/journal.ts';
import type { Store } from '../store/open.ts';

/** What it takes to send a recorded call again. */
export interface ReplayableCall {
  readonly id: string;
  readonly kit: string;
  /** What the body calls its activity; null when it cannot be read. */
  readonly verb: string | null;
  readonly body: string;
  /** False when only the beginning of the body was kept: it cannot be sent again. */
  readonly whole: boolean;
  /** `reserialised`: its sorted form was signed, not the body that came. */
  readonly signed: 'raw' | 'reserialised';
  /** What was answered then. */
  readonly resultCode: string;
}

/** A call of the journal, accepted or refused; null when there is none (it may have been pruned). */
export async function replayableCall(store: Store, id: string): Promise<ReplayableCall | null> {
  const call = await findCall(store.em(), id);
  if (call) {
    const { kit, verb, body, evidence, resultCode } = call;
    return { id, kit, verb, body, whole: true, signed: evidence.matched === 'reserialised' ? 'reserialised' : 'raw', resultCode };
  }
  const refusal = await findRefusal(store.em(), id);
  if (!refusal) return null;
  const { kit, body, resultCode } = refusal;
  return { id, kit, verb: null, body, whole: body.length < REFUSED_BODY, signed: 'raw', resultCode };
}

export type ReplayOutcome = 'same' | 'fixed' | 'changed' | 'failed' | 'error';

/** What a replay says of the seller: `good` is the marketplace's verdict on the new answer, `resultCode` null when no answer came. */
export function replayOutcome(then: string, now: { readonly reached: boolean; readonly good: boolean; readonly resultCode: string | null }): ReplayOutcome {
  if (!now.reached) return 'error';
  if (!now.good) return 'failed';
  if (now.resultCode === then) return 'same';
  return PROMISES.includes(then) ? 'changed' : 'fixed';
}

/** Done, and being done (saas.md §5). */
const PROMISES = ['000000', '000004'];
