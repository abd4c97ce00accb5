import type { Command } from './command.ts';
import { settle } from './settle.ts';
import { needs, noLongerNeeds, type Desired, type FreezeCause, type LifeState, type PersonReason } from './state.ts';
import { EXPIRY_FREEZE_LEAD, STATUS_TOLERANCE } from './rules.ts';

/** Takes one command into the state. Pure: the door folds waiting commands to judge, the workflow to act, with the same result. */
export function fold(state: LifeState, command: Command): LifeState {
  const { instruction } = command;
  let next: LifeState = { ...state, taken: command.seq, open: [...state.open, { seq: command.seq, kind: instruction.kind }] };
  // A new command is worth a new try of whatever is failing.
  if (next.trouble) next = { ...next, trouble: { ...next.trouble, nextTryAt: command.receivedAt } };
  switch (instruction.kind) {
    case 'create':
      next = { ...next, actual: { ...next.actual, refusal: null } };
      break;
    case 'renew': {
      next = comeBack(next, command);
      const { plan, expireAt } = next.desired;
      const end = instruction.formal ? instruction.expireAt : Math.max(expireAt ?? 0, instruction.expireAt);
      next = want(next, {
        expireAt: end,
        stated: true,
        armed: true,
        renewedAt: command.at,
        plan: plan && {
          ...plan,
          productId: instruction.productId ?? plan.productId,
          trial: instruction.formal ? false : plan.trial,
        },
      });
      if (end > command.at) next = thaw(next, ['expiry', 'clock']);
      break;
    }
    case 'shorten':
      next = want(next, { expireAt: instruction.expireAt, stated: true, armed: false });
      break;
    case 'freeze':
      next = isStale(next, command) ? yieldTo(next, command) : freeze(next, command);
      break;
    case 'unfreeze':
      next = isStale(next, command) ? yieldTo(next, command) : unfreeze(next, command);
      break;
    case 'release':
      next = release(next, command, instruction.unsubscribed);
      break;
  }
  return settle(next, command.receivedAt);
}

/** The desired state with every waiting command folded in: what a new command is judged by. */
export function foldAll(state: LifeState, commands: readonly Command[]): LifeState {
  return commands.filter((command) => command.seq > state.taken).reduce(fold, state);
}

export function want(state: LifeState, desired: Partial<Desired>): LifeState {
  return { ...state, desired: { ...state.desired, ...desired } };
}

export function addCause(state: LifeState, cause: FreezeCause, at: number): LifeState {
  const { frozen, endedAt } = state.desired;
  if (frozen.includes(cause)) return state;
  return want(state, { frozen: [...frozen, cause].toSorted(), endedAt: isEnd(cause) ? (endedAt ?? at) : endedAt });
}

/** What a person was told because of a cause, and what its end answers. */
const TOLD: Readonly<Record<FreezeCause, readonly PersonReason[]>> = {
  expiry: ['expiry-passed'],
  clock: ['clock-freeze'],
  violation: ['violation-freeze', 'violation-after-renewal'],
  quota: [],
  person: [],
};

function isEnd(cause: FreezeCause): boolean {
  return cause === 'expiry' || cause === 'clock';
}

function thaw(state: LifeState, causes: readonly FreezeCause[]): LifeState {
  const left = state.desired.frozen.filter((cause) => !causes.includes(cause));
  const told = causes.flatMap((cause) => TOLD[cause]);
  if (left.some(isEnd)) return noLongerNeeds(want(state, { frozen: left }), ...told);
  return noLongerNeeds(want(state, { frozen: left, endedAt: null }), ...told, 'retention-over');
}

function freeze(state: LifeState, command: Command): LifeState {
  if (command.by === 'person') return addCause(state, 'person', command.receivedAt);
  const { expireAt, statusAt, renewedAt, frozen } = state.desired;
  const heard = want(state, { statusAt: Math.max(statusAt, command.at) });
  if (expireAt !== null && command.at >= expireAt - EXPIRY_FREEZE_LEAD) {
    return noLongerNeeds(addCause(heard, 'expiry', command.receivedAt), ...TOLD.expiry, ...TOLD.clock);
  }
  const later = renewedAt !== null && command.at > renewedAt && !frozen.includes('violation');
  const violating = want(addCause(heard, 'violation', command.receivedAt), { renewedAt: later ? null : renewedAt });
  return expireAt === null ? violating : needs(violating, 'violation-freeze', command.at, 'frozen long before the paid end: a violation, or a stale call');
}

/** The marketplace takes back what it or our clock froze; a person, what a person or our clock froze. */
function unfreeze(state: LifeState, command: Command): LifeState {
  if (command.by === 'person') return want(thaw(state, ['person', 'clock']), { armed: state.desired.armed && !state.desired.frozen.includes('clock') });
  const { statusAt } = state.desired;
  return want(thaw(comeBack(state, command), ['expiry', 'violation', 'clock']), { armed: false, statusAt: Math.max(statusAt, command.at) });
}

/** A call that was admitted before the door heard of our own clock's release still counts: the release is taken back while the data are there. */
function comeBack(state: LifeState, command: Command): LifeState {
  if (state.desired.released?.by !== 'clock') return state;
  const { tenant } = state.actual;
  if (tenant === 'open' || tenant === 'closed') return want(state, { released: null });
  return needs(state, 'release-while-paid', command.at, `a ${command.instruction.kind} was admitted, but our own clock had the data removed already`);
}

function isStale(state: LifeState, command: Command): boolean {
  return command.by === 'marketplace' && command.at < state.desired.statusAt - STATUS_TOLERANCE;
}

function yieldTo(state: LifeState, command: Command): LifeState {
  const superseded: LifeState = {
    ...state,
    open: state.open.filter(({ seq }) => seq !== command.seq),
    settled: [...state.settled, { seq: command.seq, outcome: 'superseded', at: command.receivedAt }],
  };
  return needs(superseded, 'stale-status', command.receivedAt, `an older ${command.instruction.kind} came after a newer status call and was not followed`);
}

function release(state: LifeState, command: Command, unsubscribed: boolean): LifeState {
  const { expireAt, stated } = state.desired;
  const paid = command.by === 'marketplace' && !unsubscribed && stated && expireAt !== null && expireAt > command.at;
  const built = state.actual.tenant === 'open' || state.actual.tenant === 'closed';
  // What was never built is never held.
  const removeAt = !built ? command.receivedAt : paid ? null : command.receivedAt + state.rules.keep;
  const decided = noLongerNeeds(state, ...TOLD.expiry, ...TOLD.clock, ...TOLD.violation, 'retention-over', 'release-while-paid');
  let next = want(decided, { released: { at: command.at, removeAt, by: command.by } });
  if (next.actual.tenant === 'none') {
    next = noLongerNeeds({ ...next, trouble: null, actual: { ...next.actual, tenant: 'removed' } }, 'effect-failing', 'order-refused', 'unknown-product');
  }
  if (built && paid) next = needs(next, 'release-while-paid', command.at, 'released without an unsubscription order while the paid end lies ahead: the data are kept');
  return next;
}
