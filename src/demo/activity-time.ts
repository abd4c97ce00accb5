import { isGrpcServiceError, type Client } from '@temporalio/client';

/** gRPC's own number for NOT_FOUND. */
const NOT_THERE: ReadonlySet<number> = new Set([5]);

/** How long the newest completed activity of a type took, from being scheduled, ms; null while there is none. Read from the workflow's history, as the UI shows it. */
export async function activityTime(client: Client, workflowId: string, type: string): Promise<number | null> {
  const events = await eventsOf(client, workflowId);
  const scheduled = new Map<string, number>();
  let newest: number | null = null;
  for (const { eventId, eventTime, activityTaskScheduledEventAttributes: begun, activityTaskCompletedEventAttributes: ended } of events) {
    const at = Number(eventTime?.seconds ?? 0) * 1000 + (eventTime?.nanos ?? 0) / 1e6;
    if (begun?.activityType?.name === type) scheduled.set(String(eventId), at);
    const from = ended ? scheduled.get(String(ended.scheduledEventId)) : undefined;
    if (from !== undefined) newest = at - from;
  }
  return newest;
}

/** The first ring may still be on its way to the server: then there is no history yet. */
async function eventsOf(client: Client, workflowId: string) {
  try {
    return (await client.workflow.getHandle(workflowId).fetchHistory()).events ?? [];
  } catch (error) {
    if (isGrpcServiceError(error) && NOT_THERE.has(error.code)) return [];
    throw error;
  }
}
