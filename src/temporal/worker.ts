import { Worker } from '@temporalio/worker';
import type { NativeConnection, WorkerOptions, WorkflowBundleOption } from '@temporalio/worker';
import { lifeTaskQueue, provisionTaskQueue } from '../workflows/task-queues.ts';
import { supervise } from './supervise.ts';
import type { Workers } from './supervise.ts';

export interface WorkersOptions {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly bundle: WorkflowBundleOption;
  /** Activities by name: `life` beside the workflows, `provision` on a queue of its own, so that a hung provisioner holds up nothing else. */
  readonly activities: { readonly life: object; readonly provision: object };
  /** Other queue names, so that tests on one server do not meet. */
  readonly taskQueues?: { readonly life: string; readonly provision: string };
  /** How long running activities may go on after `stop()` before they are cancelled, ms; 10 s later they are left behind. Default 20 s. */
  readonly shutdownGraceTime?: number;
  readonly identity?: string;
}

/** Workflows kept in memory: an idle instance rests until its next bell or timer, and an over-full cache can end the process (temporal.md §7). */
const maxCachedWorkflows = 500;

/** Heartbeats bring cancellations; the SDK would hold them back for 80 % of the heartbeat time-out. */
const maxHeartbeatThrottleInterval = 5_000;

/** Between the cancelling of activities at the end of the grace and giving them up, ms. */
const forceAfterMs = 10_000;

/** Starts the two workers of a process: workflows with their life activities, and provisioning. Resolves when both poll; throws when one cannot be made. */
export const startWorkers = async (options: WorkersOptions): Promise<Workers> => {
  const { connection, namespace, bundle, activities, identity, shutdownGraceTime = 20_000 } = options;
  const taskQueues = options.taskQueues ?? { life: lifeTaskQueue, provision: provisionTaskQueue };
  const common: Omit<WorkerOptions, 'taskQueue'> = {
    connection,
    namespace,
    shutdownGraceTime,
    shutdownForceTime: shutdownGraceTime + forceAfterMs,
    maxHeartbeatThrottleInterval,
    ...(identity === undefined ? {} : { identity }),
  };

  const life = await Worker.create({ ...common, taskQueue: taskQueues.life, workflowBundle: bundle, activities: activities.life, maxCachedWorkflows });
  let provision: Worker;
  try {
    provision = await Worker.create({ ...common, taskQueue: taskQueues.provision, activities: activities.provision });
  } catch (error) {
    // Only a worker that has run lets go of the connection.
    await life.runUntil(Promise.resolve());
    throw error;
  }
  return supervise([life, provision], { patienceMs: shutdownGraceTime + forceAfterMs + 5000 });
};
