import { setTimeout as delay } from 'node:timers/promises';
import type { ClientLink } from '../../src/temporal/connect.ts';
import type { Story } from './customer.ts';
import { amiss, readLedger, underWay } from './ledger.ts';
import type { Scene } from './scene.ts';

const LOOK_EVERY = 500;

/**
 * Waits, with everything running, until every line is as its accepted calls demand and no activity is left to be carried out.
 * False when that is not so after `limit` ms: what is amiss then is the account's to say.
 */
export async function settle({ store }: Scene, link: ClientLink, stories: readonly Story[], limit: number): Promise<boolean> {
  const end = Date.now() + limit;
  while (Date.now() < end) {
    const ledger = await readLedger(store);
    const waiting = stories.filter(({ finished }) => finished).some((story) => amiss(story, ledger) !== null);
    if (!waiting && (await areIdle(link, [...ledger.instances.values()].map(({ orderLineKey }) => orderLineKey)))) return true;
    await delay(LOOK_EVERY);
  }
  return false;
}

async function areIdle(link: ClientLink, orderLines: readonly string[]): Promise<boolean> {
  for (let from = 0; from < orderLines.length; from += 20) {
    const some = orderLines.slice(from, from + 20);
    // One that was lost is the account's to say too.
    const busy = await Promise.all(some.map((line) => underWay(link, line).catch(() => [])));
    if (busy.flat().length > 0) return false;
  }
  return true;
}
