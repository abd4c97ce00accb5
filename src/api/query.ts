import type { Logger } from 'pino';
import type { AccessData, Outcome } from '../marketplace/dialect.ts';
import { findInstances, type Found } from '../store/instances.ts';
import type { Em } from '../store/open.ts';
import type { Sealer } from '../store/sealer.ts';

/** What `queryInstance` is told (architecture §4): any id ready or frozen wins, then one being made, then one that failed, else unknown. */
export async function queryOutcome(em: Em, sealer: Sealer, ids: readonly string[], log: Logger): Promise<Outcome> {
  const found = await findInstances(em, sealer, ids, (instanceId, error) => log.error({ instanceId, code: error.code }, error.message));
  const usable = found.filter(({ phase }) => phase === 'active' || phase === 'frozen');
  if (usable.length > 0) return { is: 'found', instances: usable.map((instance) => ({ instanceId: instance.instanceId, access: accessOf(instance), usage: instance.usage })) };
  if (found.some(({ phase }) => phase === 'creating')) return { is: 'making' };
  const refusal = found.find(({ phase }) => phase === 'failed')?.refusal;
  return refusal ? { is: 'failed', code: refusal.code, message: refusal.message } : { is: 'unknown' };
}

/** Access data only while actually ready; a frozen instance keeps its address. */
function accessOf({ phase, access }: Found): AccessData | null {
  if (access === null) return null;
  const data = JSON.parse(access) as AccessData;
  return phase === 'active' ? data : { frontEndUrl: data.frontEndUrl };
}
