import { pino } from 'pino';
import { answerCall, type Answer } from '../../src/api/door.ts';
import type { Bell, Mailbox, Ring } from '../../src/delivery/bell.ts';
import { createDispatcher, type Dispatcher } from '../../src/delivery/dispatcher.ts';
import { saasV2 } from '../../src/marketplace/saas-v2/dialect.ts';
import type { Opened, RawCall } from '../../src/marketplace/envelopes/envelope.ts';
import type { Store } from '../../src/store/open.ts';
import type { FakeBell } from '../support/fake-bell.ts';
import type { Bench } from './bench.ts';
import type { Power } from './power.ts';
import type { Scheduler } from './scheduler.ts';
import type { Wiring } from './wiring.ts';

export type ApiPoint = 'now' | 'before-commit' | 'after-commit' | 'before-ring' | 'after-ring';

export interface SellerDeps {
  readonly scheduler: Scheduler;
  readonly power: Power;
  readonly bench: Bench;
  readonly bell: FakeBell;
  readonly keys: readonly string[];
  readonly wiring: Wiring;
}

/** One process of the API: real door, real dispatcher. Killing it is dropping it. */
export interface Api {
  /** Null when it was down, or died over the call. */
  answer(call: RawCall, callId: string, committed: () => void): Promise<Answer | null>;
  /** Dies now, or when it next comes to the point. */
  kill(point: ApiPoint): void;
  start(): void;
  /** There may be something to sweep, so many ms from now. */
  wake(after: number): void;
}

const LOG = pino({ level: 'silent' });

class Killed extends Error {
  override readonly name = 'Killed';
}

interface Process {
  alive: boolean;
  dispatcher: Dispatcher;
}

/** A store whose database can be away. */
export function reachable(store: Store, power: Power): Store {
  return {
    ...store,
    em() {
      if (!power.database.up) throw new Error('the database does not answer');
      return store.em();
    },
  };
}

export function createApi({ scheduler, power, bench, bell, keys, wiring }: SellerDeps, nextRingAt: () => Promise<number | null>): Api {
  const { store, sealer } = bench;
  const dialect = wiring.probes === 'live' ? { ...saasV2, parse: (opened: Opened) => ({ ...saasV2.parse(opened), probe: false }) as ReturnType<typeof saasV2.parse> } : saasV2;
  const database = reachable(store, power);
  let process: Process | null = null;
  let dieAt: ApiPoint | null = null;

  const point = (here: ApiPoint, of: Process): void => {
    if (of !== process || dieAt !== here) return;
    die();
    throw new Killed(here);
  };

  const die = (): void => {
    dieAt = null;
    if (process) process.alive = false;
    process = null;
  };

  const ringFrom = (own: () => Process): Bell => ({
    ring: (mailbox: Mailbox) =>
      new Promise<Ring>((resolve, reject) => {
        const from = own();
        if (!from.alive) return;
        scheduler.after(scheduler.latency(), 'ring', () => {
          if (wiring.rings && !wiring.rings()) return resolve('rung');
          bell.mood = !power.temporal.up ? 'down' : power.losesAnswer('ring') ? 'lost answer' : 'up';
          bell.ring(mailbox).then(
            (ring) => from.alive && resolve(ring),
            (error: unknown) => from.alive && reject(error instanceof Error ? error : new Error(String(error))),
          );
        });
      }),
  });

  /**
   * The sweeper looks every second, for years. A round that finds nothing due changes nothing, nor does a second probe of a server that is
   * away: the simulation leaves those out, and looks again when a mailbox is due, a call was committed, or something came back.
   */
  const timerOf = (own: () => Process) => ({
    now: scheduler.now,
    after(ms: number, call: () => void) {
      let cancelled = false;
      const earliest = scheduler.now() + ms;
      const look = async (): Promise<void> => {
        const from = own();
        if (cancelled || !from.alive) return;
        const due = power.database.up && (power.temporal.up || from.dispatcher.reachable()) ? await nextRingAt() : null;
        if (due === null) sleepers.push(look);
        else if (due > scheduler.now()) scheduler.at(due, 'sweeper', look);
        else call();
      };
      scheduler.at(earliest, 'sweeper', look);
      return () => {
        cancelled = true;
      };
    },
  });
  let sleepers: (() => Promise<void>)[] = [];

  return {
    async answer(call, callId, committed) {
      const serving = process;
      if (!serving) return null;
      const deps = {
        store: database,
        sealer,
        dispatcher: serving.dispatcher,
        // No schedule asks for a change or its check yet.
        outcomes: { wait: () => Promise.resolve(null) },
        questions: { ask: () => Promise.resolve(null) },
        now: scheduler.now,
        newId: () => callId,
        log: LOG,
        crash(here: 'before-commit' | 'after-commit') {
          if (here === 'after-commit') committed();
          point(here, serving);
        },
      };
      const answer = (raw: RawCall): Promise<Answer> => answerCall(deps, dialect, keys, raw);
      const given = await (wiring.door ? wiring.door(call, answer, bench, scheduler.now()) : answer(call));
      return serving.alive ? given : null;
    },
    kill(here) {
      if (here === 'now') die();
      else dieAt = here;
    },
    start() {
      if (process) return;
      dieAt = null;
      const own = (): Process => made;
      const dispatcher = createDispatcher({ store: database, bell: ringFrom(own), timer: timerOf(own), log: LOG, crash: (here) => point(here, made) });
      const made: Process = { alive: true, dispatcher };
      process = made;
      if (wiring.sweeps !== false) dispatcher.start();
    },
    wake(after) {
      const woken = sleepers;
      sleepers = [];
      for (const look of woken) scheduler.after(after, 'sweeper', look);
    },
  };
}
