import type { Books, Order } from '../books.ts';
import type { Call } from '../call.ts';
import type { RandomBytes } from '../ids.ts';
import type { Journal } from '../journal.ts';
import type { PeriodType } from '../periods.ts';
import type { Send } from '../send.ts';

/** What every action of the market works with. */
export interface Play {
  readonly books: Books;
  readonly journal: Pick<Journal, 'firstOf'>;
  readonly send: Send;
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<void>;
  readonly random: RandomBytes;
  /** The instant so many periods after `at`, shortened in a faster life. */
  readonly addPeriods: (at: number, type: PeriodType, count: number) => number;
}

/** An order taken, and the call it caused. */
export interface Placed {
  readonly order: Order;
  readonly call: Call;
}
