import { NotReady } from './errors.ts';

/** Milliseconds: pause between two tries, and how long to go on. */
export interface Pace {
  readonly every: number;
  readonly limit: number;
}

export interface Pulse {
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<void>;
}

/** Tries at once and then at the given pace until a try brings something. Throws NotReady with `last()`, what the seller said at last, when the limit is over. */
export async function repeatUntil<T>(attempt: () => Promise<T | null>, { every, limit }: Pace, { now, wait }: Pulse, last: () => string): Promise<T> {
  const end = now() + limit;
  // The pauses count by themselves too: a clock that stands still must not make this endless.
  for (let waited = every; ; waited += every) {
    const found = await attempt();
    if (found !== null) return found;
    if (waited > limit || now() + every > end) throw new NotReady(`not done within ${limit} ms; the seller’s last answer: ${last()}`);
    await wait(every);
  }
}
