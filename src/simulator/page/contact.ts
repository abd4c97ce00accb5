import { connect } from 'node:net';
import type { Call } from '../call.ts';

export type Heard = Pick<Call, 'at' | 'ms' | 'verb' | 'failure' | 'trouble'>;

/** Whether the seller can be reached: by its last call, and by looking whether anything listens at its address. Looking calls nothing: the seller's records stay free of it. */
export interface Contact {
  /** Why it cannot; null while it can. */
  silence(): string | null;
  /** The newest call of the journal. */
  heard(call: Heard | undefined): void;
  /** Looks now. */
  look(): Promise<void>;
  /** Looks every few seconds until `stopping`; however many ask for it, one looks. */
  keep(stopping: AbortSignal): void;
}

export interface ContactOptions {
  readonly seller: () => string | null;
  readonly now: () => number;
  /** Rejects when `stopping` fires. */
  readonly wait: (ms: number, stopping: AbortSignal) => Promise<void>;
  readonly changed: () => void;
}

const EVERY = 1_500;
const PATIENCE = 2_000;

export function watchSeller({ seller, now, wait, changed }: ContactOptions): Contact {
  let refused: string | null = null;
  /** UTC ms: something listened there at last, and for the first time after nothing had. */
  let listenedAt: number | null = null;
  let returnedAt: number | null = null;
  let last: Heard | undefined;
  let kept = 0;
  let ending = new AbortController();

  function silence(): string | null {
    if (refused !== null) return `nothing listens there (${refused})`;
    // An answer lost on purpose, or cut by the market's own end, says nothing of the seller.
    if (last === undefined || last.failure === null || last.trouble?.includes('lost-answer') || last.failure === 'the market was closed') return null;
    // To listen is enough for what was not reached, but not for what kept its caller waiting: that must have been started anew.
    const since = last.failure === 'timed out' ? returnedAt : listenedAt;
    return since !== null && since >= last.at + last.ms ? null : `${last.verb} ${last.failure}`;
  }

  async function look(): Promise<void> {
    const address = seller();
    if (address === null) return;
    const found = await knock(address);
    if (seller() !== address) return;
    const before = silence();
    if (found === null) listenedAt = now();
    if (found === null && refused !== null) returnedAt = now();
    refused = found;
    if (silence() !== before) changed();
  }

  async function goOn(stopping: AbortSignal): Promise<void> {
    while (!stopping.aborted) {
      await look();
      await wait(EVERY, stopping).catch(() => undefined);
    }
  }

  return {
    silence,
    heard: (call) => void (last = call),
    look,
    keep(stopping) {
      kept += 1;
      stopping.addEventListener('abort', () => {
        kept -= 1;
        if (kept === 0) ending.abort();
      });
      if (kept > 1) return;
      ending = new AbortController();
      void goOn(ending.signal);
    },
  };
}

/** Opens a connection and closes it. Null when it opens, else why it does not. */
async function knock(address: string): Promise<string | null> {
  const { hostname, port, protocol } = new URL(address);
  const socket = connect({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || (protocol === 'https:' ? 443 : 80)) });
  const { promise, resolve } = Promise.withResolvers<string | null>();
  socket.setTimeout(PATIENCE, () => resolve('no connection'));
  socket.once('connect', () => resolve(null));
  socket.once('error', (error) => resolve('code' in error && typeof error.code === 'string' ? error.code : error.message));
  return promise.finally(() => socket.destroy());
}
