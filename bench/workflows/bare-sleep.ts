import { proxyLocalActivities, sleep } from '@temporalio/workflow';

export interface EmptyCount {
  asleep(): Promise<void>;
}

const { asleep } = proxyLocalActivities<EmptyCount>({ startToCloseTimeout: '10 seconds' });

/** Nothing but a timer; the activity only tells that it got there. */
export async function bareSleep(): Promise<void> {
  await asleep();
  await sleep('366 days');
}
