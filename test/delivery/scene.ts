import { Writable } from 'node:stream';
import { pino } from 'pino';
import { afterEach, beforeEach } from 'vitest';
import type { Mailbox } from '../../src/delivery/bell.ts';
import { createDispatcher, type Dispatcher, type DispatcherDeps } from '../../src/delivery/dispatcher.ts';
import { openStore, type Store } from '../../src/store/open.ts';
import { storeState } from '../../src/store/state.ts';
import { createFakeBell, type FakeBell } from '../support/fake-bell.ts';
import { emptyDatabase } from '../store/databases.ts';
import { create, identity, nextState, NOW } from '../store/samples.ts';
import { simulatedTimer, type SimulatedTimer } from './simulated-timer.ts';

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;

/** What a dispatcher works with, afresh for each test: a real database, a fake server and a time of our own. */
export interface Scene {
  readonly store: Store;
  readonly timer: SimulatedTimer;
  readonly bell: FakeBell;
  readonly logged: readonly { level: number; msg: string; instanceId?: string }[];
  /** A dispatcher, stopped at the end of the test. */
  open(changes?: Partial<DispatcherDeps>): Dispatcher;
  /** As the door does with a create. */
  admit(name: string): Promise<Mailbox>;
  /** As the workflow does that was rung for. */
  take(name: string, taken?: number): Promise<void>;
}

/** Registers the hooks that set the scene; to be called once in a `describe`. */
export function setScene(): Scene {
  let store: Store;
  let remove: () => Promise<void>;
  let timer: SimulatedTimer;
  let bell: FakeBell;
  let logged: { level: number; msg: string; instanceId?: string }[];
  let opened: Dispatcher[];

  beforeEach(async () => {
    const empty = await emptyDatabase('sqlite');
    remove = () => empty.remove();
    store = await openStore(empty.at);
    await store.migrate();
    timer = simulatedTimer(NOW);
    bell = createFakeBell();
    logged = [];
    opened = [];
  });
  afterEach(async () => {
    await Promise.all(opened.map((dispatcher) => dispatcher.stop()));
    await store.close();
    await remove();
  });

  const keep = new Writable({
    write(text: Buffer, _encoding, done) {
      logged.push(JSON.parse(text.toString()));
      done();
    },
  });
  return {
    get store() {
      return store;
    },
    get timer() {
      return timer;
    },
    get bell() {
      return bell;
    },
    get logged() {
      return logged;
    },
    open(changes = {}) {
      const dispatcher = createDispatcher({ store, bell, timer, log: pino({ level: 'info' }, keep), ...changes });
      opened.push(dispatcher);
      return dispatcher;
    },
    async admit(name) {
      await create(store, name, timer.now());
      const { id, orderLineKey, orderId, orderLineId } = identity(name);
      return { instanceId: id, orderLineKey, orderId, orderLineId, neverTaken: true };
    },
    async take(name, taken = 1) {
      await storeState(store.em(), await nextState(store, { taken }, name), 'run-1', timer.now());
    },
  };
}

export const line = (name: string): string => identity(name).orderLineKey;
export const lines = (names: readonly string[]): string[] => names.map(line);
export const numbered = (count: number, letter = 'n'): string[] => Array.from({ length: count }, (_, index) => `${letter}${String(index).padStart(2, '0')}`);
