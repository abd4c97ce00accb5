import type { LifeState } from '../lifecycle/state.ts';
import type { CommandRow } from '../store/entities.ts';
import { findInstance } from '../store/instances.ts';
import { listCommands } from '../store/mailbox.ts';
import { stateOf } from '../store/state-of.ts';
import type { Store } from '../store/open.ts';
import { summaryOf, type InstanceSummary } from './list-instances.ts';

export interface InstanceRecord extends InstanceSummary {
  readonly workflowId: string;
  readonly updatedAt: number;
  readonly state: LifeState;
  readonly commands: readonly Pick<CommandRow, 'seq' | 'at' | 'by' | 'instruction' | 'outcome' | 'settledAt'>[];
}

/** Everything known of one instance, found by our id or by its order line; null when there is none. Holds no access data. */
export async function showInstance(store: Store, name: string): Promise<InstanceRecord | null> {
  const row = await findInstance(store.em(), name);
  if (!row) return null;
  const commands = await listCommands(store.em(), row.id);
  return {
    ...summaryOf(row),
    workflowId: `instance/${row.orderLineKey}`,
    updatedAt: row.updatedAt,
    state: stateOf(row),
    commands: commands.map(({ seq, at, by, instruction, outcome, settledAt }) => ({ seq, at, by, instruction, outcome, settledAt })),
  };
}
