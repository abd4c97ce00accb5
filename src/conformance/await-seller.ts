import { setTimeout as delay } from 'node:timers/promises';

const PAUSE = 500;

/** Asks until anything answers by HTTP, whatever it says; at most `limit` ms. Resolves to whether it did. */
export async function awaitSeller(url: string, limit: number, fetch: typeof globalThis.fetch, closing: AbortSignal): Promise<boolean> {
  const over = AbortSignal.any([AbortSignal.timeout(limit), closing]);
  while (!over.aborted) {
    try {
      const response = await fetch(url, { redirect: 'manual', signal: over });
      await response.body?.cancel();
      return true;
    } catch {
      // Not there yet, which is what this waits for.
      await delay(PAUSE, undefined, { signal: over }).catch(() => undefined);
    }
  }
  return false;
}
