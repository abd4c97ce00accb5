import { listRefusals as read } from '../store/journal.ts';
import type { Store } from '../store/open.ts';
import type { CallSummary } from './list-calls.ts';

/** Calls that were turned away, newest first. */
export async function listRefusals(store: Store, limit: number): Promise<CallSummary[]> {
  const rows = await read(store.em(), limit);
  return rows.map(({ id, receivedAt, kit, resultCode, resultMsg }) => ({ id, receivedAt, kit, verb: 'refused', kind: 'live', instanceId: null, resultCode, resultMsg }));
}
