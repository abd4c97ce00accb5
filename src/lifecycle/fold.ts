import type { Command } from './command.ts';
import { settle } from './settle.ts';
import { needs, noLongerNeeds, type Desired, type FreezeCause, type LifeState } from './state.ts';
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
      if (isStale(next, command)) next = yieldTo(next, command);
      else next = want(thaw(next, ['expiry', 'violation', 'clock']), { armed: false, statusAt: Math.max(next.desired.statusAt, command.at) });
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

export function addCause(state: LifeState, cause: FreezeCause): LifeState {
  if (state.desired.frozen.includes(cause)) return state;
  return want(state, { frozen: [...state.desired.frozen, cause].toSorted() });
}

function thaw(state: LifeState, causes: readonly FreezeCause[]): LifeState {
  const left = state.desired.frozen.filter((cause) => !causes.includes(cause));
  const thawed = left.length === state.desired.frozen.length ? state : want(state, { frozen: left });
  const answered = noLongerNeeds(thawed, 'clock-freeze', 'expiry-passed', 'retention-over');
  return causes.includes('violation') ? noLongerNeeds(answered, 'violation-freeze', 'violation-after-renewal') : answered;
}

function freeze(state: LifeState, command: Command): LifeState {
  const { expireAt, statusAt } = state.desired;
  const frozen = (cause: FreezeCause) => want(addCause(state, cause), { statusAt: Math.max(statusAt, command.at) });
  if (command.by === 'person') return frozen('person');
  if (expireAt !== null && command.at >= expireAt - EXPIRY_FREEZE_LEAD) return frozen('expiry');
  if (expireAt === null) return frozen('violation');
  return needs(frozen('violation'), 'violation-freeze', command.at, 'frozen long before the paid end: a violation, or a stale call');
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
  let next = want(state, { released: { at: command.at, removeAt } });
  if (next.actual.tenant === 'none') next = { ...next, actual: { ...next.actual, tenant: 'removed' } };
  if (built && paid) next = needs(next, 'release-while-paid', command.at, 'released without an unsubscription order while the paid end lies ahead: the data are kept');
  return next;
}
