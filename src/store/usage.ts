import type { SqlEntityManager } from '@mikro-orm/sql';
import { problemOf, type UsageReading } from '../lifecycle/usage.ts';
import { Usage } from './entities.ts';

/** A provisioner answered a reading that the marketplace could not be told. Nothing was stored. */
export class UsageUnusable extends Error {
  override readonly name = 'UsageUnusable';
  readonly code = 'USAGE_UNUSABLE';
  constructor(instanceId: string, problem: string) {
    super(`the meter of instance ${instanceId} cannot be reported: ${problem}`);
  }
}

/**
 * Keeps an instance's last readings in place of those before, unless the ones that are there were read later: of two readers at once the
 * last reading wins, whoever writes last. Checked here, so that no reading ever breaks the answer it stands in: throws UsageUnusable.
 */
export async function putUsage(em: SqlEntityManager, instanceId: string, readings: readonly UsageReading[], readAt: number): Promise<void> {
  for (const reading of readings) {
    const problem = problemOf(reading);
    if (problem !== null) throw new UsageUnusable(instanceId, problem);
  }
  await em
    .createQueryBuilder(Usage)
    .insert({ instanceId, readings, readAt })
    .onConflict(['instanceId'])
    .merge(['readings', 'readAt'])
    .where({ readAt: { $lte: readAt } })
    .execute('run');
}
