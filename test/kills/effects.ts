import { readdir } from 'node:fs/promises';
import { workflowIdOf } from '../../src/delivery/temporal-bell.ts';
import { listNotes } from '../../src/provisioners/sqlite-tenant/notes.ts';
import { inTenant, tenantState } from '../../src/provisioners/sqlite-tenant/tenant-file.ts';
import type { ClientLink } from '../../src/temporal/connect.ts';
import { orderOf } from './answers.ts';
import { NOTE, type Story } from './customer.ts';
import { look, type Finding } from './finding.ts';
import { amiss, endingOfStory, looksAgain, type Ledger } from './ledger.ts';

/** What the database holds: rows, mailboxes, outcomes. */
export function lookAtLedger(stories: readonly Story[], ledger: Ledger): Finding[] {
  return [
    look('there is one row for each order line', stories, orderOf, ({ order }) => {
      const rows = [...ledger.instances.values()].filter(({ orderLineId }) => orderLineId === order.orderLineId);
      return rows.length === 1 ? null : `${rows.length} rows`;
    }),
    look('all was taken, has an outcome, and ended as the accepted calls add up to', stories, orderOf, (story) => amiss(story, ledger)),
    look('each call of the plan is in the mailbox at most once, and in its order', stories, orderOf, (story) => {
      const rows = ledger.commands.get(story.instanceId) ?? [];
      if (rows.some(({ seq }, index) => seq !== index + 1)) return `numbers ${rows.map(({ seq }) => seq).join(' ')}`;
      const said = rows.map(({ instruction }) => instruction.kind);
      const left = [...said];
      for (const { kind } of story.accepted) if (left[0] === kind) left.shift();
      if (left.length > 0) return `${said.join(' ')} came of ${story.accepted.map(({ kind }) => kind).join(' ')}`;
      const lost = (['create', 'renew', 'release'] as const).filter((kind) => count(said, kind) !== count(story.accepted.map((call) => call.kind), kind));
      return lost.length === 0 ? null : `${lost.join(' and ')}: ${said.join(' ')} came of ${story.accepted.map(({ kind }) => kind).join(' ')}`;
    }),
  ];
}

const count = (all: readonly string[], kind: string): number => all.filter((one) => one === kind).length;

export interface TenantFiles {
  readonly findings: readonly Finding[];
  readonly files: number;
  /** Unfinished files that a killed build left. */
  readonly drafts: number;
}

/** What the provisioner's folder holds. */
export async function lookAtTenants(folder: string, stories: readonly Story[], { instances }: Ledger): Promise<TenantFiles> {
  const names = await readdir(folder);
  const files = names.filter((name) => name.endsWith('.sqlite'));
  const drafts = names.filter((name) => name.includes('.draft.'));
  const wanted = new Map(stories.map((story) => [story.instanceId, endingOfStory(story)]));
  const mayBe = (id: string): boolean => instances.has(id) && wanted.get(id) !== 'released, data removed';
  return {
    files: files.length,
    drafts: drafts.length,
    findings: [
      look('every file in the folder is that of an instance that is not removed', names, (name) => name, (name) => (mayBe(name.replace(/^\./, '').split('.')[0] ?? '') ? null : 'is left over')),
      look('every instance has its one tenant, open or suspended, or none after its removal', stories, orderOf, (story) => {
        const state = inTenant(folder, story.instanceId, tenantState) ?? 'absent';
        const ending = endingOfStory(story);
        return state === { usable: 'open', frozen: 'suspended', 'released, data kept': 'suspended', 'released, data removed': 'absent' }[ending] ? null : `${ending}, and the tenant is ${state}`;
      }),
      look(
        'the buyer’s note is in the tenant once: it is the one that was built first',
        stories.filter((story) => story.access !== null && endingOfStory(story) !== 'released, data removed'),
        orderOf,
        ({ instanceId }) => {
          const notes = inTenant(folder, instanceId, (db) => listNotes(db).filter(({ text }) => text === NOTE).length) ?? 0;
          return notes === 1 ? null : `${notes} notes`;
        },
      ),
    ],
  };
}

export interface Histories {
  readonly findings: readonly Finding[];
  /** Rounds of `provision` that the workflows asked for, attempts that were lost before the one that ended well, and removals still to be repeated. */
  readonly provisions: number;
  readonly lostAttempts: number;
  readonly lookAgain: number;
}

/** What Temporal holds: which workflows there are, and what their histories say was done. */
export async function lookAtHistories({ client }: ClientLink, stories: readonly Story[], ledger: Ledger): Promise<Histories> {
  const runs: { workflowId: string; status: string }[] = [];
  for await (const { workflowId, status } of client.workflow.list({ query: `WorkflowType = 'instance'` })) runs.push({ workflowId, status: status.name });
  const byId = Map.groupBy(runs, ({ workflowId }) => workflowId);
  const done = new Map<string, { provision: number; remove: number }>();
  const rows = [...ledger.instances.values()];
  let provisions = 0;
  let lostAttempts = 0;
  for (const { id, orderLineKey } of rows) {
    const history = await client.workflow.getHandle(workflowIdOf(orderLineKey)).fetchHistory().catch(() => null);
    const names = new Map<string, string>();
    const ended = { provision: 0, remove: 0 };
    for (const { eventId, activityTaskScheduledEventAttributes: asked, activityTaskStartedEventAttributes: begun, activityTaskCompletedEventAttributes: completed } of history?.events ?? []) {
      if (asked) names.set(String(eventId), asked.activityType?.name ?? '');
      const name = names.get(String((begun ?? completed)?.scheduledEventId));
      if (asked?.activityType?.name === 'provision') provisions += 1;
      if (begun && name === 'provision') lostAttempts += (begun.attempt ?? 1) - 1;
      if (completed && (name === 'provision' || name === 'remove')) ended[name] += 1;
    }
    done.set(id, ended);
  }
  const known = new Set(rows.map(({ orderLineKey }) => workflowIdOf(orderLineKey)));
  return {
    provisions,
    lostAttempts,
    lookAgain: rows.filter(looksAgain).length,
    findings: [
      look('every row has one workflow in one run, which ends with the removal', rows, ({ orderLineKey }) => orderLineKey, ({ orderLineKey, living }) => {
        const found = (byId.get(workflowIdOf(orderLineKey)) ?? []).map(({ status }) => status).join(' ');
        return found === (living ? 'RUNNING' : 'COMPLETED') ? null : `${found || 'no workflow'}, and the row is ${living ? 'living' : 'closed'}`;
      }),
      look('every workflow has its row', byId.keys(), (id) => id, (id) => (known.has(id) ? null : 'has no row')),
      look('built once: the history of the line holds one provision that ended well', stories, orderOf, (story) => {
        const built = done.get(story.instanceId)?.provision ?? 0;
        // Released before it was ready: nothing need have been built.
        const maybe = !story.plan.patient && story.plan.release !== null;
        return built === 1 || (maybe && built === 0) ? null : `${built} provisions`;
      }),
      look('removed once, and only what was released', stories, orderOf, (story) => {
        const { remove = 0, provision = 0 } = done.get(story.instanceId) ?? {};
        if (endingOfStory(story) !== 'released, data removed') return remove === 0 ? null : `${remove} removals`;
        return remove === 1 || (remove === 0 && provision === 0) ? null : `${remove} removals`;
      }),
    ],
  };
}
