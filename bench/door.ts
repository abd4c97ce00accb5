import { randomUUID } from 'node:crypto';
import { createApi } from '../src/api/app.ts';
import { createOutcomes } from '../src/api/outcomes.ts';
import { createDispatcher } from '../src/delivery/dispatcher.ts';
import type { Bell } from '../src/delivery/bell.ts';
import { systemTimer } from '../src/processes/api.ts';
import { listen } from '../src/processes/listen.ts';
import { Instance } from '../src/store/entities.ts';
import type { Store } from '../src/store/open.ts';
import type { Sealer } from '../src/store/sealer.ts';
import type { Setting } from './setting.ts';

export interface Door {
  /** Production address. */
  readonly url: string;
  /** Finishes the answers and rings under way, and marks every mailbox as taken: the next door's sweeper begins with nothing to do. */
  close(): Promise<void>;
}

export interface DoorOptions {
  readonly store: Store;
  readonly sealer: Sealer;
  readonly key: string;
  /** Null: nobody is rung for. */
  readonly bell: Bell | null;
}

/** The public port of `kookeeper api`, put together as `src/processes/api.ts` does. */
export async function openDoor({ log }: Pick<Setting, 'log'>, { store, sealer, key, bell }: DoorOptions): Promise<Door> {
  const dispatcher = bell && createDispatcher({ store, bell, timer: systemTimer, log });
  const app = createApi({
    store,
    sealer,
    dispatcher: dispatcher ?? { ring: () => undefined },
    keys: { base: [key], kit: [], license: [], common: [] },
    outcomes: createOutcomes(store),
    questions: { ask: () => Promise.resolve(null) },
    checks: {},
    now: () => Date.now(),
    newId: randomUUID,
    log,
  });
  const { port, close } = await listen({ fetch: app.fetch, port: 0, host: '127.0.0.1', setting: 'PORT' });
  dispatcher?.start();
  return {
    url: `http://127.0.0.1:${port}/koogallery/saas`,
    async close() {
      await close();
      await dispatcher?.stop();
      await store.em().nativeUpdate(Instance, { waiting: true }, { waiting: false });
    },
  };
}
