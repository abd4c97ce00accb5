import { listRefusals as read } from '../store/journal.ts';
import type { Store } from '../store/open.ts';
import type { CallSummary } from './list-calls.ts';

/** A call that was turned away, in the shape of the others. */
export interface RefusalSummary extends Omit<CallSummary, 'verb' | 'kind' | 'instanceId'> {
  /** What the body calls its activity; null when it cannot be read. Nobody vouches for it. */
  readonly verb: string | null;
  readonly kind: 'refused';
  readonly instanceId: null;
  /** `name: sentence` of the known mistake that made a refused signature; null when none is known or another reason refused the call. */
  readonly mistake: string | null;
}

/** Calls that were turned away, newest first. */
export async function listRefusals(store: Store, limit: number): Promise<RefusalSummary[]> {
  const rows = await read(store.em(), limit);
  return rows.map(({ id, receivedAt, kit, resultCode, resultMsg, body, mistake }) => ({
    id,
    receivedAt,
    kit,
    verb: activityIn(body),
    kind: 'refused',
    instanceId: null,
    resultCode,
    resultMsg,
    mistake: mistake ?? null,
  }));
}

function activityIn(body: string): string | null {
  try {
    const value = JSON.parse(body) as { readonly activity?: unknown } | null;
    const activity = value?.activity;
    return typeof activity === 'string' && /^[A-Za-z]{1,32}$/.test(activity) ? activity : null;
  } catch {
    // Anybody may have sent it, and only its beginning was kept.
    return null;
  }
}
