import type { SqlEntityManager } from '@mikro-orm/sql';
import { Sealed } from './entities.ts';
import type { Sealer } from './sealer.ts';

export type SealedKind = 'access' | 'order';

export async function putSealed(em: SqlEntityManager, sealer: Sealer, instanceId: string, kind: SealedKind, text: string, now: number): Promise<void> {
  const row = { instanceId, kind, text: sealer.seal(text, contextOf(instanceId, kind)), sealedAt: now };
  await em.createQueryBuilder(Sealed).insert(row).onConflict(['instanceId', 'kind']).merge(['text', 'sealedAt']).execute('run');
}

export async function getSealed(em: SqlEntityManager, sealer: Sealer, instanceId: string, kind: SealedKind): Promise<string | null> {
  const row = await em.findOne(Sealed, { instanceId, kind });
  return row && sealer.open(row.text, contextOf(instanceId, kind));
}

export async function hasSealed(em: SqlEntityManager, instanceId: string, kind: SealedKind): Promise<boolean> {
  return (await em.count(Sealed, { instanceId, kind })) > 0;
}

/** Removed with the tenant: nobody is to log in with them any more. */
export async function dropSealed(em: SqlEntityManager, instanceId: string): Promise<void> {
  await em.nativeDelete(Sealed, { instanceId });
}

export function contextOf(instanceId: string, kind: SealedKind): string {
  return `${kind}/${instanceId}`;
}
