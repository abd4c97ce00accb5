import { proxyActivities, proxyLocalActivities, workflowInfo } from '@temporalio/workflow';
import { provisionQueueOf } from '../../src/workflows/task-queues.ts';

/** Activities that do nothing; the last `store` says that the workflow is through. */
export interface EmptyActivities {
  pull(): Promise<void>;
  store(at: { readonly last: boolean }): Promise<void>;
  order(): Promise<void>;
  provision(): Promise<void>;
}

/** How often a create of ours pulls and stores; it asks and provisions once. */
export interface LocalCalls {
  readonly pulls: number;
  readonly stores: number;
}

const mailbox = proxyLocalActivities<Pick<EmptyActivities, 'pull' | 'store'>>({ startToCloseTimeout: '10 seconds' });
const life = proxyActivities<Pick<EmptyActivities, 'order'>>({ startToCloseTimeout: '1 minute' });

/** The shape of a create with nothing in it: each stage pulls, then stores while its effect is under way; what is left of the counts follows at the end. */
export async function bareLife({ pulls, stores }: LocalCalls): Promise<void> {
  const provisioning = proxyActivities<Pick<EmptyActivities, 'provision'>>({ startToCloseTimeout: '1 minute', taskQueue: provisionQueueOf(workflowInfo().taskQueue) });
  const left = { pulls, stores };
  const pull = async (): Promise<void> => {
    if (left.pulls === 0) return;
    left.pulls -= 1;
    await mailbox.pull();
  };
  const store = async (): Promise<void> => {
    if (left.stores === 0) return;
    left.stores -= 1;
    await mailbox.store({ last: left.stores === 0 });
  };
  for (const effect of [() => life.order(), () => provisioning.provision()]) {
    await pull();
    // The last one is kept for the end: it tells that everything else is done.
    await Promise.all([left.stores > 1 ? store() : Promise.resolve(), effect()]);
  }
  while (left.pulls > 0) await pull();
  while (left.stores > 0) await store();
}
