import type { Scheduler } from './scheduler.ts';

/** What is up. Everything that can be down in the simulation says so here. */
export interface Power {
  readonly temporal: { readonly up: boolean };
  readonly database: { readonly up: boolean };
  /** The worker process of the moment; null while there is none. */
  readonly worker: AbortSignal | null;
  /** Whether an answer of this kind gets lost now; counts down. */
  losesAnswer(of: 'ring' | 'store'): boolean;
  loseAnswers(of: 'ring' | 'store', count: number): void;
  cut(what: 'temporal' | 'database' | 'worker'): void;
  restore(what: 'temporal' | 'database' | 'worker'): void;
  /** Called whenever Temporal or a worker is there again, or a worker has died. */
  onChange(call: () => void): void;
  /** What the Temporal server does at an instant; late when it is down then. */
  serverAt(instant: number, name: string, what: () => void): void;
}

export function createPower(scheduler: Scheduler): Power {
  const up = { temporal: true, database: true };
  const losing = { ring: 0, store: 0 };
  const changed: (() => void)[] = [];
  let late: { name: string; what: () => void }[] = [];
  let worker: AbortController | null = new AbortController();

  return {
    temporal: { get up() { return up.temporal; } },
    database: { get up() { return up.database; } },
    get worker() {
      return worker?.signal ?? null;
    },
    losesAnswer(of) {
      if (losing[of] === 0) return false;
      losing[of] -= 1;
      return true;
    },
    loseAnswers(of, count) {
      losing[of] = count;
    },
    cut(what) {
      if (what !== 'worker') up[what] = false;
      else {
        worker?.abort();
        worker = null;
      }
      for (const call of changed) call();
    },
    restore(what) {
      if (what === 'worker') worker ??= new AbortController();
      else up[what] = true;
      if (what === 'temporal') {
        const due = late;
        late = [];
        for (const { name, what: happens } of due) scheduler.after(0, name, happens);
      }
      for (const call of changed) call();
    },
    onChange(call) {
      changed.push(call);
    },
    serverAt(instant, name, what) {
      scheduler.at(instant, name, () => {
        if (up.temporal) what();
        else late.push({ name, what });
      });
    },
  };
}
