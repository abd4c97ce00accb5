import type { CommandKind, CommandOutcome } from './command.ts';
import { samePlan } from './plan.ts';
import type { LifeState } from './state.ts';

/** Moves every open command whose promise is kept, or can no longer be kept, to `settled`. */
export function settle(state: LifeState, now: number): LifeState {
  const ended = state.open.flatMap(({ seq, kind }) => {
    const outcome = outcomeOf(seq, kind, state);
    return outcome ? [{ seq, outcome, at: now }] : [];
  });
  if (ended.length === 0) return state;
  return {
    ...state,
    open: state.open.filter(({ seq }) => !ended.some((command) => command.seq === seq)),
    settled: [...state.settled, ...ended],
  };
}

function outcomeOf(seq: number, kind: CommandKind, { desired, actual }: LifeState): CommandOutcome | null {
  const built = actual.tenant === 'open' || actual.tenant === 'closed';
  const accessEnded = (actual.tenant === 'closed' && !actual.unsure) || actual.tenant === 'leaving' || actual.tenant === 'removed';
  const frozen = desired.frozen.length > 0;
  const opened = frozen || (actual.tenant !== 'closed' && !actual.unsure);
  const changed = desired.orders.every((order) => order.seq !== seq) && samePlan(desired.plan, actual.plan) && !actual.planUnsure;
  switch (kind) {
    case 'create':
      if (built) return 'done';
      if (actual.refusal) return 'failed';
      return desired.released ? 'superseded' : null;
    case 'shorten':
      return 'done';
    case 'freeze':
      // Nobody gets in to what was refused; the cause stays for a later attempt.
      if (accessEnded || actual.refusal) return 'done';
      return frozen || desired.released ? null : 'superseded';
    case 'renew':
    case 'unfreeze':
      if (desired.released) return 'superseded';
      return opened ? 'done' : null;
    case 'change':
      if (desired.released) return 'superseded';
      return changed ? 'done' : null;
    case 'renewChange':
      if (desired.released) return 'superseded';
      // The size stays wanted for a later attempt, as the cause of a freeze does.
      if (actual.refusal) return 'failed';
      return changed && opened ? 'done' : null;
    case 'release':
      if (accessEnded) return 'done';
      // Taken back by a person before access had ended.
      return desired.released ? null : 'superseded';
    case 'retry':
    case 'complete':
    case 'abandon':
    case 'hold':
    case 'unhold':
    case 'cancelRelease':
    case 'revive':
    case 'tell':
      return 'done';
  }
}
