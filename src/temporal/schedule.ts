import { isGrpcServiceError, ScheduleAlreadyRunning, ScheduleOverlapPolicy, ServiceError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { lifeTaskQueue } from '../workflows/task-queues.ts';

/** Id of the schedule of the workers on a task queue: workers on other queues of one namespace have their own. */
export const hourlyScheduleId = (taskQueue: string = lifeTaskQueue): string => (taskQueue === lifeTaskQueue ? 'kookeeper-hourly' : `kookeeper-hourly/${taskQueue}`);

/** The namespace has no schedule for the hourly work, and we may not make it. Instances are served all the same. */
export class ScheduleMissing extends Error {
  override readonly name = 'ScheduleMissing';
  readonly code = 'schedule-missing';

  constructor(scheduleId: string, taskQueue: string, reason: string, options?: ErrorOptions) {
    super(
      `the hourly work has no schedule and we may not create it: ${reason}. Create it once:\n` +
        `  temporal schedule create --schedule-id ${scheduleId} --interval 1h --overlap-policy Skip --catchup-window 1m --workflow-id ${scheduleId} --type hourly --task-queue ${taskQueue} --execution-timeout 50m`,
      options,
    );
  }
}

/** PERMISSION_DENIED and UNIMPLEMENTED of gRPC: trying again would not help. */
const REFUSALS: readonly number[] = [7, 12];

/**
 * Makes the schedule of the hourly work unless there is one. What is there is left as it is: somebody may have paused it or changed its times.
 * Made paused it only runs when it is triggered. May be repeated, and may run in several processes at once. Throws ScheduleMissing where schedules are closed to us.
 */
export const createHourlySchedule = async (client: Client, taskQueue: string = lifeTaskQueue, { paused = false }: { readonly paused?: boolean } = {}): Promise<void> => {
  const scheduleId = hourlyScheduleId(taskQueue);
  try {
    await client.schedule.create({
      scheduleId,
      spec: { intervals: [{ every: '1 hour' }] },
      // A run that found no worker must not stand in the way of all that follow.
      action: { type: 'startWorkflow', workflowType: 'hourly', workflowId: scheduleId, taskQueue, args: [], workflowExecutionTimeout: '50 minutes' },
      // An hour that was missed is not made up for: the next one reads the same meters.
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 minute' },
      state: { paused },
    });
  } catch (error) {
    if (error instanceof ScheduleAlreadyRunning) return;
    const refusal = error instanceof ServiceError ? error.cause : undefined;
    if (isGrpcServiceError(refusal) && REFUSALS.includes(refusal.code)) throw new ScheduleMissing(scheduleId, taskQueue, refusal.details, { cause: error });
    throw error;
  }
};
