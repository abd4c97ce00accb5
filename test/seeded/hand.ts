import { isBuilt, KEEP, refusalIn, releasedAt, removalAt, withCause, without, type Facts, type Reading } from './model.ts';
import type { ByHand } from './schedule.ts';

export type Said = 'admitted' | 'done' | 'no';

interface Word {
  readonly code: Said;
  readonly reading: Reading;
}

const says = (code: Said, ...readings: readonly Reading[]): Word[] => readings.map((reading) => ({ code, reading }));

/** What a person's hand changes of what was promised (architecture §3, the table of `HAND` told again): a row each. */
const ROWS: Readonly<Record<ByHand, (reading: Reading, now: number, facts: Facts) => Word[]>> = {
  retry: (reading, now) => says('admitted', { ...reading, createdAt: now, abandonedAt: null }),
  hold(reading, now, facts) {
    if (refused(reading, facts) || facts.tenant === 'leaving') return says('no', reading);
    if (reading.held) return says('done', reading);
    const held = { ...reading, held: true };
    // What is due may be on its way already.
    return isDue(reading, now) ? says('admitted', held, reading) : says('admitted', held);
  },
  unhold: (reading) => (reading.held ? says('admitted', { ...reading, held: false }) : says('done', reading)),
  freeze(reading, _, facts) {
    if (reading.released || refused(reading, facts)) return says('no', reading);
    if (reading.causes.includes('person')) return says('done', reading);
    const frozen = withCause(reading, 'person');
    // What is refused before it is read cannot be frozen.
    return isBuilt(facts) ? says('admitted', frozen) : says('admitted', frozen, reading);
  },
  unfreeze(reading, _, facts) {
    const { causes } = reading;
    if (reading.released || refused(reading, facts)) return says('no', reading);
    if (causes.length === 0) return says('done', reading);
    if (!causes.includes('person') && !causes.includes('clock')) return says('no', reading);
    const open = without(reading, 'person', 'clock');
    const thawed = causes.includes('clock') ? { ...open, armed: false } : open;
    return isBuilt(facts) ? says('admitted', thawed) : says('admitted', thawed, reading);
  },
  release(reading, now, facts) {
    const { released } = reading;
    if (!released) return says('admitted', ...releasedAt(reading, now + KEEP, now, facts));
    // A second word: what waited for a person is due.
    return released.removeAt === null ? says('admitted', { ...reading, released: { ...released, removeAt: now + KEEP } }) : says('done', reading);
  },
  cancelRelease(reading, now, { tenant }) {
    if (!reading.released || (tenant !== 'open' && tenant !== 'closed')) return says('no', reading);
    const living = { ...reading, released: null };
    return isDue(reading, now) ? says('admitted', living, reading) : says('admitted', living);
  },
  abandon(reading, now, facts) {
    if (reading.released || refused(reading, facts) || isBuilt(facts)) return says('no', reading);
    return says('admitted', { ...reading, abandonedAt: now });
  },
};

const refused = (reading: Reading, facts: Facts): boolean => !reading.released && refusalIn(facts, reading) !== null;
const isDue = (reading: Reading, now: number): boolean => (removalAt(reading) ?? Infinity) <= now;

/** What a person is told, and what is promised then. */
export function byHand(does: ByHand, reading: Reading, now: number, facts: Facts): Word[] {
  const over = facts.tenant === 'removed' || (reading.released !== null && facts.tenant === 'none');
  return over ? says('no', reading) : ROWS[does](reading, now, facts);
}
