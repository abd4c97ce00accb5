import { mkdir, rm, writeFile } from 'node:fs/promises';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import type { WorkflowHandle } from '@temporalio/client';
import type { InstanceRecord } from '../../../src/operations/show-instance.ts';
import { eventually } from '../../support/engine.ts';
import { UNRELEASED, type Stored } from '../history.ts';

/** Writes the history of a run below `histories/unreleased`, and beside it what the database held when the run had come so far. */
export async function keep(name: string, handle: WorkflowHandle, how: 'waits' | 'ended', record: (() => Promise<InstanceRecord>) | null = null, folder: URL = UNRELEASED): Promise<void> {
  if (how === 'ended') await eventually(async () => (await handle.describe()).status.name !== 'RUNNING', 60_000);
  const { history, stored } = await eventually(async () => {
    const before = await look(handle, record);
    await new Promise((resolve) => setTimeout(resolve, how === 'ended' ? 0 : 1_500));
    const after = await look(handle, record);
    return before.history === after.history && before.stored === after.stored && after;
  }, 60_000);
  const file = name.replaceAll(/[^a-z0-9.]+/g, '-');
  await mkdir(folder, { recursive: true });
  await writeFile(new URL(`${file}.json`, folder), history);
  const beside = new URL(`${file}.stored.json`, folder);
  // A run may have been continued where an earlier capture saw it end.
  await (stored === null ? rm(beside, { force: true }) : writeFile(beside, stored));
}

async function look(handle: WorkflowHandle, record: (() => Promise<InstanceRecord>) | null): Promise<{ history: string; stored: string | null }> {
  const history = JSON.parse(historyToJSON(await handle.fetchHistory()), withoutMachine) as unknown;
  const shown = await record?.();
  const stored: Stored | null = shown ? { state: shown.state, commands: shown.commands.map(({ seq, instruction: { kind }, outcome }) => ({ seq, kind, outcome: outcome ?? null })) } : null;
  return { history: text(history), stored: stored && text(stored) };
}

/** Who ran it, and where its files lay, is no part of a history: replay looks at neither. The server gives the members of its maps in any order. */
function withoutMachine(key: string, value: unknown): unknown {
  if (key === 'identity' && typeof value === 'string') return 'capture';
  if (key === 'stackTrace') return '';
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

const text = (value: unknown): string => `${JSON.stringify(value, null, 1)}\n`;
