import type { Lives } from '../delivery/lives.ts';
import { findInstance } from '../store/instances.ts';
import { markFound } from '../store/lost.ts';
import { append, lockInstance } from '../store/mailbox.ts';
import type { Store } from '../store/open.ts';
import { stateOf } from '../store/state-of.ts';

/** revived: the next generation runs · running: nothing was lost · ended: nothing is left to keep · unknown: no such instance. */
export type Revived = { readonly is: 'revived'; readonly instanceId: string; readonly generation: number } | { readonly is: 'running' | 'ended' | 'unknown' };

/**
 * Starts the next generation of a lost life from what is stored; what waits in the mailbox is then carried out. The command in the mailbox is the
 * record of who did it when. Rejects while Temporal does not answer.
 */
export async function revive(store: Store, lives: Lives, name: string, now: number): Promise<Revived> {
  const found = await findInstance(store.em(), name);
  if (!found) return { is: 'unknown' };
  if (!found.living) return { is: 'ended' };
  if (await lives.isRunning(found.orderLineKey)) {
    await markFound(store.em(), found.id);
    return { is: 'running' };
  }
  const state = await store.em().transactional(async (em) => {
    const row = await lockInstance(em, { id: found.id });
    if (!row) return null;
    await append(em, row, { at: now, key: null, attempt: 1, by: 'person', instruction: { kind: 'revive' }, callId: null }, now);
    return stateOf(row);
  });
  if (!state) return { is: 'unknown' };
  const carried = { ...state, generation: state.generation + 1 };
  if (!(await lives.revive(found.orderLineKey, carried))) return { is: 'running' };
  await markFound(store.em(), found.id);
  return { is: 'revived', instanceId: found.id, generation: carried.generation };
}
