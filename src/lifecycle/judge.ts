import type { Command, Instruction } from './command.ts';
import { fold } from './fold.ts';
import { standingOf } from './phase.ts';
import { CREATE_RETRY, STATUS_TOLERANCE } from './rules.ts';
import type { LifeState } from './state.ts';
import { TRANSITIONS } from './transitions.ts';

export type Judgement =
  | { readonly verdict: 'admit' | 'done' | 'running' | 'unknown' }
  | { readonly verdict: 'refused'; readonly code: string; readonly message: string };

/**
 * Judges a command against everything promised so far.
 * `promised` is the stored state with the waiting commands folded in; `at` is the command's own instant, `now` ours, both UTC ms.
 */
export function judge(promised: LifeState, instruction: Instruction, at: number, now: number, by: Command['by'] = 'marketplace'): Judgement {
  const verdict = TRANSITIONS[instruction.kind].in[standingOf(promised)];
  if (verdict === 'retry') {
    const { refusal } = promised.actual;
    if (refusal && refusal.at + CREATE_RETRY > now) return { verdict: 'refused', code: refusal.code, message: refusal.message };
    return { verdict: 'admit' };
  }
  if (verdict === 'admit' && isRepeat(promised, { seq: promised.taken + 1, at, receivedAt: now, key: null, attempt: 1, by, instruction })) return { verdict: 'done' };
  return { verdict };
}

/** A status or release call carries no key: it is a repeat exactly when it would change nothing that is desired. */
function isRepeat(promised: LifeState, command: Command): boolean {
  const { kind } = command.instruction;
  if (kind !== 'freeze' && kind !== 'unfreeze') return false;
  // An old retry that yields must still be recorded and told.
  if (command.at < promised.desired.statusAt - STATUS_TOLERANCE) return false;
  const before = promised.desired;
  const after = fold(promised, command).desired;
  return JSON.stringify({ ...after, statusAt: 0 }) === JSON.stringify({ ...before, statusAt: 0 });
}
