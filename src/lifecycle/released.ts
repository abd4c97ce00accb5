import { TOLD, want } from './desired.ts';
import { noLongerNeeds, type Desired, type LifeState } from './state.ts';

/** The release is wanted, whoever decided it: nobody needs to look any more at what it has decided. */
export function releasedBy(state: LifeState, released: NonNullable<Desired['released']>): LifeState {
  const decided = noLongerNeeds(state, ...TOLD.expiry, ...TOLD.clock, ...TOLD.violation, 'retention-over', 'release-while-paid', 'create-window-over', 'provision-refused');
  return want(dropped(decided), { released });
}

/** A release has no use for what an order holds: whatever failed about it is over. */
function dropped(state: LifeState): LifeState {
  const { trouble, actual } = state;
  if (actual.tenant !== 'none' && trouble?.effect !== 'order' && trouble?.effect !== 'change') return state;
  return noLongerNeeds({ ...state, trouble: null }, 'effect-failing', 'order-refused', 'keys-refused', 'unknown-product');
}
