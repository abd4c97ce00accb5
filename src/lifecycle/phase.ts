import type { LifeState } from './state.ts';

export type Phase = 'creating' | 'active' | 'frozen' | 'released' | 'failed';

/** What is: derived from what has happened to the tenant. Queries and people see this. */
export function phaseOf(state: LifeState): Phase {
  const { tenant, refusal } = state.actual;
  if (tenant === 'removed' || tenant === 'leaving') return 'released';
  if (state.desired.released && tenant !== 'open') return 'released';
  if (refusal) return 'failed';
  if (tenant === 'open') return 'active';
  return tenant === 'closed' ? 'frozen' : 'creating';
}

/** What was promised: the column of the table of transitions that the next command is judged in. */
export function standingOf(state: LifeState): Phase {
  const { tenant, refusal } = state.actual;
  if (state.desired.released) return 'released';
  if (refusal) return 'failed';
  if (tenant === 'none' || tenant === 'maybe') return 'creating';
  return state.desired.frozen.length > 0 ? 'frozen' : 'active';
}
