import type { CommandKind, CommandOutcome } from './command.ts';
import type { LifeState } from './state.ts';

/** Moves every open command whose promise is kept, or can no longer be kept, to `settled`. */
export function settle(state: LifeState, now: number): LifeState {
  const ended = state.open.flatMap(({ seq, kind }) => {
    const outcome = outcomeOf(kind, state);
    return outcome ? [{ seq, outcome, at: now }] : [];
  });
  if (ended.length === 0) return state;
  return {
    ...state,
    open: state.open.filter(({ seq }) => !ended.some((command) => command.seq === seq)),
    settled: [...state.settled, ...ended],
  };
}

function outcomeOf(kind: CommandKind, { desired, actual }: LifeState): CommandOutcome | null {
  const built = actual.tenant === 'open' || actual.tenant === 'closed';
  const accessEnded = (actual.tenant === 'closed' && !actual.unsure) || actual.tenant === 'leaving' || actual.tenant === 'removed';
  const frozen = desired.frozen.length > 0;
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
      return frozen || (actual.tenant !== 'closed' && !actual.unsure) ? 'done' : null;
    case 'release':
      return accessEnded ? 'done' : null;
  }
}
