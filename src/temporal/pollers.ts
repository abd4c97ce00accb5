import type { ClientLink } from './connect.ts';

/** A worker renews its poll at least once a minute. */
const FRESH = 90_000;

/** Workflow queues are of type 1, activity queues of type 2 (`temporal.api.enums.v1.TaskQueueType`). */
const TYPES = { workflow: 1, activity: 2 } as const;

/** Whether some worker polls every one of the queues. The first is the queue of workflows. */
export async function isPolled({ client, connection, namespace }: ClientLink, queues: readonly string[]): Promise<boolean> {
  const answers = await Promise.all(
    queues.map((name, index) =>
      client.withDeadline(Date.now() + 1_500, () =>
        connection.workflowService.describeTaskQueue({ namespace, taskQueue: { name }, taskQueueType: index === 0 ? TYPES.workflow : TYPES.activity }),
      ),
    ),
  );
  return answers.every(({ pollers }) => (pollers ?? []).some(({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0) * 1000 > Date.now() - FRESH));
}
