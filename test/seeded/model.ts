import type { Asked } from './schedule.ts';
import { DAY, HOUR, MINUTE, SECOND } from './schedule.ts';

/**
 * What the seller has promised, told again from architecture §3 and §4 in the fewest words; knows nothing of `src/lifecycle`.
 *
 * Where the documents leave it to chance (did our clock act before an outage ended, was the order query answered before the freeze was read)
 * the model keeps every reading that is possible, and drops those that an answer or what is found at rest contradicts. A rule is broken
 * when no reading is left.
 */
export interface Reading {
  readonly end: number | null;
  /** A call has said the end; otherwise it is the order query's estimate. */
  readonly stated: boolean;
  /** The order query's estimate was read. */
  readonly ordered: boolean;
  readonly armed: boolean;
  readonly causes: readonly ('clock' | 'expiry' | 'person' | 'violation')[];
  readonly statusAt: number;
  /** `removeAt` null: a person decides. `unbuilt`: there were no data to keep. */
  readonly released: { readonly removeAt: number | null; readonly unbuilt: boolean } | null;
  /** A person keeps the data. */
  readonly held: boolean;
  /** When a person last gave the purchase up. */
  readonly abandonedAt: number | null;
  /** Instant of the last create that was let in. */
  readonly createdAt: number;
  /** Keys of orders carried out. */
  readonly keys: readonly string[];
}

/** What has happened, as far as the seller has stored it; `ordered`: as far as the world knows. */
export interface Facts {
  readonly tenant: 'none' | 'maybe' | 'open' | 'closed' | 'leaving' | 'removed';
  readonly refusal: { readonly code: string; readonly at: number } | null;
  readonly released: boolean;
  readonly ordered: boolean;
  /** Not ready within the create window: nothing new is begun without a person, who was told. */
  readonly lapsed: boolean;
}

export interface Asking {
  readonly asked: Exclude<Asked, { kind: 'query' | 'change' }>;
  readonly key: string | null;
  /** Signed, and received: UTC ms. */
  readonly at: number;
  readonly now: number;
  /** End that a renewal names. */
  readonly end: number | null;
}

export interface Possible {
  readonly code: string;
  readonly reading: Reading;
}

const GRACE = { stated: 8 * DAY, estimated: 30 * DAY };
export const KEEP = 3 * DAY;
const NEAR_EXPIRY = 48 * HOUR;
const TOLERANCE = 5 * SECOND;
const RETRY = 10 * MINUTE;
const GIVEN_UP = '000104';
const [DONE, UNKNOWN, WORKING] = ['000000', '000003', '000004'];

export const isBuilt = ({ tenant }: Facts): boolean => tenant !== 'none' && tenant !== 'maybe';
export function refusalIn(facts: Facts, { createdAt, abandonedAt }: Reading): Facts['refusal'] {
  if (facts.refusal && facts.refusal.at >= createdAt) return facts.refusal;
  return abandonedAt !== null && !isBuilt(facts) ? { code: GIVEN_UP, at: abandonedAt } : null;
}
const isAtEnd = ({ causes }: Reading): boolean => causes.includes('clock') || causes.includes('expiry');

/** When our own clock freezes. */
export function freezeAt(reading: Reading): number | null {
  const { end, stated, armed, released } = reading;
  return armed && end !== null && !released && !isAtEnd(reading) ? end + (stated ? GRACE.stated : GRACE.estimated) : null;
}

/** The instant at which the tenant's state changes by itself. */
export const nextInstant = (reading: Reading): number | null => (reading.released ? removalAt(reading) : reading.causes.length > 0 ? null : freezeAt(reading));

/** When what was released is taken away; null: it is kept. */
export const removalAt = ({ released, held }: Reading): number | null => (released && (!held || released.unbuilt) ? released.removeAt : null);

export const withCause = (reading: Reading, cause: Reading['causes'][number]): Reading => (reading.causes.includes(cause) ? reading : { ...reading, causes: [...reading.causes, cause].toSorted() });
export const without = (reading: Reading, ...gone: readonly Reading['causes'][number][]): Reading => ({ ...reading, causes: reading.causes.filter((cause) => !gone.includes(cause)) });
const clocked = (reading: Reading, now: number): Reading | null => {
  const at = freezeAt(reading);
  return at !== null && at <= now ? withCause(reading, 'clock') : null;
};

/** Everything that may have happened by itself until now; `surely` leaves no choice to what is due. */
export function readings(before: readonly Reading[], facts: Facts, estimate: number | null, now: number, surely = false): Reading[] {
  const ordered = before.flatMap((reading): Reading[] => {
    // It may be answered before a call that is waiting now is read.
    if (reading.ordered || (!facts.ordered && surely)) return [reading];
    const known = { ...reading, ordered: true, end: reading.stated ? reading.end : estimate };
    return surely ? [known] : [known, reading];
  });
  return unique(
    ordered.flatMap((reading) => {
      const late = refusalIn(facts, reading) ? null : clocked(reading, now);
      return late ? (surely ? [late] : [late, reading]) : [reading];
    }),
  );
}

export const unique = (all: readonly Reading[]): Reading[] => [...new Map(all.map((reading) => [JSON.stringify(reading), reading])).values()];

type Rule = (reading: Reading, asking: Asking, facts: Facts) => readonly Possible[];

