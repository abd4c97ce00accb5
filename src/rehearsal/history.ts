import type { WorkflowHandle } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { optionalTsToMs } from '@temporalio/common/lib/time.js';
import type { Stage } from './stage.ts';

/** One effect that the workflow has had carried out, as its history tells it. Instants are the workflow's own, UTC ms. */
export interface EngineAct {
  readonly activity: string;
  /** Of a notice: its kind. */
  readonly notice: string | null;
  readonly begunAt: number;
  /** How it ended; null: not yet. */
  readonly end: 'done' | 'failed' | 'cancelled' | null;
  readonly attempts: number;
  /** Why it failed. */
  readonly message: string;
}

export interface HistoryReader {
  /** What was begun since the last call, oldest first, over all runs. */
  read(): Promise<readonly EngineAct[]>;
}

type Event = NonNullable<Awaited<ReturnType<WorkflowHandle['fetchHistory']>>['events']>[number];

/** Reads on where it stopped, and follows continue-as-new. Only while nothing is under way: what has begun has ended then. */
export function readHistory({ handle }: Pick<Stage, 'handle'>): HistoryReader {
  let runId: string | null = null;
  let seen = 0;
  return {
    async read() {
      const found: EngineAct[] = [];
      for (;;) {
        runId ??= await firstRun(handle());
        const events: readonly Event[] = (await handle().client.getHandle(handle().workflowId, runId).fetchHistory()).events ?? [];
        found.push(...actsOf(events, seen));
        seen = events.length;
        const following: string | null | undefined = events.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId;
        if (!following) return found;
        runId = following;
        seen = 0;
      }
    },
  };
}

async function firstRun(handle: WorkflowHandle): Promise<string> {
  const { raw, runId } = await handle.describe();
  return raw.workflowExecutionInfo?.firstRunId || runId;
}

function actsOf(events: readonly Event[], from: number): EngineAct[] {
  return events.slice(from).flatMap((event): EngineAct[] => {
    const begun = event.activityTaskScheduledEventAttributes;
    if (!begun) return [];
    const mine = events.filter((other) => scheduledBy(other) === String(event.eventId));
    const attempts = Math.max(1, ...mine.map(({ activityTaskStartedEventAttributes: started }) => started?.attempt ?? 0));
    const failure = mine.flatMap(({ activityTaskFailedEventAttributes: failed, activityTaskTimedOutEventAttributes: late }) => failed?.failure ?? late?.failure ?? [])[0];
    const end = failure
      ? 'failed'
      : mine.some(({ activityTaskCompletedEventAttributes: done }) => done)
        ? 'done'
        : mine.some(({ activityTaskCanceledEventAttributes: cancelled }) => cancelled)
          ? 'cancelled'
          : null;
    return [{ activity: begun.activityType?.name ?? '', notice: noticeOf(begun), begunAt: optionalTsToMs(event.eventTime) ?? 0, end, attempts, message: failure?.message ?? '' }];
  });
}

function scheduledBy(event: Event): string | null {
  const of = event.activityTaskStartedEventAttributes ?? event.activityTaskCompletedEventAttributes ?? event.activityTaskFailedEventAttributes ?? event.activityTaskTimedOutEventAttributes ?? event.activityTaskCanceledEventAttributes;
  return of ? String(of.scheduledEventId) : null;
}

function noticeOf({ activityType, input }: NonNullable<Event['activityTaskScheduledEventAttributes']>): string | null {
  const [payload] = input?.payloads ?? [];
  if (activityType?.name !== 'notify' || !payload) return null;
  return defaultPayloadConverter.fromPayload<{ readonly notice: { readonly kind: string } }>(payload).notice.kind;
}
