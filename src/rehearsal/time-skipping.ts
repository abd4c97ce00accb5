import { randomUUID } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import { msToTs, optionalTsToMs } from '@temporalio/common/lib/time.js';

/*
 * The one place that knows how a server moves the clock of a single workflow: experimental, renamed three times, and without a high-level call in
 * the TypeScript SDK 1.24 (temporal.md §2). The server needs its flag.
 */

/**
 * Dynamic configuration of a development server whose workflows' clocks are moved, and that continue as new many times within a second (temporal.md §0.1,
 * §2.1). The first key was renamed after 1.32.0 and before; servers pass over keys they do not know.
 */
export const SKIPS_TIME: Readonly<Record<string, unknown>> = {
  'frontend.WorkflowTimeSkippingEnabled': true,
  'frontend.TimeSkippingEnabled': true,
  'system.workflowTimeSkippingEnabled': true,
  'history.workflowIdReuseMinimalInterval': '0s',
  // The server wakes a timer up to a second late otherwise: whoever moves the clock would wait for nothing else.
  'history.timerProcessorMaxTimeShift': '10ms',
};

/** The workflow's own clock was not moved: the flag or the API changed, or the way to the target could not be finished. */
export class TimeNotSkipped extends Error {
  override readonly name = 'TimeNotSkipped';
  readonly code = 'TIME_NOT_SKIPPED';
  constructor(workflowId: string, reason: string, options?: ErrorOptions) {
    super(`the clock of ${workflowId} was not moved: ${reason}`, options);
  }
}

/** Of one fast-forward: almost three years of daily waits. The server's own limit, 200, is less than a year of them. */
const MOST_SKIPS = 1_000;

/** The server answers a poll after about 20 s at the latest; a call that takes longer than this is lost. */
const POLL_LIMIT = 40_000;

/** `FastForwardPollingResult`; its numbers are the protocol's. */
const POLL_TIMEOUT = 1;
const COMPLETED = 2;

/** What the workflow takes for now, UTC ms: the system's clock plus all that was skipped. */
export async function virtualNow(handle: WorkflowHandle): Promise<number> {
  const { raw } = await handle.describe();
  return optionalTsToMs(raw.workflowExtendedInfo?.timeSkippingInfo?.currentTime) ?? Date.now();
}

/**
 * Moves the workflow's clock on by `ms` and no further, at once where nothing is under way: every timer on the way fires at its instant, and what it
 * causes is carried out before the clock moves on. Follows continue-as-new; a workflow that closes on the way is where it ends. Afterwards the clock
 * goes on at the pace of the system's. Throws TimeNotSkipped.
 */
export async function fastForward(handle: WorkflowHandle, ms: number): Promise<void> {
  const { workflowId, client } = handle;
  const { namespace } = client.options;
  const workflowExecution = { workflowId };
  const fastForwardId = randomUUID();
  try {
    await client.workflowService.updateWorkflowExecutionOptions({
      namespace,
      workflowExecution,
      workflowExecutionOptions: { timeSkippingConfig: { enabled: true, fastForwardConfig: { id: fastForwardId, duration: msToTs(ms) }, maxSessionSkipCount: MOST_SKIPS } },
      updateMask: { paths: ['time_skipping_config'] },
    });
    for (;;) {
      const polled = await client.withDeadline(Date.now() + POLL_LIMIT, () =>
        client.workflowService.pollWorkflowExecutionTimeSkipping({ namespace, workflowExecution, fastForwardId }),
      );
      const outcome: number = polled.fastForwardPollingResult;
      if (outcome === COMPLETED) return;
      if (outcome === POLL_TIMEOUT) continue;
      if ((await handle.describe()).status.name !== 'RUNNING') return;
      throw new TimeNotSkipped(workflowId, polled.failedReason || 'the server gives no reason');
    }
  } catch (error) {
    if (error instanceof TimeNotSkipped) throw error;
    throw new TimeNotSkipped(workflowId, error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** Moves the workflow's clock to `instant` (UTC ms) and no further than the milliseconds the calls take; not at all when it is past that. */
export async function fastForwardTo(handle: WorkflowHandle, instant: number): Promise<void> {
  const ahead = instant - (await virtualNow(handle));
  if (ahead > 0) await fastForward(handle, ahead);
}
