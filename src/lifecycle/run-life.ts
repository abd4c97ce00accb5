import { apply, begin } from './apply.ts';
import { nextInstant, tick } from './clocks.ts';
import type { Command } from './command.ts';
import type { Effect, EffectResult } from './effect.ts';
import { fold } from './fold.ts';
import { next, overtaken } from './next.ts';
import { LONGEST_WAIT } from './rules.ts';
import type { LifeState } from './state.ts';

/** Everything the loop needs of the world. The workflow gives it Temporal, the seeded tests a simulated clock. */
export interface LifeCore {
  /** UTC ms. */
  now(): number;
  /** Resolves when the predicate holds, or at `at`. `why` is shown to people beside the timer. */
  until(predicate: () => boolean, at: number | null, why: string): Promise<void>;
  /** Commands with a seq above `after`, in order. `carried` tells a database that is older than the life. */
  pull(after: number, carried: LifeState): Promise<readonly Command[]>;
  effect(effect: Effect): { readonly result: Promise<EffectResult>; cancel(): void };
  /** Stores the state if nothing newer is there; otherwise answers what is. Rejects when the store can't be reached. */
  store(state: LifeState): Promise<{ readonly stored: true } | { readonly stored: false; readonly ahead: LifeState }>;
  /** Shows the state to people. */
  show(state: LifeState): void;
  /** Whether this run's history has grown enough to start a new one. */
  mustContinue(): boolean;
}

/** Set by the shell whenever somebody rings; the loop takes it down before it pulls. */
export interface Doorbell {
  rung: boolean;
}

const STORE_RETRY = 30_000;

/** Keeps one instance's promises until it is released. Resolves `closed`, or with the state that the next run carries on from. */
export async function runLife(core: LifeCore, bell: Doorbell, carried: LifeState): Promise<{ end: 'closed' } | { end: 'continue'; state: LifeState }> {
  let state = carried;
  let running: { effect: Effect; result: EffectResult | null; cancel(): void; cancelled: boolean } | null = null;
  const keeper = keepStored(core, () => state, (stored) => {
    state = stored;
  });

  for (;;) {
    bell.rung = false;
    const ahead = keeper.takeAhead();
    if (ahead) state = running ? begin(ahead, running.effect, core.now()) : ahead;
    const commands = await core.pull(state.taken, state);
    // What has ended counts before what was admitted: a task that stored its state and was then lost is carried out again, and a call that
    // was judged by that state must not find an older one here (a release of what stands would take it for never built, and remove it).
    if (running?.result) {
      state = apply(state, running.effect, running.result, core.now());
      running = null;
    }
    for (const command of commands) if (command.seq === state.taken + 1) state = fold(state, command);
    state = tick(state, core.now());
    core.show(state);
    keeper.changed();

    if (running) {
      if (!running.cancelled && overtaken(running.effect, state, core.now())) {
        running.cancelled = true;
        running.cancel();
      }
      const waiting = running;
      await core.until(() => bell.rung || waiting.result !== null || keeper.hasAhead(), nextInstant(state, core.now()), `${waiting.effect.kind} is under way`);
      continue;
    }

    const step = next(state, core.now());
    if (step.do === 'close') {
      await core.until(() => keeper.isStored() || keeper.hasAhead(), null, 'stores the last state');
      // From the stored release on the door admits nothing more: what came before it is still answered.
      if (keeper.hasAhead() || (await core.pull(state.taken, state)).length > 0) continue;
      keeper.stop();
      return { end: 'closed' };
    }
    if (step.do === 'effect') {
      const { effect } = step;
      state = begin(state, effect, core.now());
      keeper.changed();
      const { result, cancel } = core.effect(effect);
      const started = { effect, result: null as EffectResult | null, cancel, cancelled: false };
      running = started;
      void result.then((ended) => {
        started.result = ended;
      });
      core.show(state);
      await core.until(() => bell.rung || started.result !== null || keeper.hasAhead(), nextInstant(state, core.now()), `${effect.kind} is under way`);
      continue;
    }
    const continues = core.mustContinue();
    // The next run starts from what is stored; a store that fails delays that, but no call and no clock.
    await core.until(() => bell.rung || keeper.hasAhead() || (continues && keeper.isStored()), wake(core, step.at), step.at === null ? 'waits for a call' : 'waits for its own clock');
    if (continues && keeper.isStored() && !bell.rung && !keeper.hasAhead()) {
      keeper.stop();
      return { end: 'continue', state };
    }
  }
}

function wake(core: LifeCore, at: number | null): number {
  const longest = core.now() + LONGEST_WAIT;
  return at === null ? longest : Math.min(at, longest);
}

/** Storing is a coroutine of its own: changes made while one store is under way go out together with the next, and a failing store holds up nothing. */
function keepStored(core: LifeCore, current: () => LifeState, replace: (stored: LifeState) => void) {
  let known: LifeState | null = null;
  let dirty = false;
  let busy = false;
  let stopped = false;
  let ahead: LifeState | null = null;
  // Sent, but not answered: it may stand in the store already, so the same is sent again until that is known.
  let unanswered: LifeState | null = null;

  const storeOnce = async (): Promise<void> => {
    dirty = false;
    const snapshot = unanswered ?? { ...current(), version: current().version + 1 };
    unanswered = snapshot;
    const stored = await core.store(snapshot);
    unanswered = null;
    if (!stored.stored) {
      ahead = stored.ahead;
      return;
    }
    const sent = new Set(snapshot.settled.map(({ seq }) => seq));
    const left = { ...current(), version: snapshot.version, settled: current().settled.filter(({ seq }) => !sent.has(seq)) };
    replace(left);
    known = left;
    if (!same(left, { ...snapshot, settled: [] })) dirty = true;
  };

  const loop = async (): Promise<void> => {
    for (;;) {
      await core.until(() => (dirty && ahead === null) || stopped, null, 'keeps the stored state up to date');
      if (stopped) return;
      busy = true;
      try {
        await storeOnce();
      } catch {
        // The core reports the failure; here it only means: later.
        dirty = true;
        await core.until(() => stopped, core.now() + STORE_RETRY, 'the store cannot be reached');
      } finally {
        busy = false;
      }
    }
  };
  void loop();

  return {
    changed(): void {
      if (known === null || !same(known, current())) dirty = true;
    },
    hasAhead: (): boolean => ahead !== null,
    takeAhead(): LifeState | null {
      const taken = ahead;
      ahead = null;
      if (taken) known = taken;
      return taken;
    },
    isStored: (): boolean => !dirty && !busy,
    stop(): void {
      stopped = true;
    },
  };
}

function same(a: LifeState, b: LifeState): boolean {
  return a === b || JSON.stringify({ ...a, version: 0 }) === JSON.stringify({ ...b, version: 0 });
}
