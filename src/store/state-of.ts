import { currentState } from '../lifecycle/current.ts';
import type { LifeState } from '../lifecycle/state.ts';
import type { InstanceRow } from './entities.ts';

/** The stored state in today's form, whichever release stored it. */
export function stateOf({ state }: Pick<InstanceRow, 'state'>): LifeState {
  return currentState(state);
}
