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

/** Accepted calls, newest first. */
export async function listCalls(store: Store, filter: CallFilter): Promise<CallSummary[]> {
  const rows = await read(store.em(), filter);
  return rows.map(({ id, receivedAt, kit, verb, kind, instanceId, resultCode, resultMsg }) => ({ id, receivedAt, kit, verb, kind, instanceId: instanceId ?? null, resultCode, resultMsg }));
}
