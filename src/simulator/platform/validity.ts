import { freeze, release } from '../actions/status.ts';
import type { Play } from '../actions/play.ts';
import type { Ending } from '../books.ts';
import { patienceOf, type CustomerLevel } from './levels.ts';
import { matterKey, type Matters } from './matters.ts';

/** What the end of a validity brings, and when (UTC ms). */
export interface Ended {
  readonly key: string;
  readonly dueAt: number;
  readonly instanceId: string;
  readonly does: 'freeze' | 'release';
  readonly cause: Ending['cause'];
}

/** When instances that nobody renewed, or paid for, are frozen and released (saas.md §6.7). Read from the books each time, so a renewal needs no undoing. */
export async function endings({ books }: Pick<Play, 'books'>, matters: Matters, level: CustomerLevel, speed: number): Promise<readonly Ended[]> {
  const found: Ended[] = [];
  const pending = new Set((await matters.list()).map(({ key }) => key));
  for (const ending of await books.ending()) {
    const { chargingMode } = await books.order(ending.purchaseId);
    const { grace, retention } = patienceOf(level, chargingMode);
    const { instanceId, endsAt, cause } = ending;
    const releaseAt = Math.ceil(endsAt + (grace + retention) / speed);
    const freezeAt = Math.ceil(endsAt + grace / speed);
    const freezing: Ended = { key: keyOf('updateInstanceStatus', instanceId), dueAt: freezeAt, instanceId, does: 'freeze', cause };
    const releasing: Ended = { key: keyOf('releaseInstance', instanceId), dueAt: releaseAt, instanceId, does: 'release', cause };
    // One after the other, also when a market that did not run finds both due. What is being repeated, or was left to a person, is not begun a second time.
    const next = unfrozen(ending) && !pending.has(freezing.key) ? freezing : releasing;
    if (!pending.has(next.key)) found.push(next);
  }
  return found.toSorted((a, b) => a.dueAt - b.dueAt);
}

export async function end(play: Play, { instanceId, does, cause }: Ended): Promise<void> {
  if (does === 'freeze') await freeze(play, instanceId, cause);
  else await release(play, instanceId);
}

function unfrozen({ status }: Ending): boolean {
  return status === 'active';
}

function keyOf(verb: 'updateInstanceStatus' | 'releaseInstance', instanceId: string): string {
  return matterKey(verb, null, instanceId) ?? verb;
}
