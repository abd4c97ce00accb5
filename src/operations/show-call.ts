import type { CallRow, RefusalRow } from '../store/entities.ts';
import { findCall, findRefusal } from '../store/journal.ts';
import type { Store } from '../store/open.ts';

/** The whole record of one call, accepted or refused; null when there is none (it may have been pruned). */
export async function showCall(store: Store, id: string): Promise<CallRow | RefusalRow | null> {
  return (await findCall(store.em(), id)) ?? findRefusal(store.em(), id);
}
