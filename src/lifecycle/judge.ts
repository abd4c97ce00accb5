import type { Command, CommandKind, Instruction } from './command.ts';
import { fold } from './fold.ts';
import { isPersonKind, whyNot } from './hand.ts';
import { standingOf } from './phase.ts';
import { CREATE_RETRY, STATUS_TOLERANCE } from './rules.ts';
import type { LifeState } from './state.ts';
import { TRANSITIONS, type MarketplaceKind } from './transitions.ts';

export type Judgement =
  | { readonly verdict: 'admit' | 'done' | 'running' | 'unknown' }
  /** Not now: the caller is to ask again, or a person reads why. */
  | { readonly verdict: 'later' | 'no'; readonly message: string }
  | { readonly verdict: 'refused'; readonly code: string; readonly message: string };

/**
 * Judges a command against everything promised so far.
 * `promised` is the stored state with the waiting commands folded in; `at` is the command's own instant, `now` ours, both UTC ms.
 */
export function judge(promised: LifeState, instruction: Instruction, at: number, now: number, by: Command['by'] = 'marketplace'): Judgement {
  const command: Command = { seq: promised.taken + 1, at, receivedAt: now, key: null, attempt: 1, by, instruction };
  const { kind } = instruction;
  if (by === 'sweeper' || kind === 'tell') return { verdict: 'admit' };
  if (by === 'person' && isPersonKind(kind)) {
    const message = whyNot(promised, kind);
    if (message !== null) return { verdict: 'no', message };
    return { verdict: isRepeat(promised, command) ? 'done' : 'admit' };
  }
  if (!isMarketplaceKind(kind)) return { verdict: 'no', message: `${kind} is a person's to do` };
  const verdict = TRANSITIONS[kind].in[standingOf(promised)];
  switch (verdict) {
    case 'retry': {
      const { refusal } = promised.actual;
      if (refusal && refusal.at + CREATE_RETRY > now) return { verdict: 'refused', code: refusal.code, message: refusal.message };
      return { verdict: 'admit' };
    }
    case 'running':
      // A create call after the window has ended opens a new one.
      return { verdict: windowIsOver(promised, now) ? 'admit' : 'running' };
    case 'admit':
      return { verdict: isRepeat(promised, command) ? 'done' : 'admit' };
    case 'later':
      return { verdict, message: 'the instance is being created: please ask again when it is ready' };
    case 'done':
    case 'unknown':
      return { verdict };
  }
}

function windowIsOver({ desired: { askedAt }, rules, needsPerson }: LifeState, now: number): boolean {
  return needsPerson['create-window-over'] !== undefined || (askedAt !== null && askedAt + rules.createWindow <= now);
}

/** What carries no key is a repeat exactly when it would change nothing that is desired. */
const KEYLESS: ReadonlySet<CommandKind> = new Set(['freeze', 'unfreeze', 'release', 'hold', 'unhold', 'cancelRelease']);

function isRepeat(promised: LifeState, command: Command): boolean {
  if (!KEYLESS.has(command.instruction.kind)) return false;
  // An old retry that yields must still be recorded and told.
  if (command.by === 'marketplace' && command.at < promised.desired.statusAt - STATUS_TOLERANCE) return false;
  const before = promised.desired;
  const after = fold(promised, command).desired;
  return JSON.stringify({ ...after, statusAt: 0 }) === JSON.stringify({ ...before, statusAt: 0 });
}

function isMarketplaceKind(kind: CommandKind): kind is MarketplaceKind {
  return Object.hasOwn(TRANSITIONS, kind);
}
