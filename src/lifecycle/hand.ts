import { completable } from './complete.ts';
import type { CommandKind } from './command.ts';
import { standingOf, type Phase } from './phase.ts';
import type { LifeState } from './state.ts';

/** What a person can do to an instance. */
export type PersonKind = Extract<CommandKind, 'retry' | 'complete' | 'abandon' | 'hold' | 'unhold' | 'freeze' | 'unfreeze' | 'release' | 'cancelRelease'>;

export interface Hand {
  /** Shown in the Temporal UI, by the CLI and in the docs. */
  readonly does: string;
  /** Phases (of what was promised) in which it makes sense. */
  readonly in: readonly Phase[];
  /** Why not in the others. */
  readonly otherwise: string;
  /** A further condition, and what to say when it does not hold. */
  readonly unless?: readonly [(state: LifeState) => boolean, string];
}

const LIVING = ['creating', 'active', 'frozen'] as const;
const ANY = [...LIVING, 'released', 'failed'] as const;

/** A person's actions: one row each, for the CLI, the updates of the workflow and the docs alike. */
export const HAND: Readonly<Record<PersonKind, Hand>> = {
  retry: { does: 'Try now what is failing or was refused, open a new create window, and put away what was only told.', in: ANY, otherwise: '' },
  complete: {
    does: 'Say that you have done by hand what keeps failing.',
    in: ANY,
    otherwise: '',
    unless: [(state) => completable(state) === null, 'nothing is failing that could be done by hand (an order query cannot)'],
  },
  abandon: { does: 'Give up an order that cannot be provisioned: the marketplace is told that it failed.', in: ['creating'], otherwise: 'only an order that is still being provisioned can be abandoned' },
  hold: {
    does: 'Keep the data: nothing is removed until you unhold.',
    in: [...LIVING, 'released'],
    otherwise: 'nothing stands that could be held',
    unless: [({ actual }) => actual.tenant === 'leaving', 'the data are being removed already'],
  },
  unhold: { does: 'Take a hold back: what is due for removal is removed at once.', in: ANY, otherwise: '' },
  freeze: { does: 'Stop access and keep the data, until you unfreeze.', in: LIVING, otherwise: 'nothing stands that could be frozen' },
  unfreeze: {
    does: 'Take back a freeze by a person or by our own clock. A freeze by the marketplace is taken back there.',
    in: LIVING,
    otherwise: 'nothing stands that could be unfrozen',
    unless: [({ desired: { frozen } }) => frozen.length > 0 && !frozen.includes('person') && !frozen.includes('clock'), 'only the marketplace can take back its own freeze'],
  },
  release: { does: 'End access now and have the data removed after the product\u2019s keep time.', in: ANY, otherwise: '' },
  cancelRelease: {
    does: 'Take a release back while the data are still there.',
    in: ['released'],
    otherwise: 'it has not been released',
    unless: [({ actual }) => actual.tenant !== 'open' && actual.tenant !== 'closed', 'the data have been removed already'],
  },
};

/** Why a person cannot do this now; null when it can be done. */
export function whyNot(promised: LifeState, kind: PersonKind): string | null {
  const { in: phases, otherwise, unless } = HAND[kind];
  if (promised.actual.tenant === 'removed') return 'its life has ended: nothing of it is left';
  if (!phases.includes(standingOf(promised))) return otherwise;
  return unless?.[0](promised) ? unless[1] : null;
}

export function isPersonKind(kind: CommandKind): kind is PersonKind {
  return Object.hasOwn(HAND, kind);
}
