import { workflowIdOf } from '../../src/delivery/temporal-bell.ts';
import { Call, MailboxCommand, type CallRow, type CommandRow, type InstanceRow } from '../../src/store/entities.ts';
import { listInstances } from '../../src/store/instances.ts';
import type { Store } from '../../src/store/open.ts';
import type { ClientLink } from '../../src/temporal/connect.ts';
import type { Story } from './customer.ts';
import { endingOf, type Ending } from './model.ts';

/** What the database holds at one moment. */
export interface Ledger {
  /** By instance id. */
  readonly instances: ReadonlyMap<string, InstanceRow>;
  /** By instance id, in the order of their numbers. */
  readonly commands: ReadonlyMap<string, readonly CommandRow[]>;
  readonly calls: readonly CallRow[];
}

const ALL = 1_000_000;

export async function readLedger(store: Store): Promise<Ledger> {
  const em = store.em();
  const rows = await listInstances(em, { limit: ALL });
  const commands = await em.find(MailboxCommand, {}, { orderBy: { instanceId: 'asc', seq: 'asc' } });
  const calls = await em.find(Call, {});
  return { instances: new Map(rows.map((row) => [row.id, row])), commands: Map.groupBy(commands, ({ instanceId }) => instanceId), calls };
}

export const endingOfStory = ({ order, plan, accepted }: Story): Ending => endingOf({ end: order.expireAt ?? 0, sku: plan.sku }, accepted);

const PHASE: Readonly<Record<Ending, string>> = { usable: 'active', frozen: 'frozen', 'released, data kept': 'released', 'released, data removed': 'released' };

/** What of a line's row is not as its accepted calls demand; null when all is. */
export function amiss(story: Story, { instances, commands }: Ledger): string | null {
  const row = instances.get(story.instanceId);
  if (!row) return 'has no row';
  if (row.waiting) return `${row.lastSeq - row.taken} commands were not taken`;
  const open = (commands.get(row.id) ?? []).filter(({ outcome }) => outcome === null);
  if (open.length > 0) return `no outcome of ${open.map(({ instruction }) => instruction.kind).join(', ')}`;
  const ending = endingOfStory(story);
  if (row.phase !== PHASE[ending]) return `is ${row.phase}, must be ${ending}`;
  const gone = !row.living || row.state.actual.tenant === 'leaving';
  if (gone !== (ending === 'released, data removed')) return gone ? `was removed, must be ${ending}` : 'was not removed';
  return null;
}

/** A tenant of which an attempt may still land is removed once more later: until then its workflow runs. */
export const looksAgain = (row: InstanceRow): boolean => row.living && row.state.actual.tenant === 'leaving';

/** Names of activities that the server still wants carried out for this order line. */
export async function underWay({ client }: ClientLink, orderLineKey: string): Promise<string[]> {
  const { raw } = await client.workflow.getHandle(workflowIdOf(orderLineKey)).describe();
  return (raw.pendingActivities ?? []).map(({ activityType }) => activityType?.name ?? '');
}
