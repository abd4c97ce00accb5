import { ScheduleOverlapPolicy, type Client, type ScheduleDescription } from '@temporalio/client';
import { hourlyScheduleId } from '../../src/temporal/schedule.ts';
import { eventually } from './engine.ts';

interface Where {
  readonly temporal: { readonly client: Client };
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
