import type { Notice } from '../../src/lifecycle/notices.ts';
import { attemptDeed } from './deed.ts';
import type { Ledger } from './ledger.ts';
import { DAY, type Round } from './schedule.ts';
import type { Scheduler } from './scheduler.ts';

/** How long before the end it is announced (architecture §3). */
export const WARN = 7 * DAY;
export const WARNING = 'expiry-warning';

export type Told = Pick<Notice, 'kind' | 'instant'> & { readonly instanceId: string };

/** The people outside: what they were told. */
export interface People {
  /** One attempt to tell them. */
  tell(told: Told, of: { readonly signal: AbortSignal; readonly killed: AbortSignal; readonly mayLandUntil: number }, round: Round): Promise<void>;
  /** The seller has stored that they were told: from here on nobody tells it again. */
  settled(told: Told): void;
  heard(told: Told): boolean;
}

const nameOf = ({ instanceId, kind, instant }: Told): string => `${instanceId} ${kind} ${instant}`;

/** Once each: another attempt only after one that did not end well. A warning is of an end that was ever promised, and not early. */
export function createPeople(scheduler: Scheduler, ledger: Ledger, isEnd: (instanceId: string, instant: number) => boolean): People {
  const settled = new Set<string>();
  const heard = new Set<string>();
  return {
    async tell(told, of, round) {
      const name = nameOf(told);
      ledger.check(8, !settled.has(name), () => `a person is told again: ${name}`);
      if (told.kind === WARNING) {
        ledger.check(9, scheduler.now() >= told.instant - WARN, () => `warned early: ${name}`);
        ledger.check(8, isEnd(told.instanceId, told.instant), () => `warned of an end that nobody named: ${name}`);
      }
      await attemptDeed(scheduler, { name: 'notify', ...of, happen: () => void heard.add(name), refusal: () => null }, round);
    },
    settled: (told) => void settled.add(nameOf(told)),
    heard: (told) => heard.has(nameOf(told)),
  };
}
