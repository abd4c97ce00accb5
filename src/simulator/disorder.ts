import { jsonObject, textMember, type Call } from './call.ts';
import { lotsOf } from './lots.ts';
import type { Sending } from './request.ts';
import type { Delivery, Prepared } from './send.ts';
import { ANSWER_LIMIT, CALL_LIMIT } from './verdict.ts';

/** What can go wrong between the marketplace and a seller, calls of both the platform and its people alike (saas.md §7.1). */
export const DISORDERS = {
  'lost-answer': 'the seller is asked, and its answer never arrives: a time-out for the marketplace',
  duplicate: 'the same bytes arrive twice, one after the other',
  parallel: 'two copies, each signed by itself, arrive at the same moment',
  delay: 'signed now, arrives up to 30 s later',
  reorder: 'arrives after the next call, or 5 s later when none comes',
  'stale-freeze': 'a freeze that was signed before a renewal arrives after it',
  skew: "the marketplace's clock is wrong by up to 45 s, either way",
  'old-key': 'signed with the key before the last rotation, for ten minutes after it',
  slow: 'the answer takes 5 to 25 s: too late, and after 20 s nobody listens any more',
  dead: 'the connection is refused, for this call and up to four more of its kind',
} as const;
export type Disorder = keyof typeof DISORDERS;

export interface Disturbance {
  /** The same seed brings the same disorder to the same calls: the first renewal, the third query. */
  readonly seed: number;
  /** From 0, never, to 1, always; never when left out. */
  readonly chances: Partial<Readonly<Record<Disorder, number>>>;
}

export interface Wire {
  readonly prepare: (sending: Sending) => Prepared;
  readonly deliver: (prepared: Prepared, delivery?: Delivery) => Promise<Call>;
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<void>;
  /** The key before the last rotation; null while no call can be signed with it. */
  readonly oldKey: () => string | null;
}

export interface DisorderlyWire {
  /** Null: everything arrives as it should. Counting begins anew. */
  disturb(disturbance: Disturbance | null): void;
  send(sending: Sending): Promise<Call>;
}

/** Within what a seller must bear: its clock and ours may differ by 60 s in all (saas.md §4.4). */
const LONGEST_DELAY = 30_000;
const LARGEST_SKEW = 45_000;
const HOLD = 5_000;
/** From the first of the two limits that the pages name to beyond the second (saas.md §6.1). */
const SLOWEST = ANSWER_LIMIT + CALL_LIMIT;
/** How many calls of its kind ago one may have died that this one is dead of still. */
const DEATHS = [0, 1, 2, 3, 4];
/** What is the seller's own fault meets probes too: it is what they are there to find. */
const MET_BY_PROBES: readonly Disorder[] = ['slow', 'dead'];

/** The wire with trouble on purpose. Debugging calls are spared what is not the seller's: their verdict would say nothing of it. */
export function createDisorder({ prepare, deliver, now, wait, oldKey }: Wire): DisorderlyWire {
  let disturbance: Disturbance | null = null;
  let counts = new Map<string, number>();
  let waiting: (() => void)[] = [];

  async function arrive(prepared: Prepared, delivery: Delivery = {}): Promise<Call> {
    const call = await deliver(prepared, delivery);
    const held = waiting;
    waiting = [];
    for (const go of held) go();
    return call;
  }

  async function disturbed(sending: Sending, { seed, chances }: Disturbance): Promise<Call> {
    const kind = kindOf(sending);
    const nth = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, nth);
    const { draw } = lotsOf(seed, kind, nth);
    const amount = (what: Disorder, ago = 0): number => draw(`how much ${what}`, ago);
    const drawn = (what: Disorder, ago = 0): boolean => draw(what, ago) < (chances[what] ?? 0);
    const previous = oldKey();
    const strikes = (what: Disorder): boolean => {
      if (isTest(sending) && !MET_BY_PROBES.includes(what)) return false;
      // Told by the draws of the calls before it, not by a clock.
      if (what === 'dead') return DEATHS.some((ago) => drawn('dead', ago) && amount('dead', ago) * DEATHS.length >= ago);
      if (what === 'stale-freeze') return kind === 'refreshInstance RENEWAL' && drawn(what);
      return (what !== 'old-key' || previous !== null) && drawn(what);
    };

    const struck = (Object.keys(DISORDERS) as Disorder[]).filter(strikes);
    const has = (what: Disorder): boolean => struck.includes(what);
    const trouble = struck.length === 0 ? null : struck.join(', ');
    const overrides = {
      ...(has('skew') ? { at: now() + Math.round((2 * amount('skew') - 1) * LARGEST_SKEW) } : {}),
      ...(has('old-key') && previous !== null ? { key: previous } : {}),
      ...sending.overrides,
    };
    const changed: Sending = { ...sending, overrides };
    const freeze = has('stale-freeze') ? prepare(freezeBefore(sending)) : null;
    const prepared = prepare(changed);
    if (has('reorder')) await Promise.race([new Promise<void>((resolve) => waiting.push(resolve)), wait(HOLD)]);
    if (has('delay')) await wait(Math.round(amount('delay') * LONGEST_DELAY));
    const refuse = has('dead');
    const copy = has('parallel') ? arrive(prepare(changed), { trouble: 'parallel copy', refuse }) : null;
    // A market that closes meanwhile cuts the wait short, and the call is written down all the same.
    const late = has('slow') && !refuse ? { late: () => wait(lateness(amount('slow'))).catch(() => undefined) } : {};
    const call = await arrive(prepared, { trouble, lose: has('lost-answer'), refuse, ...late });
    await copy;
    if (has('duplicate')) await arrive(prepared, { trouble: 'duplicate', refuse });
    if (freeze !== null) await arrive(freeze, { trouble: 'stale freeze', refuse });
    return call;
  }

  return {
    disturb(wanted) {
      disturbance = wanted;
      counts = new Map();
    },
    send: async (sending) => (disturbance === null ? arrive(prepare(sending)) : disturbed(sending, disturbance)),
  };
}

/** Over the first limit, and no longer than anybody listens. */
function lateness(amount: number): number {
  // A timer may be a moment early, and whether somebody still listens must not hang on it.
  return Math.min(CALL_LIMIT + 10, ANSWER_LIMIT + 10 + Math.round(amount * (SLOWEST - ANSWER_LIMIT)));
}

/** The activity with the scene or the status that tells its stories apart; probes count by themselves. */
function kindOf(sending: Sending): string {
  const members = membersOf(sending.body);
  return ['activity', 'scene', 'status'].flatMap((name) => textMember(members, name) ?? []).concat(isTest(sending) ? 'test' : []).join(' ');
}

function isTest({ body }: Sending): boolean {
  return textMember(membersOf(body), 'testFlag') === '1';
}

function freezeBefore({ body }: Sending): Sending {
  return { body: { activity: 'updateInstanceStatus', instanceId: membersOf(body)?.['instanceId'], status: 'FREEZE' } };
}

function membersOf(body: Sending['body']) {
  if (body instanceof Uint8Array) return null;
  return typeof body === 'string' ? jsonObject(body) : body;
}
