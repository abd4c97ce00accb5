import { proxyActivities } from '@temporalio/workflow';
import type { LifeActivities } from '../activities/index.ts';
import type { Plan } from '../lifecycle/plan.ts';

/** One attempt: the marketplace waits 5 s, and asks again by itself. */
const { check } = proxyActivities<Pick<LifeActivities, 'check'>>({ startToCloseTimeout: '3 seconds', scheduleToCloseTimeout: '3500 milliseconds', retry: { maximumAttempts: 1 } });

/** A question of the marketplace (changeInstanceCheck): would the change go through? Workflow id: `check/<call id>`. Changes nothing. */
export async function checkChange(question: { instanceId: string; from: Plan; plan: Plan }): Promise<{ allowed: true } | { allowed: false; reason: string }> {
  return check(question);
}
