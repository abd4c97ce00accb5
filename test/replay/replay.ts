import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { msToNumber } from '@temporalio/common/lib/time.js';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker, type InjectedSinks, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import type { LifeState } from '../../src/lifecycle/state.ts';
import { activitiesOf, continuedWith, queueKind, timersOf, type Fixture, type History, type Limits } from './history.ts';
import type { Recorded, RecorderSinks } from './recorder.ts';

const OURS = fileURLToPath(new URL('../../src/workflows/index.ts', import.meta.url));
const logger = new DefaultLogger('ERROR');

/** Workflow code with the recorder in it. Once per process, `quiet` comes first. */
export async function bundleToReplay(workflowsPath: string = OURS): Promise<WorkflowBundleWithSourceMap> {
  return bundleWorkflowCode({ workflowsPath, workflowInterceptorModules: [fileURLToPath(new URL('./recorder.ts', import.meta.url))], logger });
}

/** Replay says everything it finds by throwing. */
export function quiet(): void {
  Runtime.install({ logger });
}

/** Throws `[TMPRL1100]` when the code asks the server for something else than the history has, or in another order. */
export async function replay(workflowBundle: WorkflowBundleWithSourceMap, history: History): Promise<Recorded[]> {
  const recorded: Recorded[] = [];
  const sinks: InjectedSinks<RecorderSinks> = { recorder: { record: { fn: (_info, entry) => void recorded.push(entry), callDuringReplay: true } } };
  await Worker.runReplayHistory({ workflowBundle, sinks }, historyFromJSON(structuredClone(history)));
  return recorded;
}

/** Everything in which today's code departs from a history; empty when it would have done the very same. */
export async function departures(bundle: WorkflowBundleWithSourceMap, { name, history, stored }: Fixture): Promise<string[]> {
  let recorded: readonly Recorded[];
  try {
    recorded = await replay(bundle, history);
  } catch (error) {
    return [`${name}: ${error instanceof Error ? error.message : String(error)}`];
  }
  const asked = of(recorded, 'activity').map(({ name: type, args, limits }) => ({ type, args: JSON.parse(args) as unknown, limits: limitsOf(limits) }));
  const found = [
    ...compare('activity', asked, activitiesOf(history)),
    ...compare('timer', timersIn(recorded, history), timersOf(history)),
    ...compare('input of the next run', of(recorded, 'continue').map(({ args }) => JSON.parse(args) as unknown), continuedWith(history)),
    ...(stored ? compare('stored state', [lastStored(recorded)], [stored.state]) : []),
    ...(stored ? compare('outcome', outcomes(recorded), outcomesOf(stored, recorded)) : []),
  ];
  return found.map((text) => `${name}: ${text}`);
}

function compare(what: string, now: readonly unknown[], then: readonly unknown[]): string[] {
  const found = now.length === then.length ? [] : [`${what}: ${now.length} now, ${then.length} in the history`];
  const same = (index: number): boolean => isDeepStrictEqual(now[index], then[index]);
  return [...found, ...then.flatMap((_, index) => (index < now.length && !same(index) ? [`${what} ${index + 1}: ${parting('', now[index], then[index]).join('; ')}`] : []))];
}

/** The members in which two values part. */
function parting(path: string, now: unknown, then: unknown): string[] {
  if (isDeepStrictEqual(now, then)) return [];
  if (!isRecord(now) || !isRecord(then)) return [`${path || 'it'} is now ${JSON.stringify(now)}, in the history ${JSON.stringify(then)}`];
  return [...new Set([...Object.keys(then), ...Object.keys(now)])].flatMap((key) => parting(path === '' ? key : `${path}.${key}`, now[key], then[key]));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** The task that continues a run ends the wait it has just begun: that timer never comes to the server. */
function timersIn(recorded: readonly Recorded[], history: History): number[] {
  const timers = of(recorded, 'timer').map(({ args }) => Number(args));
  return continuedWith(history).length > 0 && timers.length === timersOf(history).length + 1 ? timers.slice(0, -1) : timers;
}

function of(recorded: readonly Recorded[], kind: Recorded['kind']): Recorded[] {
  return recorded.filter((entry) => entry.kind === kind);
}

function limitsOf(text: string): Limits {
  const { scheduleToCloseTimeout, startToCloseTimeout, heartbeatTimeout, taskQueue, retry } = JSON.parse(text) as Record<string, string | number> & {
    retry?: { maximumAttempts?: number; initialInterval?: string; nonRetryableErrorTypes?: string[] };
  };
  return {
    scheduleToClose: seconds(scheduleToCloseTimeout),
    startToClose: seconds(startToCloseTimeout),
    heartbeat: seconds(heartbeatTimeout),
    queue: queueKind(String(taskQueue)),
    attempts: retry?.maximumAttempts ?? 0,
    firstRetry: retry?.initialInterval === undefined ? 1 : seconds(retry.initialInterval),
    final: retry?.nonRetryableErrorTypes ?? [],
  };
}

function seconds(duration: string | number | undefined): number {
  return duration === undefined ? 0 : msToNumber(duration as never) / 1000;
}

function storedStates(recorded: readonly Recorded[]): LifeState[] {
  return recorded.filter(({ kind, name }) => kind !== 'timer' && name === 'store').map(({ args }) => (JSON.parse(args) as [{ state: LifeState }])[0].state);
}

function lastStored(recorded: readonly Recorded[]): LifeState | null {
  const last = storedStates(recorded).at(-1);
  return last ? { ...last, settled: [] } : null;
}

/** What this run said of the commands it settled, by their numbers. */
function outcomes(recorded: readonly Recorded[]): [number, string][] {
  const said = new Map(storedStates(recorded).flatMap(({ settled }) => settled.map(({ seq, outcome }) => [seq, outcome] as const)));
  return [...said].toSorted(([a], [b]) => a - b);
}

function outcomesOf({ commands }: NonNullable<Fixture['stored']>, recorded: readonly Recorded[]): [number, string][] {
  const [first] = storedStates(recorded);
  // Earlier runs have settled the others.
  const before = first ? first.taken - first.open.length - first.settled.length : 0;
  return commands.flatMap(({ seq, outcome }) => (outcome === null || seq <= before ? [] : [[seq, outcome] as [number, string]]));
}
