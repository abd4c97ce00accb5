import { setTimeout as delay } from 'node:timers/promises';
import type { Call } from '../../src/simulator/call.ts';
import type { Market } from '../../src/simulator/market.ts';
import { account, type Account } from './account.ts';
import { playLine, type Story } from './customer.ts';
import { killAsPlanned, type KillCounts } from './killer.ts';
import type { PartName, Plan } from './plan.ts';
import type { Scene } from './scene.ts';
import { settle } from './settle.ts';

export interface Driven {
  readonly stories: readonly Story[];
  /** The load's calls. */
  readonly calls: readonly Call[];
  readonly kills: Readonly<Record<PartName, KillCounts>>;
  /** Whether all became quiet in the time given. */
  readonly quiet: boolean;
  /** How long the load lasted, and then the waiting until all was quiet, seconds. */
  readonly took: { readonly load: number; readonly settling: number };
  /** Counts what there is now; may be repeated. */
  count(): Promise<Account>;
}

export interface DriveOptions {
  /** Ends a call that is never accepted, ms. */
  readonly patience: number;
  /** Ends the waiting for silence, ms. */
  readonly settleLimit: number;
  readonly progress: (text: string) => void;
}

/** Plays the plan: all lines and all kills at once, then silence, then the count. */
export async function drive(scene: Scene, plan: Plan, { patience, settleLimit, progress }: DriveOptions): Promise<Driven> {
  const { market, tenants, parts } = scene;
  await untilAnswered(market, patience);
  const warmUp = (await market.calls()).at(-1)?.seq ?? 0;
  const started = performance.now();
  const stage = { market, tenants, began: Date.now(), patience };
  const playing = Promise.all(plan.lines.map((line) => playLine(stage, line)));
  const kills = await killAsPlanned(plan.kills, parts, progress);
  const stories = await playing;
  const loaded = performance.now();
  progress(`${Math.round((loaded - started) / 1000)} s: the last call was accepted`);
  const calls = (await market.calls()).filter(({ seq }) => seq > warmUp);
  const link = await scene.connect();
  let quiet: boolean;
  try {
    quiet = await settle(scene, link, stories, settleLimit);
  } finally {
    await link.close();
  }
  const settled = performance.now();
  return {
    stories,
    calls,
    kills,
    quiet,
    took: { load: (loaded - started) / 1000, settling: (settled - loaded) / 1000 },
    async count() {
      const counting = await scene.connect();
      try {
        return await account(scene, counting, stories, calls);
      } finally {
        await counting.close();
      }
    },
  };
}

/** A probe needs no worker: the load begins while that one is still on its way up. */
async function untilAnswered(market: Market, patience: number): Promise<void> {
  const end = Date.now() + patience;
  while (!(await market.probe('queryInstance')).verdict.ok) {
    if (Date.now() > end) throw new Error(`the API did not answer a probe within ${patience} ms`);
    await delay(100);
  }
}
