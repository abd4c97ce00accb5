import type { Logger } from 'pino';
import { markLost } from '../store/lost.ts';
import type { Store } from '../store/open.ts';
import { dueForRing, postponeRing, type Waiting } from '../store/rings.ts';
import { Unreachable, type Bell, type Mailbox } from './bell.ts';

/** Together with the share of creates, what one process asks of the Temporal server at a time (architecture §1). */
const IN_FLIGHT = 32;
const CREATES_IN_FLIGHT = 24;
const SWEEP_EVERY = 1_000;
/** From ring to ring while a mailbox stays untaken: doubling between these two. */
const RING_AGAIN = { first: 30_000, limit: 10 * 60_000 } as const;

/** Time as the dispatcher sees it; a simulation gives its own. */
export interface Timer {
  now(): number;
  /** Calls back after `ms`; the returned function takes it back. */
  after(ms: number, call: () => void): () => void;
}

export interface DispatcherDeps {
  readonly store: Store;
  readonly bell: Bell;
  readonly timer: Timer;
  readonly log: Logger;
  /** Named crash points: the seeded tests drop the dispatcher here. */
  readonly crash?: (point: 'before-ring' | 'after-ring') => void;
}

export interface Dispatcher {
  /** Rings right after a commit. Never rejects and never waits: what finds no room is left to the sweeper. */
  ring(mailbox: Mailbox): void;
  /** One round of the sweeper; resolves when its rings have ended. */
  sweep(): Promise<void>;
  start(): void;
  /** Waits for the rings under way; none begins afterwards, whoever asks. */
  stop(): Promise<void>;
  /** Whether the last ring reached the server; true before the first. */
  reachable(): boolean;
}

/** Rings for mailboxes: inline after each commit, and again for whatever is not taken. */
export function createDispatcher({ store, bell, timer, log, crash }: DispatcherDeps): Dispatcher {
  const underWay = new Map<Promise<boolean>, Mailbox>();
  let reachable = true;
  let stopped = false;
  let cancelSweep = (): void => undefined;
  let sweeping: Promise<void> = Promise.resolve();

  const hasRoom = ({ neverTaken }: Mailbox): boolean => {
    // While the server is down one probe at a time finds out when it is back.
    if (!reachable) return underWay.size === 0;
    const creates = [...underWay.values()].filter((mailbox) => mailbox.neverTaken).length;
    return underWay.size < IN_FLIGHT && (!neverTaken || creates < CREATES_IN_FLIGHT);
  };

  const answers = (): void => {
    if (!reachable) log.info('Temporal answers again');
    reachable = true;
  };

  const ringOnce = async (mailbox: Mailbox): Promise<boolean> => {
    try {
      const rung = await bell.ring(mailbox);
      answers();
      if (rung === 'gone' && (await markLost(store.em(), mailbox.instanceId, timer.now()))) {
        log.error({ instanceId: mailbox.instanceId, orderLine: mailbox.orderLineKey }, 'the workflow of this instance is gone: its commands wait for `kookeeper instance revive`');
      }
      return true;
    } catch (error) {
      if (error instanceof Unreachable) {
        if (reachable) log.warn({ cause: String(error.cause) }, error.message);
        reachable = false;
        return false;
      }
      answers();
      log.error({ instanceId: mailbox.instanceId, error: String(error) }, 'ringing for this instance failed; it is tried again');
      return true;
    }
  };

  /** Resolves to false when what follows the ring could not be done. */
  const launch = (mailbox: Mailbox, afterwards: (reached: boolean) => Promise<void>): Promise<boolean> => {
    const attempt = async (): Promise<boolean> => {
      crash?.('before-ring');
      const reached = await ringOnce(mailbox);
      crash?.('after-ring');
      await afterwards(reached);
      return true;
    };
    const ringing = attempt()
      .catch((error: unknown) => {
        log.error({ instanceId: mailbox.instanceId, error: String(error) }, 'what follows a ring failed; the mailbox is rung for again');
        return false;
      })
      .finally(() => underWay.delete(ringing));
    underWay.set(ringing, mailbox);
    return ringing;
  };

  /** Answers whether there may be more to ring for at once. */
  const sweepOnce = async (): Promise<boolean> => {
    const room = reachable ? IN_FLIGHT - underWay.size : 1 - underWay.size;
    if (room <= 0) return false;
    const due = await dueForRing(store.em(), timer.now(), room);
    const rings: Promise<boolean>[] = [];
    for (const waiting of due) {
      if (!stopped && hasRoom(waiting)) rings.push(launch(waiting, (reached) => (reached ? putOff(waiting) : Promise.resolve())));
    }
    const ended = await Promise.all(rings);
    // With none launched the room is taken by rings under way, and what could not be put off would be found again: looking at once would only spin.
    return reachable && rings.length > 0 && due.length === room && !ended.includes(false);
  };

  const putOff = (waiting: Waiting): Promise<void> => {
    const wait = Math.min(RING_AGAIN.first * 2 ** waiting.rings, RING_AGAIN.limit);
    return postponeRing(store.em(), waiting, timer.now() + wait);
  };

  const schedule = (wait: number): void => {
    if (stopped) return;
    cancelSweep = timer.after(wait, () => {
      sweeping = sweepOnce().then(
        (more) => schedule(more ? 0 : SWEEP_EVERY),
        (error: unknown) => {
          log.warn({ error: String(error) }, 'looking for waiting mailboxes failed; it is tried again');
          schedule(SWEEP_EVERY);
        },
      );
    });
  };

  return {
    ring(mailbox) {
      if (!stopped && reachable && hasRoom(mailbox)) void launch(mailbox, () => Promise.resolve());
    },
    async sweep() {
      await sweepOnce();
    },
    start() {
      schedule(SWEEP_EVERY);
    },
    async stop() {
      stopped = true;
      cancelSweep();
      await sweeping;
      await Promise.all(underWay.keys());
    },
    reachable: () => reachable,
  };
}
