import type { Command, Instruction } from './command.ts';
import { complete } from './complete.ts';
import { addCause, thaw, TOLD, want } from './desired.ts';
import { isPersonKind, whyNot } from './hand.ts';
import { PUT_AWAY } from './person-reasons.ts';
import { renewedPlan } from './plan.ts';
import { releasedBy } from './released.ts';
import { EXPIRY_FREEZE_LEAD, FARTHEST_EXPIRY, STATUS_TOLERANCE } from './rules.ts';
import { settle } from './settle.ts';
import { needs, noLongerNeeds, type LifeState } from './state.ts';

/** Takes one command into the state. Pure: the door folds waiting commands to judge, the workflow to act, with the same result. */
export function fold(state: LifeState, command: Command): LifeState {
  const { instruction } = command;
  let next: LifeState = { ...state, taken: command.seq, takenAt: Math.max(state.takenAt, command.receivedAt), open: [...state.open, { seq: command.seq, kind: instruction.kind }] };
  // A new command is worth a new try of whatever is failing.
  if (next.trouble) next = { ...next, trouble: { ...next.trouble, nextTryAt: command.receivedAt } };
  const reason = command.by === 'person' && isPersonKind(instruction.kind) ? whyNot(state, instruction.kind) : null;
  if (reason !== null) return tooLate(next, command, reason);
  switch (instruction.kind) {
    case 'create':
      next = askAgain(next, command);
      break;
    case 'renew':
      next = renew(next, command, instruction);
      break;
    case 'renewChange':
      // The product is its order's to say, with the size.
      next = queue(renew(next, command, { ...instruction, productId: null, formal: false }), command, instruction);
      break;
    case 'change':
      next = queue(next, command, instruction);
      break;
    case 'shorten':
      next = shorten(next, command, instruction.expireAt);
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
    case 'retry':
      next = noLongerNeeds({ ...askAgain(next, command), untold: null }, ...PUT_AWAY);
      break;
    case 'complete':
      next = complete(next, command.receivedAt);
      break;
    case 'abandon':
      next = abandon(next, command.receivedAt, instruction);
      break;
    case 'hold':
      next = want(next, { held: true });
      break;
    case 'unhold':
      next = want(next, { held: false });
      break;
    case 'cancelRelease':
      next = cancelRelease(next, command.receivedAt);
      break;
    case 'revive':
      break;
    case 'tell':
      next = needs(next, instruction.reason, command.receivedAt, instruction.detail);
      break;
  }
  return settle(next, command.receivedAt);
}

/** The desired state with every waiting command folded in: what a new command is judged by. */
export function foldAll(state: LifeState, commands: readonly Command[]): LifeState {
  return commands.filter((command) => command.seq > state.taken).reduce(fold, state);
}

/** Admitted on what was stored, while the life had gone on: a person's command that makes no sense any more changes nothing, and says so. */
function tooLate(state: LifeState, { seq, receivedAt }: Command, reason: string): LifeState {
  return {
    ...state,
    open: state.open.filter((command) => command.seq !== seq),
    settled: [...state.settled, { seq, outcome: 'failed', at: receivedAt, detail: reason }],
  };
}

/** A new attempt, and a new create window for what is not built yet. */
function askAgain(state: LifeState, command: Command): LifeState {
  const asked = want({ ...state, actual: { ...state.actual, refusal: null } }, { askedAt: command.receivedAt });
  return noLongerNeeds(asked, 'create-window-over', 'provision-refused');
}

function renew(state: LifeState, command: Command, { expireAt, productId, formal }: Pick<Instruction & { kind: 'renew' }, 'expireAt' | 'productId' | 'formal'>): LifeState {
  const back = comeBack(state, command);
  const { plan, renewedTo, expireAt: known } = back.desired;
  const to = { productId: productId ?? renewedTo?.productId ?? null, formal: formal || (renewedTo?.formal ?? false) };
  // An end that cannot be meant is no end that a later renewal must not move back.
  const end = formal || known === null || isTooFar(known, command) ? expireAt : Math.max(known, expireAt);
  const renewed = want(back, {
    expireAt: end,
    stated: true,
    armed: true,
    renewedAt: command.at,
    ...(plan ? { plan: renewedPlan(plan, to) } : { renewedTo: to }),
  });
  const odd = expireAt <= command.at || isTooFar(expireAt, command);
  const told = odd ? needs(renewed, 'odd-expiry', command.receivedAt, `a renewal named the end ${new Date(expireAt).toISOString()}`) : noLongerNeeds(renewed, 'odd-expiry');
  return end > command.at ? thaw(told, ['expiry', 'clock']) : told;
}

function shorten(state: LifeState, command: Command, expireAt: number): LifeState {
  const shorter = want(state, { expireAt, stated: true, armed: false });
  return isTooFar(expireAt, command) ? needs(shorter, 'odd-expiry', command.receivedAt, `a refund named the end ${new Date(expireAt).toISOString()}`) : shorter;
}

function isTooFar(end: number, { at }: Command): boolean {
  return end > at + FARTHEST_EXPIRY;
}

/** What the order holds is asked when the instance stands. */
function queue(state: LifeState, { seq }: Command, { orderId, orderLineId }: { orderId: string; orderLineId: string }): LifeState {
  return want(state, { orders: [...state.desired.orders, { seq, orderId, orderLineId }] });
}

function abandon(state: LifeState, at: number, { code, message }: Instruction & { kind: 'abandon' }): LifeState {
  // What was begun may have happened, whatever was heard of it: it is looked for and removed.
  const unsure = state.actual.unsure || state.actual.tenant === 'maybe';
  const given = { ...state, trouble: null, actual: { ...state.actual, refusal: { code, message, at }, unsure } };
  return noLongerNeeds(given, 'effect-failing', 'order-refused', 'keys-refused', 'unknown-product', 'provision-refused', 'create-window-over');
}

function cancelRelease(state: LifeState, at: number): LifeState {
  const { tenant } = state.actual;
  if (tenant !== 'open' && tenant !== 'closed') return state;
  const back = noLongerNeeds(want(state, { released: null }), 'release-while-paid');
  // Retention is over all the same: told, the clock does not release a second time.
  return state.desired.released?.by === 'clock' ? needs(back, 'retention-over', at, 'retention is over; a person took the release by our own clock back') : back;
}

function freeze(state: LifeState, command: Command): LifeState {
  if (command.by === 'person') return noLongerNeeds(addCause(state, 'person', command.receivedAt), ...TOLD.expiry);
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
  const { expireAt, stated, released } = state.desired;
  if (released && command.by === 'person') {
    // A person's second word: what waited for one is due now.
    return noLongerNeeds(want(state, { released: { ...released, removeAt: released.removeAt ?? command.receivedAt + state.rules.keep } }), 'release-while-paid');
  }
  const paid = command.by === 'marketplace' && !unsubscribed && stated && expireAt !== null && expireAt > command.at;
  const built = state.actual.tenant === 'open' || state.actual.tenant === 'closed';
  // What was never built is never held.
  const removeAt = !built ? command.receivedAt : paid ? null : command.receivedAt + state.rules.keep;
  let next = releasedBy(state, { at: command.at, removeAt, by: command.by === 'person' ? 'person' : 'marketplace' });
  if (next.actual.tenant === 'none') next = { ...next, actual: { ...next.actual, tenant: 'removed' } };
  if (built && paid) next = needs(next, 'release-while-paid', command.at, 'released without an unsubscription order while the paid end lies ahead: the data are kept');
  return next;
}
