import type { SqlEntityManager } from '@mikro-orm/sql';
import { CompiledQuery, sql, type Kysely } from 'kysely';
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
    const { instanceId: id, generation, version } = state;
    if (await replaceRow(tx, state, runId, at)) {
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

/**
 * Says whether the row was there and older. The values are bound, as in `insertRow`: this is the statement of every step of every life, and
 * MikroORM's own, a new text each time, took six times the processor time of the whole transaction as it is now.
 */
async function replaceRow(em: SqlEntityManager, state: LifeState, runId: string, at: number): Promise<boolean> {
  const { instanceId: id, generation, version, taken, desired } = state;
  const db: Kysely<{ instance: Record<string, number | string | null> }> = em.getKysely();
  const statement = db
    .updateTable('instance')
    .set({
      state: JSON.stringify(storableState(state)),
      generation,
      version,
      run_id: runId,
      taken,
      // Compared, for SQLite has no booleans to bind.
      living: sql<number>`${state.actual.tenant} <> ${'removed'}`,
      lost_since: null,
      // A database restored from an old backup would give out numbers again that the workflow has taken.
      last_seq: sql<number>`case when last_seq < ${taken} then ${taken} else last_seq end`,
      waiting: sql<number>`last_seq > ${taken}`,
      // Null once everything is taken; else since when the first command that is left has been there.
      // A command that another transaction appends at this moment may not be seen by the inner question, but its number is.
      waiting_since: sql<number | null>`case when last_seq > ${taken} then coalesce((select received_at from command where instance_id = ${id} and seq = ${taken + 1}), ${at}) end`,
      phase: phaseOf(state),
      needs_person: sql<number>`${Object.keys(state.needsPerson).length} > 0`,
      sku_code: indexed(desired.plan?.skuCode),
      product_id: indexed(desired.plan?.productId),
      expire_at: desired.expireAt,
      updated_at: at,
    })
    .where('id', '=', id)
    .where(({ or, and, eb }) =>
      or([
        eb('generation', '<', generation),
        and([eb('generation', '=', generation), eb('version', '<', version)]),
        and([eb('generation', '=', generation), eb('version', '=', version), eb('run_id', '=', runId), eb('taken', '<=', taken), eb('updated_at', '<=', at)]),
      ]),
    );
  const { sql: text, parameters } = statement.compile();
  // MikroORM's hook is to see this statement like all others.
  const { numAffectedRows } = await db.executeQuery(CompiledQuery.raw(em.config.get('onQuery')(text, parameters), [...parameters]));
  return numAffectedRows === 1n;
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
