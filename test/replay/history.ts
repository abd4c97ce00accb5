import { readFileSync, readdirSync } from 'node:fs';
import type { LifeState } from '../../src/lifecycle/state.ts';

const HISTORIES = new URL('./histories/', import.meta.url);
/** Where `capture.ts` writes. A release renames it to its version; such a folder is never written again. */
export const UNRELEASED = new URL('./unreleased/', HISTORIES);

type Event = Readonly<Record<string, unknown>>;
/** A history as `temporal workflow show --output json` prints it. */
export interface History {
  readonly events: readonly Event[];
}

/** What the database held at the end of a history. */
export interface Stored {
  readonly state: LifeState;
  readonly commands: readonly { readonly seq: number; readonly kind: string; readonly outcome: string | null }[];
}

export interface Fixture {
  /** Folder and scene: `unreleased/active`. */
  readonly name: string;
  readonly history: History;
  /** Null for workflows that store nothing, and for a run that was continued. */
  readonly stored: Stored | null;
}

export interface Scheduled {
  readonly type: string;
  readonly args: unknown;
  readonly limits: Limits;
}

/** Seconds; 0 where none was given. */
export interface Limits {
  readonly scheduleToClose: number;
  readonly startToClose: number;
  readonly heartbeat: number;
  readonly queue: 'life' | 'provision';
  readonly attempts: number;
  readonly firstRetry: number;
  readonly final: readonly string[];
}

/** Every history there is, of this release and of earlier ones. */
export function fixtures(): Fixture[] {
  const files = readdirSync(HISTORIES, { recursive: true, encoding: 'utf8' }).map((file) => file.replaceAll('\\', '/'));
  return files
    .filter((file) => file.endsWith('.json') && !file.endsWith('.stored.json'))
    .toSorted()
    .map((file) => {
      const name = file.replace(/\.json$/, '');
      const beside = `${name}.stored.json`;
      return { name, history: json(file) as History, stored: files.includes(beside) ? (json(beside) as Stored) : null };
    });
}

function json(file: string): unknown {
  return JSON.parse(readFileSync(new URL(file, HISTORIES), 'utf8'));
}

export function fixture(scene: string): Fixture {
  const found = fixtures().find(({ name }) => name === scene || name.endsWith(`/${scene}`));
  if (!found) throw new Error(`no history ${scene}: capture it (test/replay/capture.ts)`);
  return found;
}

/** The attributes of all events of one kind, in order. */
export function attributesOf<T>({ events }: History, kind: string): T[] {
  return events.flatMap((event) => (event[kind] === undefined ? [] : [event[kind] as T]));
}

export interface Payloads {
  readonly payloads?: readonly { readonly data?: string }[];
}

export function decode({ payloads = [] }: Payloads = {}): unknown[] {
  return payloads.map(({ data }) => (data === undefined ? null : (JSON.parse(Buffer.from(data, 'base64').toString('utf8')) as unknown)));
}

interface ScheduledAttributes {
  readonly activityType: { readonly name: string };
  readonly taskQueue: { readonly name: string };
  readonly input?: Payloads;
  readonly scheduleToCloseTimeout?: string;
  readonly startToCloseTimeout?: string;
  readonly heartbeatTimeout?: string;
  readonly retryPolicy?: { readonly maximumAttempts?: number; readonly initialInterval?: string; readonly nonRetryableErrorTypes?: readonly string[] };
}

export function activitiesOf(history: History): Scheduled[] {
  return attributesOf<ScheduledAttributes>(history, 'activityTaskScheduledEventAttributes').map(({ activityType, input, taskQueue, retryPolicy, ...limits }) => ({
    type: activityType.name,
    args: decode(input),
    limits: {
      // The server cuts it to what is left of the workflow's own limit.
      scheduleToClose: Math.ceil(seconds(limits.scheduleToCloseTimeout) * 10) / 10,
      startToClose: seconds(limits.startToCloseTimeout),
      heartbeat: seconds(limits.heartbeatTimeout),
      queue: queueKind(taskQueue.name),
      attempts: retryPolicy?.maximumAttempts ?? 0,
      firstRetry: seconds(retryPolicy?.initialInterval),
      final: retryPolicy?.nonRetryableErrorTypes ?? [],
    },
  }));
}

/** Lengths in ms. */
export function timersOf(history: History): number[] {
  return attributesOf<{ startToFireTimeout: string }>(history, 'timerStartedEventAttributes').map(({ startToFireTimeout }) => Math.round(seconds(startToFireTimeout) * 1000));
}

/** What the next run was given. */
export function continuedWith(history: History): unknown[] {
  return attributesOf<{ input?: Payloads }>(history, 'workflowExecutionContinuedAsNewEventAttributes').map(({ input }) => decode(input));
}

/** Queues of captured runs have names of their own, and a replay has none: what must not change is which of the two is used. */
export function queueKind(name: string): Limits['queue'] {
  return name.endsWith('provision') ? 'provision' : 'life';
}

function seconds(text = '0s'): number {
  return Number(text.replace(/s$/, ''));
}
