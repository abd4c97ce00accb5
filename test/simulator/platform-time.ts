import type { Market } from '../../src/simulator/market.ts';
import type { Platform } from '../../src/simulator/platform/platform.ts';
import type { Clock } from './stage.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export function platformOf({ platform }: Market): Platform {
  if (platform === null) throw new Error('this market has no platform');
  return platform;
}

/** Lives through simulated time up to and with `end`, stopping at every instant at which something is due; no time passes in between. */
export async function liveUntil(market: Market, clock: Clock, end: number): Promise<void> {
  const platform = platformOf(market);
  for (;;) {
    const due = await platform.nextDue();
    if (due === null || due > end) break;
    clock.at = Math.max(clock.at, due);
    await platform.runDue();
  }
  clock.at = Math.max(clock.at, end);
}
