/** A clock and scheduler without real time: an instant lasts until nothing more happens in it. The same seed gives the same order. */
export interface SimulatedClock {
  now(): number;
  random(): number;
  /** Runs `what` at the instant; events of the same instant run in an order that the seed picks. */
  at(instant: number, what: () => void): void;
  /** Resolves when the predicate holds, or at `at`; never once `alive` is false. */
  until(predicate: () => boolean, at: number | null, alive?: () => boolean): Promise<void>;
  /** Lets everything happen up to and including the instant. */
  runTo(instant: number): Promise<void>;
  /** Lets everything happen until the predicate holds. Throws when it does not by the instant. */
  runUntil(predicate: () => boolean, limit: number): Promise<void>;
}

interface Waiter {
  readonly predicate: () => boolean;
  readonly at: number;
  readonly alive: () => boolean;
  readonly resolve: () => void;
}

/** So many steps in one instant are a loop that spins. */
const SPINS = 2_000;

/** mulberry32: small, seedable, good enough to shuffle with. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function simulatedClock(start: number, seed = 1): SimulatedClock {
  const random = randomFrom(seed);
  let now = start;
  let events: { at: number; what: () => void }[] = [];
  let waiters: Waiter[] = [];
  const pick = <T>(all: readonly T[]): T | undefined => all[Math.floor(random() * all.length)];

  /** One thing that is due now happens, and every promise it settles runs to its end. False when nothing is due. */
  async function step(): Promise<boolean> {
    // A macrotask comes only after every settled promise's continuations.
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    waiters = waiters.filter(({ alive }) => alive());
    const waiter = pick(waiters.filter(({ predicate, at }) => at <= now || predicate()));
    if (waiter) {
      waiters = waiters.filter((other) => other !== waiter);
      waiter.resolve();
      return true;
    }
    const event = pick(events.filter(({ at }) => at <= now));
    if (!event) return false;
    events = events.filter((other) => other !== event);
    event.what();
    return true;
  }

  async function run(until: () => boolean, limit: number): Promise<void> {
    for (let spins = 0; ; ) {
      while (await step()) {
        if (++spins > SPINS) throw new Error(`spins at ${new Date(now).toISOString()}`);
        if (until()) return;
      }
      if (until()) return;
      const soonest = Math.min(...events.map(({ at }) => at), ...waiters.map(({ at }) => at));
      if (soonest > limit) return;
      now = Math.max(now, soonest);
      spins = 0;
    }
  }

  return {
    now: () => now,
    random,
    at(instant, what) {
      events = [...events, { at: instant, what }];
    },
    until: (predicate, at, alive = () => true) =>
      new Promise((resolve) => {
        waiters = [...waiters, { predicate, at: at ?? Infinity, alive, resolve }];
      }),
    async runTo(instant) {
      await run(() => false, instant);
      now = Math.max(now, instant);
    },
    async runUntil(predicate, limit) {
      await run(predicate, limit);
      if (!predicate()) throw new Error(`did not happen by ${new Date(limit).toISOString()}: ${predicate.toString()}`);
    },
  };
}