const none = (reading: Reading, code: string = DONE ?? ''): Possible[] => [{ code, reading }];

/** An order repeated is done; after a release, and for what was refused, there is nothing to renew. */
const ofOrder =
  (rule: (reading: Reading, asking: Asking & { end: number }) => Reading): Rule =>
  (reading, asking, facts) => {
    if (asking.key !== null && reading.keys.includes(asking.key)) return none(reading);
    if (reading.released || refusalIn(facts, reading)) return none(reading, UNKNOWN);
    return none({ ...rule(reading, { ...asking, end: asking.end ?? 0 }), keys: [...reading.keys, asking.key ?? ''], stated: true });
  };

/** A status call yields to a newer one, changes nothing after a release, and leaves no trace where it changes nothing. */
const ofStatus =
  (rule: (reading: Reading, asking: Asking, facts: Facts) => Reading): Rule =>
  (reading, asking, facts) => {
    if (reading.released || refusalIn(facts, reading) || asking.at < reading.statusAt - TOLERANCE) return none(reading);
    const next = rule(reading, asking, facts);
    const heard = { ...next, statusAt: Math.max(next.statusAt, asking.at) };
    const changes = next.causes.length !== reading.causes.length;
    return changes ? none(heard) : [...none(heard), ...none(reading)];
  };

/** Command × what was promised so far (architecture §3): a row each. */
export const RULES: { readonly [K in Asking['asked']['kind']]: Rule } = {
  create(reading, { now }, facts) {
    if (reading.released) return none(reading);
    const refusal = refusalIn(facts, reading);
    if (refusal) return refusal.at + RETRY > now ? none(reading, refusal.code) : none({ ...reading, createdAt: now, abandonedAt: null }, WORKING);
    return none(reading, isBuilt(facts) ? DONE : WORKING);
  },
  renew: ofOrder((reading, { asked, at, end }) => {
    const formal = asked.kind === 'renew' && asked.formal;
    const last = formal ? end : Math.max(reading.end ?? 0, end);
    const renewed = { ...reading, end: last, armed: true };
    return last > at ? without(renewed, 'expiry', 'clock') : renewed;
  }),
  renewChange: ofOrder((reading, { at, end }) => {
    const last = Math.max(reading.end ?? 0, end);
    const renewed = { ...reading, end: last, armed: true };
    return last > at ? without(renewed, 'expiry', 'clock') : renewed;
  }),
  shorten: ofOrder((reading, { end }) => ({ ...reading, end, armed: false })),
  freeze: ofStatus((reading, { at }) => withCause(reading, reading.end !== null && at >= reading.end - NEAR_EXPIRY ? 'expiry' : 'violation')),
  unfreeze: ofStatus((reading) => ({ ...without(reading, 'expiry', 'violation', 'clock'), armed: false })),
  release(reading, { asked, at, now }, facts) {
    if (reading.released) return none(reading);
    const unsubscribed = asked.kind === 'release' && asked.unsubscribed;
    const paid = !unsubscribed && reading.stated && reading.end !== null && reading.end > at;
    return releasedAt(reading, paid ? null : now + KEEP, now, facts).map((released) => ({ code: DONE ?? '', reading: released }));
  },
};

/** What was never built is never held: whether it was, the seller may know before it is stored, and an attempt may end before the release is read. */
export function releasedAt(reading: Reading, removeAt: number | null, now: number, facts: Facts): Reading[] {
  const kept = { ...reading, released: { removeAt, unbuilt: false } };
  const gone = { ...reading, released: { removeAt: now, unbuilt: true } };
  return isBuilt(facts) ? [kept] : [kept, gone];
}

export const firstReading = (now: number): Reading => ({ end: null, stated: false, ordered: false, armed: true, causes: [], statusAt: 0, released: null, held: false, abandonedAt: null, createdAt: now, keys: [] });

/** Whether what is there is a person's to decide: nothing, or what an attempt left that nobody heard the end of. */
export const mayLack = (facts: Facts): boolean => facts.lapsed && !facts.released && !isBuilt(facts);

/** Whether what is there may be taken away: an attempt of a refused purchase that landed all the same is cleaned up. */
export const mayClean = (reading: Reading, facts: Facts): boolean => refusalIn(facts, reading) !== null || mayLack(facts);

/** What the tenant must be, once everything has come to rest. */
export function wanted(reading: Reading, facts: Facts, now: number): 'open' | 'suspended' | 'absent' {
  const removeAt = removalAt(reading);
  if (reading.released) return removeAt !== null && removeAt <= now ? 'absent' : 'suspended';
  if (refusalIn(facts, reading)) return 'absent';
  return reading.causes.length > 0 ? 'suspended' : 'open';
}

/** What a query of several ids is told (architecture §4), by what is stored of each; null: never ours. */
export function queryCode(all: readonly (Facts | null)[]): string {
  const phases = all.map((facts) => {
    if (!facts || facts.tenant === 'removed' || facts.tenant === 'leaving') return UNKNOWN;
    if (facts.released && facts.tenant !== 'open') return UNKNOWN;
    if (facts.refusal) return facts.refusal.code;
    return facts.tenant === 'open' || facts.tenant === 'closed' ? DONE : WORKING;
  });
  return [DONE, WORKING].find((code) => phases.includes(code)) ?? phases.find((code) => code !== UNKNOWN) ?? UNKNOWN ?? '';
}
