import { randomFrom } from '../lifecycle/simulated-clock.ts';

/**
 * One thread of events over a simulated clock. An event runs to its end, with every promise it settles, before the next is picked; of the
 * events that are due the order seed picks one (0: first come, first served, which is where shrinking leads).
 *
 * fast-check's own `scheduler` cannot drive this: it knows no time (an event is due once scheduled, so clocks, back-offs and time limits have
 * no place), it takes a pause of a few microtasks for the end of an event (a transaction of MikroORM has hundreds), and the order it
 * draws is not shrunk. So fast-check generates and shrinks the schedule and the order seed, and this carries them out.
 */
export interface Scheduler {
  now(): number;
  /** From the order seed: 0 always gives 0. */
  random(): number;
  at(instant: number, name: string, what: () => void | Promise<void>): void;
  after(ms: number, name: string, what: () => void | Promise<void>): void;
  /** Lets everything happen up to and including the instant. */
  runTo(instant: number): Promise<void>;
  /** Called with the name of each event, right before it. */
  watch(call: (name: string) => void): void;
  /** How long something small takes: different each time, unless the order seed is 0. */
  latency(): number;
  /** Names of what happened, with instants. */
  readonly trace: readonly { readonly at: number; readonly name: string }[];
}

/** Carries out every promise that is settled: node:sqlite works within the turn, so that one is enough for a transaction. */
export const turn = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

/** So many events in one instant are a loop that spins. */
const SPINS = 5_000;

const LATENCY = 30;

export class Spinning extends Error {
  override readonly name = 'Spinning';
}

interface Event {
  readonly at: number;
  readonly name: string;
  readonly what: () => void | Promise<void>;
}

export function createScheduler(start: number, order: number): Scheduler {
  const draw = randomFrom(order);
  const random = order === 0 ? () => 0 : draw;
  const trace: { at: number; name: string }[] = [];
  let now = start;
  let events: Event[] = [];
  let watcher: (name: string) => void = () => undefined;

  const take = (limit: number): Event | null => {
    const soonest = events.reduce((least, { at }) => Math.min(least, at), Infinity);
    if (soonest > limit) return null;
    now = Math.max(now, soonest);
    const due = events.filter(({ at }) => at <= now);
    const event = due[Math.floor(random() * due.length)] ?? null;
    events = events.filter((other) => other !== event);
    return event;
  };

  return {
    now: () => now,
    random,
    at(instant, name, what) {
      events.push({ at: Math.max(instant, now), name, what });
    },
    after(ms, name, what) {
      events.push({ at: now + ms, name, what });
    },
    async runTo(instant) {
      let spins = 0;
      for (let before = now, event = take(instant); event; event = take(instant)) {
        spins = now === before ? spins + 1 : 0;
        before = now;
        if (spins > SPINS) throw new Spinning(`${event.name} spins at ${new Date(now).toISOString()}`);
        trace.push({ at: now, name: event.name });
        watcher(event.name);
        await event.what();
        await turn();
      }
      now = Math.max(now, instant);
    },
    watch(call) {
      watcher = call;
    },
    latency: () => 1 + Math.floor(random() * LATENCY),
    trace,
  };
}
