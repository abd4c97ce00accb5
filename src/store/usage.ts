import type { SqlEntityManager } from '@mikro-orm/sql';
import type { Plan } from '../lifecycle/plan.ts';
import { METERED_MODES, problemOf, type UsageReading } from '../lifecycle/usage.ts';
import { Instance, Usage } from './entities.ts';

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

export interface Metered {
  readonly instanceId: string;
  /** What the tenant is, not what it is to become. */
  readonly plan: Plan;
}

/** Instances with a tenant that is paid for by use, in the order of their ids, from the first one after `after` ('' for the first of all). */
export async function meteredAfter(em: SqlEntityManager, after: string, limit: number): Promise<Metered[]> {
  const rows = await em.find(
    Instance,
    { living: true, phase: { $in: ['active', 'frozen'] }, id: { $gt: after }, state: { actual: { plan: { chargingMode: { $in: [...METERED_MODES] } } } } },
    { fields: ['id', 'state'], orderBy: { id: 'asc' }, limit },
  );
  return rows.flatMap(({ id, state }) => (state.actual.plan === null ? [] : [{ instanceId: id, plan: state.actual.plan }]));
}
