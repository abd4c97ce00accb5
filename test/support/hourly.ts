import { isGrpcServiceError, ScheduleNotFoundError, ScheduleOverlapPolicy, ServiceError, type Client, type Connection, type ScheduleDescription } from '@temporalio/client';
import { hourlyScheduleId } from '../../src/temporal/schedule.ts';
import { eventually } from './engine.ts';

interface Where {
  readonly temporal: { readonly client: Client; readonly connection: Connection };
  readonly taskQueue: string;
}

/** Has the schedule start its workflow now, and gives what the workflow answers. */
export async function runHourly({ temporal: { client }, taskQueue }: Where): Promise<unknown> {
  const handle = client.schedule.getHandle(hourlyScheduleId(taskQueue));
  const started = ({ info }: ScheduleDescription): string[] => info.recentActions.map(({ action }) => action.workflow.firstExecutionRunId);
  const before = started(await handle.describe());
  await handle.trigger(ScheduleOverlapPolicy.ALLOW_ALL);
  const { workflowId, firstExecutionRunId } = await eventually(async () => {
    const { info } = await handle.describe();
    return info.recentActions.find(({ action }) => !before.includes(action.workflow.firstExecutionRunId))?.action.workflow;
  });
  return client.workflow.getHandle(workflowId, firstExecutionRunId).result();
}

/** The server of a test run may outlive it. A worker that was never started has made no schedule, and a test may have stopped its server. */
export async function dropHourly({ temporal: { client, connection }, taskQueue }: Where): Promise<void> {
  const handle = client.schedule.getHandle(hourlyScheduleId(taskQueue));
  await connection
    .withDeadline(Date.now() + 5_000, () => handle.delete())
    .catch((error: unknown) => {
      if (error instanceof ScheduleNotFoundError || isServerAway(error)) return;
      throw error;
    });
}

/** DEADLINE_EXCEEDED and UNAVAILABLE of gRPC. */
function isServerAway(error: unknown): boolean {
  const cause = error instanceof ServiceError ? error.cause : error;
  const status: number | null = isGrpcServiceError(cause) ? cause.code : null;
  return status === 4 || status === 14;
}
