import { ActivityCancellationType, proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { LifeActivities, ProvisionActivities } from '../activities/index.ts';
import { provisionQueueOf } from './task-queues.ts';

/** Both end before the run does (`temporal/schedule.ts`), and that before the next hour. */
const LIMITS = { startToCloseTimeout: '40 minutes', scheduleToCloseTimeout: '45 minutes', retry: { initialInterval: '2 seconds', maximumInterval: '5 minutes' } } as const;

/** What is done for all instances together, once an hour, by the schedule `kookeeper-hourly`. Each part has its turn, whatever becomes of the others. */
export async function hourly(): Promise<Record<string, unknown>> {
  const meters = proxyActivities<Pick<ProvisionActivities, 'readMeters'>>({
    ...LIMITS,
    // Adapters are asked: on their queue a hung one holds up no freeze and no release.
    taskQueue: provisionQueueOf(workflowInfo().taskQueue),
    heartbeatTimeout: '30 seconds',
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    summary: 'read the meters of instances that are paid by use',
  });
  const lives = proxyActivities<Pick<LifeActivities, 'compare'>>({ ...LIMITS, heartbeatTimeout: '30 seconds', summary: 'compare living rows with open workflows' });
  return allOf({ readMeters: () => meters.readMeters(), compare: () => lives.compare() });
}

/** Does all parts at once; throws the first failure when all have ended. */
async function allOf(parts: Readonly<Record<string, () => Promise<unknown>>>): Promise<Record<string, unknown>> {
  const ended = await Promise.allSettled(Object.entries(parts).map(async ([name, part]) => [name, await part()] as const));
  const failure = ended.find((part) => part.status === 'rejected');
  if (failure) throw failure.reason;
  return Object.fromEntries(ended.flatMap((part) => (part.status === 'fulfilled' ? [part.value] : [])));
}
