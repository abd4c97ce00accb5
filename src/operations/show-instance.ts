import { instantsOf } from '../lifecycle/clocks.ts';
import { PERSON_REASONS } from '../lifecycle/person-reasons.ts';
import type { LifeState } from '../lifecycle/state.ts';
import type { CommandRow, NoticeRow } from '../store/entities.ts';
import { findInstance } from '../store/instances.ts';
import { listCommands } from '../store/mailbox.ts';
import { listNotices } from '../store/notices.ts';
import { stateOf } from '../store/state-of.ts';
import type { Store } from '../store/open.ts';
import { LOST, summaryOf, type InstanceSummary } from './list-instances.ts';

/** Why a person is needed, since when (UTC ms), and what can be done about it. */
export interface ReasonShown {
  readonly reason: string;
  readonly since: number;
  readonly detail: string;
  readonly mend: string;
}

export interface InstanceRecord extends InstanceSummary {
  readonly workflowId: string;
  readonly updatedAt: number;
  readonly state: LifeState;
  readonly reasons: readonly ReasonShown[];
  /** UTC ms: from then on nothing is begun that is not ready. Null when that clock does not run. */
  readonly createWindowEnds: number | null;
  readonly commands: readonly Pick<CommandRow, 'seq' | 'at' | 'by' | 'instruction' | 'outcome' | 'settledAt' | 'detail'>[];
  /** What a person was told, newest first, 20 at most. */
  readonly notices: readonly Pick<NoticeRow, 'kind' | 'instant' | 'detail' | 'claimedAt' | 'sentAt'>[];
}

const NOTICES_SHOWN = 20;

/** Everything known of one instance, found by our id or by its order line; null when there is none. Holds no access data. */
export async function showInstance(store: Store, name: string): Promise<InstanceRecord | null> {
  const row = await findInstance(store.em(), name);
  if (!row) return null;
  const state = stateOf(row);
  const commands = await listCommands(store.em(), row.id);
  const notices = await listNotices(store.em(), { instanceId: row.id, limit: NOTICES_SHOWN });
  return {
    ...summaryOf(row),
    workflowId: `instance/${row.orderLineKey}`,
    updatedAt: row.updatedAt,
    state,
    reasons: [...Object.entries(state.needsPerson).map(([reason, { since, detail }]) => ({ reason, since, detail, mend: mendOf(reason) })), ...lostReason(row.lostSince ?? null)],
    createWindowEnds: instantsOf(state).createWindowOverAt,
    commands: commands.map(({ seq, at, by, instruction, outcome, settledAt, detail }) => ({ seq, at, by, instruction, outcome, settledAt, detail })),
    notices: notices.map(({ kind, instant, detail, claimedAt, sentAt }) => ({ kind, instant, detail, claimedAt, sentAt })),
  };
}

function lostReason(since: number | null): ReasonShown[] {
  return since === null ? [] : [{ reason: LOST, since, detail: 'its workflow is gone: nothing is carried out', mend: 'run `kookeeper instance revive`: the next generation starts from the stored state and carries out what waits' }];
}

/** A state may hold the reason of another release. */
function mendOf(reason: string): string {
  const known: Readonly<Record<string, { readonly mend: string }>> = PERSON_REASONS;
  return known[reason]?.mend ?? 'this release does not know the reason: read its detail';
}
