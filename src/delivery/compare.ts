import { livingAfter, markFound, markLost, withoutRow, type Living } from '../store/lost.ts';
import type { Store } from '../store/open.ts';
import type { Lives } from './lives.ts';

/** Younger rows may be on their way to their workflow. */
const SETTLED_AFTER = 10 * 60_000;
const PAGE = 500;

export interface Compared {
  readonly living: number;
  /** Found to be lost just now. */
  readonly lost: readonly string[];
  /** Order line keys of open workflows that have no row: the database was restored from a backup older than they are. */
  readonly rowless: readonly string[];
}

/**
 * Compares living rows with open workflows. What the server's index does not show is asked for one by one before it counts as lost: terminated in the UI, gone with its namespace, or a row restored from a
 * backup. `seen` hears of each page, for a heartbeat.
 */
export async function compareLives(store: Store, lives: Lives, now: number, seen: (after: string) => void = () => undefined): Promise<Compared> {
  const running = await lives.running();
  const lost: string[] = [];
  let living = 0;
  let after = '';
  for (;;) {
    const page = await livingAfter(store.em(), after, now - SETTLED_AFTER, PAGE);
    const last = page.at(-1);
    if (last === undefined) return { living, lost, rowless: await rowless(store, [...running]) };
    living += page.length;
    for (const row of page) if (await isLost(store, lives, row, running.has(row.orderLineKey), now)) lost.push(row.instanceId);
    after = last.instanceId;
    seen(after);
  }
}

async function isLost(store: Store, lives: Lives, { instanceId, orderLineKey, lost }: Living, isListed: boolean, now: number): Promise<boolean> {
  if (isListed || (await lives.isRunning(orderLineKey))) {
    if (lost) await markFound(store.em(), instanceId);
    return false;
  }
  return markLost(store.em(), instanceId, now);
}

async function rowless(store: Store, keys: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (let from = 0; from < keys.length; from += PAGE) found.push(...(await withoutRow(store.em(), keys.slice(from, from + PAGE))));
  return found;
}
