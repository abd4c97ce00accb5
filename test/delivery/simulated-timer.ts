import type { Timer } from '../../src/delivery/dispatcher.ts';

export interface SimulatedTimer extends Timer {
  /** Lets time pass: what becomes due is called at its own instant, and its work on the database ends before the next. */
  pass(ms: number): Promise<void>;
  /** Calls that are still to come. */
  waiting(): number;
}

/** Calls at one and the same instant before we say that somebody calls without end. */
const ENDLESS = 200;

export function simulatedTimer(start: number): SimulatedTimer {
  let now = start;
  let calls: { at: number; call: () => void }[] = [];
  return {
    now: () => now,
    after(ms, call) {
      const entry = { at: now + ms, call };
      calls.push(entry);
      return () => {
        calls = calls.filter((other) => other !== entry);
      };
    },
    async pass(ms) {
      const until = now + ms;
      let atOnce = 0;
      await settle();
      for (;;) {
        const next = calls.toSorted((a, b) => a.at - b.at)[0];
        if (!next || next.at > until) break;
        atOnce = next.at > now ? 0 : atOnce + 1;
        if (atOnce > ENDLESS) throw new Error(`${ENDLESS} calls at one instant`);
        now = next.at;
        calls = calls.filter((other) => other !== next);
        next.call();
        await settle();
      }
      now = until;
    },
    waiting: () => calls.length,
  };
}

/** node:sqlite works within the turn, so that a few turns end whatever was begun. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
