import type { Command } from '../../src/lifecycle/command.ts';
import type { Effect, EffectResult } from '../../src/lifecycle/effect.ts';
import { runLife, type Doorbell, type LifeCore } from '../../src/lifecycle/run-life.ts';
import type { LifeState } from '../../src/lifecycle/state.ts';
import { oneAtATime } from '../../src/workflows/one-at-a-time.ts';
import { turn } from './scheduler.ts';

/** What is asked of the database: as a local activity, which ends within the workflow task, or patiently, as one of the server's. */
export type Asking = { readonly ask: 'pull'; readonly after: number; readonly carried: LifeState } | { readonly ask: 'store'; readonly state: LifeState; readonly at: number };

/** What the workflow's code asks for in one activation. Ids are counted in each run, so that a replay gives the same. */
export type Wish =
  | { readonly do: 'timer'; readonly id: number; readonly wait: number }
  | { readonly do: 'cancel timer' | 'cancel'; readonly id: number }
  | { readonly do: 'local' | 'patient'; readonly id: number; readonly asking: Asking }
  | { readonly do: 'effect'; readonly id: number; readonly effect: Effect };

export type Job = { readonly job: 'bell' } | { readonly job: 'timer'; readonly id: number } | { readonly job: 'resolved'; readonly id: number; readonly value: unknown };

export interface Activation {
  readonly now: number;
  readonly jobs: readonly Job[];
}

/** A failed local activity, as a value of the history. */
export const FAILED = 'the local activity failed';

export interface LifeRun {
  /** Lets the workflow's code run until it waits for something, and answers what it asked for. */
  activate(activation: Activation): Promise<readonly Wish[]>;
  ended(): Awaited<ReturnType<typeof runLife>> | null;
  /** What people are shown. */
  shown(): LifeState;
}

interface Waiter {
  readonly predicate: () => boolean;
  readonly timer: number | null;
  readonly resolve: () => void;
}

/**
 * `runLife` in the place of the workflow: its code runs in activations only, deaf and timeless in between, as in Temporal's sandbox; and the
 * same activations give the same wishes again, which is what a replay relies on. The conditions are tried in their order after the jobs of
 * an activation, again and again until none is unblocked, as the SDK does. The core is the shell's of `src/workflows/instance.ts`.
 */
export function startLifeRun(carried: LifeState, continueAfter: number): LifeRun {
  const bell: Doorbell = { rung: false };
  const pending = new Map<number, (value: unknown) => void>();
  let waiters: Waiter[] = [];
  let wishes: Wish[] = [];
  let ids = 0;
  let now = 0;
  let turns = 0;
  let shown = carried;
  let ended: Awaited<ReturnType<typeof runLife>> | null = null;
  let broken: Error | null = null;
  const newId = (): number => (ids += 1);

  const alone = oneAtATime();

  const ask = <T>(how: 'local' | 'patient', asking: Asking): Promise<T> => {
    const id = newId();
    wishes.push({ do: how, id, asking });
    return new Promise((resolve, reject) => {
      pending.set(id, (value) => (value === FAILED ? reject(new Error(FAILED)) : resolve(value as T)));
    });
  };
  const askBoth = async <T>(asking: () => Asking): Promise<T> => {
    try {
      return await alone(() => ask<T>('local', asking()));
    } catch {
      return ask<T>('patient', asking());
    }
  };

  const core: LifeCore = {
    now: () => now,
    async until(predicate, at) {
      if (predicate() || (at !== null && at <= now)) return;
      const timer = at === null ? null : newId();
      if (timer !== null && at !== null) wishes.push({ do: 'timer', id: timer, wait: at - now });
      await new Promise<void>((resolve) => {
        waiters.push({ predicate, timer, resolve });
      });
    },
    pull(after, known) {
      turns += 1;
      return askBoth<Command[]>(() => ({ ask: 'pull', after, carried: known }));
    },
    effect(effect) {
      const id = newId();
      wishes.push({ do: 'effect', id, effect });
      const result = new Promise<EffectResult>((resolve) => {
        pending.set(id, (value) => resolve(value as EffectResult));
      });
      return { result, cancel: () => wishes.push({ do: 'cancel', id }) };
    },
    store: (state) => askBoth(() => ({ ask: 'store', state, at: now })),
    show(state) {
      shown = state;
    },
    mustContinue: () => continueAfter > 0 && turns >= continueAfter,
  };

  const apply = (job: Job): void => {
    if (job.job === 'bell') bell.rung = true;
    else if (job.job === 'resolved') pending.get(job.id)?.(job.value);
    else {
      const waiter = waiters.find(({ timer }) => timer === job.id);
      waiters = waiters.filter((other) => other !== waiter);
      waiter?.resolve();
    }
  };

  let begun = false;
  const begin = (): void => {
    begun = true;
    void runLife(core, bell, carried).then(
      (end) => {
        ended = end;
      },
      (error: unknown) => {
        broken = error instanceof Error ? error : new Error(String(error));
      },
    );
  };

  return {
    async activate({ now: instant, jobs }) {
      now = instant;
      wishes = [];
      jobs.forEach(apply);
      if (!begun) begin();
      await turn();
      for (let ready = waiters.filter(({ predicate }) => predicate()); ready.length > 0; ready = waiters.filter(({ predicate }) => predicate())) {
        for (const waiter of ready) {
          waiters = waiters.filter((other) => other !== waiter);
          if (waiter.timer !== null) wishes.push({ do: 'cancel timer', id: waiter.timer });
          waiter.resolve();
        }
        await turn();
      }
      if (broken !== null) throw broken;
      return wishes;
    },
    ended: () => ended,
    shown: () => shown,
  };
}
