import { raw, type RawQueryFragment } from '@mikro-orm/core';
import type { SqlEntityManager } from '@mikro-orm/sql';
import { phaseOf } from '../lifecycle/phase.ts';
import type { LifeState } from '../lifecycle/state.ts';
import { Instance, MailboxCommand } from './entities.ts';
import { dropSealed } from './sealed.ts';
import { stateOf } from './state-of.ts';
import { storable } from './storable.ts';

export type StoreAnswer = { readonly stored: true } | { readonly stored: false; readonly ahead: LifeState };

/** The workflow runs, but its instance has no row: the database was replaced or restored from before its birth. */
export class InstanceRowMissing extends Error {
  override readonly name = 'InstanceRowMissing';
  readonly code = 'INSTANCE_ROW_MISSING';
  constructor(instanceId: string) {
    super(`instance ${instanceId} has a running workflow but no row in the database: is DATABASE_URL the right one?`);
  }
}

/**
 * Stores a workflow's state and the outcomes of the commands it settled, in one transaction, unless the row holds a newer one
 * (a reset run, or a database older than the history): then the newer one is answered and nothing is written.
 *
 * The same run may come with the same version and more in it: a workflow task that was lost after its state had been stored (a killed
 * worker, Temporal away) is carried out again, and finds what came in meanwhile. What it says now is what it goes on from. `at` is the workflow's own
 * instant, UTC ms: later in the task that is carried out again, so that a write of the lost one which lands late takes nothing back.
 */
export async function storeState(em: SqlEntityManager, state: LifeState, runId: string, at: number): Promise<StoreAnswer> {
  return em.transactional(async (tx) => {
    const { instanceId: id, generation, version, taken, desired } = state;
    const changed = await tx.nativeUpdate(
      Instance,
      { id, $or: [{ generation: { $lt: generation } }, { generation, version: { $lt: version } }, { generation, version, runId, taken: { $lte: taken }, updatedAt: { $lte: at } }] },
      {
        state: storableState(state),
        generation,
        version,
        runId,
        taken,
        living: state.actual.tenant !== 'removed',
        lostSince: null,
        // A database restored from an old backup would give out numbers again that the workflow has taken.
        lastSeq: raw<RawQueryFragment>('case when last_seq < ? then ? else last_seq end', [taken, taken]),
        waiting: raw<RawQueryFragment>('last_seq > ?', [taken]),
        // Null once everything is taken; else since when the first command that is left has been there.
        // A command that another transaction appends at this moment may not be seen by the inner question, but its number is.
        waitingSince: raw<RawQueryFragment>('case when last_seq > ? then coalesce((select received_at from command where instance_id = ? and seq = ?), ?) end', [taken, id, taken + 1, at]),
        phase: phaseOf(state),
        needsPerson: Object.keys(state.needsPerson).length > 0,
        skuCode: indexed(desired.plan?.skuCode),
        productId: indexed(desired.plan?.productId),
        expireAt: desired.expireAt,
        updatedAt: at,
      },
    );
    if (changed > 0) {
      for (const { seq, outcome, at: settledAt, detail } of state.settled) {
        await tx.nativeUpdate(MailboxCommand, { instanceId: id, seq }, { outcome, settledAt, detail: detail === undefined ? null : storable(detail.slice(0, 255)) });
      }
      // Also of what was never built, or what a person removed by hand: no activity saw to that.
      if (state.actual.tenant === 'removed') await dropSealed(tx, id);
      return { stored: true };
    }
    const row = await tx.findOne(Instance, { id });
    if (!row) throw new InstanceRowMissing(id);
    // A first attempt of the same task that lands after the second.
    if (row.generation === generation && row.version === version && row.runId === runId) return { stored: true };
    return { stored: false, ahead: { ...stateOf(row), settled: [] } };
  });
}

/** Messages in a state are other people's words: one that the database refused would keep the whole state from being stored, for ever. */
function storableState(state: LifeState): LifeState {
  const text = JSON.stringify({ ...state, settled: [] }, (_, value: unknown) => (typeof value === 'string' ? storable(value) : value));
  return JSON.parse(text) as LifeState;
}

/** Only to find instances by: the state has the whole. */
function indexed(word: string | undefined): string | null {
  return word === undefined ? null : storable(word.slice(0, 64));
}
