import { performance } from 'node:perf_hooks';

/** One line of the story, and whether it went as it must. */
export interface Moment {
  /** Seconds since the purchase. */
  readonly at: number;
  readonly who: 'market' | 'engine' | 'buyer';
  readonly what: string;
  readonly result: string;
  readonly ms: number;
  readonly note: string;
  readonly ok: boolean;
}

/** What a step reports of itself; it throws when something is not as it must be. */
export interface Told {
  readonly result: string;
  /** When it is not the step's own duration. */
  readonly ms?: number;
  readonly note?: string;
}

/** A step of the story went otherwise than it must; the story ends there. */
export class StoryBroken extends Error {
  override readonly name = 'StoryBroken';
  readonly code = 'STORY_BROKEN';
}

export interface Timeline {
  readonly moments: readonly Moment[];
  step(who: Moment['who'], what: string, act: () => Promise<Told>): Promise<void>;
  /** Looks again and again until there is something to see. */
  eventually<T>(what: string, limit: number, look: () => Promise<T | null>): Promise<T>;
}

/** Once the signal is aborted nothing more is told, and the story ends at its next look. */
export function createTimeline(tell: (moment: Moment) => void, signal: AbortSignal): Timeline {
  const begun = performance.now();
  const moments: Moment[] = [];
  const add = (moment: Moment): void => {
    if (signal.aborted) return;
    moments.push(moment);
    tell(moment);
  };
  return {
    moments,
    async step(who, what, act) {
      const started = performance.now();
      try {
        const { result, ms = performance.now() - started, note = '' } = await act();
        add({ at: (performance.now() - begun) / 1000, who, what, result, ms: Math.round(ms), note, ok: true });
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        add({ at: (performance.now() - begun) / 1000, who, what, result: 'not as it must be', ms: Math.round(performance.now() - started), note: reason, ok: false });
        throw new StoryBroken(`${who} ${what}: ${reason}`, { cause: error });
      }
    },
    async eventually(what, limit, look) {
      const until = performance.now() + limit;
      for (;;) {
        if (signal.aborted) throw new StoryBroken('interrupted');
        const seen = await look();
        if (seen !== null) return seen;
        if (performance.now() > until) throw new StoryBroken(`${what} did not happen within ${limit / 1000} s`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
  };
}

/** Throws when what must hold does not. */
export function must(holds: boolean, otherwise: string): void {
  if (!holds) throw new StoryBroken(otherwise);
}
