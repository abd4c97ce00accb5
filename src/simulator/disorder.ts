import { createHash } from 'node:crypto';
import { jsonObject, textMember, type Call } from './call.ts';
import type { Sending } from './request.ts';
import type { Delivery, Prepared } from './send.ts';

/** What can go wrong between the marketplace and a seller, calls of both the platform and its people alike (saas.md §7.1). */
export const DISORDERS = {
  'lost-answer': 'the seller is asked, and its answer never arrives: a time-out for the marketplace',
  duplicate: 'the same bytes arrive twice, one after the other',
  parallel: 'two copies, each signed by itself, arrive at the same moment',
  delay: 'signed now, arrives up to 30 s later',
  reorder: 'arrives after the next call, or 5 s later when none comes',
  'stale-freeze': 'a freeze that was signed before a renewal arrives after it',
  skew: "the marketplace's clock is wrong by up to 45 s, either way",
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

/** The wire with trouble on purpose. Debugging calls are spared: their verdict would say nothing of the seller. */
export function createDisorder({ prepare, deliver, now, wait }: Wire): DisorderlyWire {
  let disturbance: Disturbance | null = null;
  let counts = new Map<string, number>();
  let waiting: (() => void)[] = [];

  /** From 0 up to 1, of the nth call of its kind. Drawn apart for every disorder, so that one more in the list moves no other. */
  function draw(what: string, kind: string, nth: number): number {
    const digest = createHash('sha256').update(`${disturbance?.seed ?? 0} ${what} ${kind} ${nth}`).digest();
    return digest.readUInt32BE(0) / 2 ** 32;
  }

  async function arrive(prepared: Prepared, delivery: Delivery = {}): Promise<Call> {
    const call = await deliver(prepared, delivery);
    const held = waiting;
    waiting = [];
    for (const go of held) go();
    return call;
  }

  async function disturbed(sending: Sending, { chances }: Disturbance): Promise<Call> {
    const kind = kindOf(sending);
    const nth = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, nth);
    const strikes = (what: Disorder): boolean => draw(what, kind, nth) < (chances[what] ?? 0);
    const amount = (what: Disorder): number => draw(`how much ${what}`, kind, nth);

    const struck = (Object.keys(DISORDERS) as Disorder[]).filter((what) => strikes(what) && (what !== 'stale-freeze' || kind === 'refreshInstance RENEWAL'));
    const trouble = struck.length === 0 ? null : struck.join(', ');
    const skewed: Sending = struck.includes('skew') ? { ...sending, overrides: { at: now() + Math.round((2 * amount('skew') - 1) * LARGEST_SKEW), ...sending.overrides } } : sending;
    const freeze = struck.includes('stale-freeze') ? prepare(freezeBefore(sending)) : null;
    const prepared = prepare(skewed);
    if (struck.includes('reorder')) await Promise.race([new Promise<void>((resolve) => waiting.push(resolve)), wait(HOLD)]);
    if (struck.includes('delay')) await wait(Math.round(amount('delay') * LONGEST_DELAY));
    const copy = struck.includes('parallel') ? arrive(prepare(skewed), { trouble: 'parallel copy' }) : null;
    const call = await arrive(prepared, { trouble, lose: struck.includes('lost-answer') });
    await copy;
    if (struck.includes('duplicate')) await arrive(prepared, { trouble: 'duplicate' });
    if (freeze !== null) await arrive(freeze, { trouble: 'stale freeze' });
    return call;
  }

  return {
    disturb(wanted) {
      disturbance = wanted;
      counts = new Map();
    },
    send: async (sending) => (disturbance === null || isTest(sending) ? arrive(prepare(sending)) : disturbed(sending, disturbance)),
  };
}

/** The activity with the scene or the status that tells its stories apart. */
function kindOf({ body }: Sending): string {
  const members = membersOf(body);
  return ['activity', 'scene', 'status'].flatMap((name) => textMember(members, name) ?? []).join(' ');
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
