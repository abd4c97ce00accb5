import { setTimeout as delay } from 'node:timers/promises';
import type { Market } from '../market.ts';
import { watchSeller } from './contact.ts';
import { partsOf, type Parts } from './parts.ts';
import { readScene, type Scene } from './scene.ts';

export interface FeedOptions {
  readonly market: Market;
  readonly now: () => number;
  /** Rejects when `stopping` fires; real time by default. */
  readonly wait?: (ms: number, stopping: AbortSignal) => Promise<void>;
}

export interface Shown {
  readonly scene: Scene;
  readonly parts: Parts;
}

export interface Feed {
  /** As it is now, the seller's address looked at anew. */
  now(): Promise<Shown>;
  /** As it is now and after every change, also now and then without one, until `stopping` or the end of the feed. */
  follow(stopping: AbortSignal): AsyncGenerator<Parts>;
  /** Ends every `follow`; resolves when the market is not read any more. */
  close(): Promise<void>;
}

/** A seller who keeps the caller waiting must not hold up the page. */
const GLANCE = 300;
/** Between two readings: what changes in between is shown at once. */
const GAP = 100;
/** A reading that takes long must not be all that the market does. */
const SHARE = 3;
/** Without a change: so that a browser that has gone is noticed. */
const PULSE = 15_000;

/** One reading of the market for all who look at it. */
export function createFeed({ market, now, wait = (ms, signal) => delay(ms, undefined, { signal }) }: FeedOptions): Feed {
  let version = 0;
  let changed = Promise.withResolvers<void>();
  let latest: { readonly version: number; readonly shown: Promise<Shown>; readonly took: Promise<number> } | null = null;
  const closing = new AbortController();
  const reading = new Set<Promise<unknown>>();
  const contact = watchSeller({ seller: () => market.seller, now, wait, changed: turn });
  const unwatch = market.watch(turn);

  function turn(): void {
    version += 1;
    changed.resolve();
    changed = Promise.withResolvers();
  }

  async function read(): Promise<Shown> {
    const scene = await readScene(market, (newest) => {
      contact.heard(newest);
      return contact.silence();
    });
    return { scene, parts: await partsOf(scene) };
  }

  function current(): { readonly shown: Promise<Shown>; readonly took: Promise<number> } {
    if (latest?.version === version) return latest;
    const from = now();
    const shown = read();
    const took = shown.then(() => now() - from, () => 0);
    latest = { version, shown, took };
    reading.add(took);
    void took.then(() => reading.delete(took));
    return latest;
  }

  return {
    async now() {
      await Promise.race([contact.look(), wait(GLANCE, closing.signal).catch(() => undefined)]);
      return current().shown;
    },
    async *follow(asked) {
      const stopping = AbortSignal.any([asked, closing.signal]);
      contact.keep(stopping);
      while (!stopping.aborted) {
        const next = changed.promise;
        const { shown, took } = current();
        yield (await shown).parts;
        const rested = new AbortController();
        await Promise.race([next, wait(PULSE, AbortSignal.any([stopping, rested.signal])).catch(() => undefined)]);
        rested.abort();
        await wait(Math.max(GAP, SHARE * (await took)), stopping).catch(() => undefined);
      }
    },
    async close() {
      unwatch();
      closing.abort();
      await Promise.all(reading);
    },
  };
}
