import { findInstance } from '../store/instances.ts';
import { listCalls as read, type CallFilter } from '../store/journal.ts';
import type { Store } from '../store/open.ts';

/** A call as a person sees it. Instants are UTC ms. */
export interface CallSummary {
  readonly id: string;
  readonly receivedAt: number;
  readonly kit: string;
  readonly verb: string;
  readonly kind: 'live' | 'test';
  readonly instanceId: string | null;
  readonly resultCode: string;
  readonly resultMsg: string;
}

/** Accepted calls, newest first. An instance may be named by its order line too. */
export async function listCalls(store: Store, filter: CallFilter): Promise<CallSummary[]> {
  const { instanceId: name } = filter;
  const known = name === undefined ? null : await findInstance(store.em(), name);
  const rows = await read(store.em(), known ? { ...filter, instanceId: known.id } : filter);
  return rows.map(({ id, receivedAt, kit, verb, kind, instanceId, resultCode, resultMsg }) => ({ id, receivedAt, kit, verb, kind, instanceId: instanceId ?? null, resultCode, resultMsg }));
}
