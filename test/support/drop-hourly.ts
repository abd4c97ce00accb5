import { isGrpcServiceError, ScheduleNotFoundError, ServiceError } from '@temporalio/client';
import type { ClientLink } from '../../src/temporal/connect.ts';
import { hourlyScheduleId } from '../../src/temporal/schedule.ts';

/** The server of a test run may outlive it. A worker that was never started has made no schedule, and a test may have stopped its server. */
export async function dropHourly({ temporal: { client, connection }, taskQueue }: { readonly temporal: ClientLink; readonly taskQueue: string }): Promise<void> {
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
