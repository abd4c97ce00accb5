import type { SqlEntityManager } from '@mikro-orm/sql';
import { Notice, type NoticeRow } from './entities.ts';
import { insertRow } from './insert-row.ts';
import { storable } from './storable.ts';

/** Longer details are cut: what matters of them stands in the instance too. */
const DETAIL_LIMIT = 255;

/** A thing that a person is told once: `instant` (UTC ms) is what it is about, for instance the expiry announced, never when it is told. */
export interface NoticeKey {
  readonly instanceId: string;
  readonly kind: string;
  readonly instant: number;
}

/**
 * `claimed`: nobody has told it, the caller does. `sent`: told before, nothing to do. `claimed-before`: an earlier attempt claimed it and never
 * said that it was told; the caller tells it again under the same id, for twice is better than not at all.
 */
export type NoticeClaim = 'claimed' | 'sent' | 'claimed-before';

/** Claims a notice before it is told. Two callers at the same moment get `claimed` and `claimed-before`. */
export async function claimNotice(em: SqlEntityManager, { detail, now, ...key }: NoticeKey & { readonly detail: string; readonly now: number }): Promise<NoticeClaim> {
  const row = { ...keyOf(key), detail: storable(detail.slice(0, DETAIL_LIMIT)), claimedAt: now, sentAt: null };
  if (await insertRow(em, Notice, row, 'ignore')) return 'claimed';
  // Counted, not read: an entity manager that has read the row before would answer what it remembers.
  return (await em.count(Notice, { ...keyOf(key), sentAt: { $ne: null } })) > 0 ? 'sent' : 'claimed-before';
}

/** Every channel has told it. The first such instant stays. */
export async function markSent(em: SqlEntityManager, key: NoticeKey, now: number): Promise<void> {
  await em.nativeUpdate(Notice, { ...keyOf(key), sentAt: null }, { sentAt: now });
}

/** What was announced, of one instance or of all; newest claim first. */
export async function listNotices(em: SqlEntityManager, { instanceId, limit }: { readonly instanceId?: string; readonly limit: number }): Promise<NoticeRow[]> {
  const where = instanceId === undefined ? {} : { instanceId };
  return em.find(Notice, where, { orderBy: { claimedAt: 'desc', instant: 'desc', instanceId: 'asc', kind: 'asc' }, limit });
}

/** The key alone: callers may hand over a whole notice. */
function keyOf({ instanceId, kind, instant }: NoticeKey): NoticeKey {
  return { instanceId, kind, instant };
}
