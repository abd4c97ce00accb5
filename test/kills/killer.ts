import { setTimeout as delay } from 'node:timers/promises';
import type { Part } from './parts.ts';
import { PARTS, type Kill, type PartName } from './plan.ts';

export interface KillCounts {
  readonly killed: number;
  /** It was down already, or the Temporal server was on its way up. */
  readonly foundDown: number;
}

/** Kills and starts as planned, several at once where the plan has it so; resolves when every killed process has been started again. */
export async function killAsPlanned(kills: readonly Kill[], parts: Readonly<Record<PartName, Part>>, progress: (text: string) => void): Promise<Readonly<Record<PartName, KillCounts>>> {
  const counts = Object.fromEntries(PARTS.map((part) => [part, { killed: 0, foundDown: 0 }])) as Record<PartName, { killed: number; foundDown: number }>;
  const started = performance.now();
  const since = (): number => performance.now() - started;

  const killOne = async ({ at, part, pause }: Kill): Promise<void> => {
    await delay(Math.max(0, at - since()));
    if (!(await parts[part].kill())) {
      counts[part].foundDown += 1;
      return;
    }
    counts[part].killed += 1;
    progress(`${(since() / 1000).toFixed(1)} s: killed ${part}, back in ${pause} ms`);
    await delay(pause);
    await parts[part].start();
  };
  await Promise.all(kills.map(killOne));
  return counts;
}
