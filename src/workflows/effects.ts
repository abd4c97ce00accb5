import { ActivityCancellationType, ActivityFailure, ApplicationFailure, CancellationScope, isCancellation, proxyActivities, TimeoutFailure, workflowInfo } from '@temporalio/workflow';
import type { RetryPolicy } from '@temporalio/common';
import type { LifeActivities, ProvisionActivities } from '../activities/index.ts';
import type { Effect, EffectResult } from '../lifecycle/effect.ts';
import type { LifeCore } from '../lifecycle/run-life.ts';
import { PROVISION_LIMIT } from '../lifecycle/rules.ts';
import { provisionQueueOf } from './task-queues.ts';

/**
 * An activity tries three times; the life's loop owns the long back-off, so that a new command overtakes a failing effect.
 * An attempt that was cut off may still land, and only the loop can look again after that: so it ends the round and is heard of,
 * instead of being followed by an attempt that ends well.
 */
const ATTEMPTS: RetryPolicy = {
  maximumAttempts: 3,
  initialInterval: '1 second',
  maximumInterval: '10 seconds',
  // The server's name for that time-out. (A heartbeat that stays away is mostly a dead process: there the next attempt follows at once.)
  nonRetryableErrorTypes: ['TemporalTimeout:StartToClose'],
};
const HEARTBEAT = { heartbeatTimeout: '15 seconds', cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED } as const;

const life = (summary: string) =>
  proxyActivities<Omit<LifeActivities, 'pull' | 'store'>>({
    ...HEARTBEAT,
    startToCloseTimeout: '1 minute',
    scheduleToCloseTimeout: '5 minutes',
    retry: ATTEMPTS,
    summary,
  });

const provisioning = (summary: string) =>
  proxyActivities<ProvisionActivities>({
    ...HEARTBEAT,
    taskQueue: provisionQueueOf(workflowInfo().taskQueue),
    startToCloseTimeout: '4 minutes',
    scheduleToCloseTimeout: PROVISION_LIMIT,
    retry: ATTEMPTS,
    summary,
  });

interface Identity {
  readonly instanceId: string;
  readonly orderLineId: string;
}

/** Carries effects out as activities. The result always resolves: failures are part of the life. */
export function effects(identity: Identity): LifeCore['effect'] {
  return (effect) => {
    const scope = new CancellationScope();
    const result = scope.run(() => carryOut(identity, effect)).catch(resultOf);
    return { result, cancel: () => scope.cancel() };
  };
}

async function carryOut({ instanceId, orderLineId }: Identity, effect: Effect): Promise<EffectResult> {
  switch (effect.kind) {
    case 'order': {
      const { purchase, rules } = await life(`order query ${effect.orderLineId}`).order({ instanceId, orderId: effect.orderId, orderLineId: effect.orderLineId });
      return { end: 'done', purchase, rules };
    }
    case 'provision':
      await provisioning(`build the tenant for ${effect.plan.skuCode}`).provision({ instanceId, plan: effect.plan, suspended: effect.suspended });
      return { end: 'done' };
    case 'resume':
      await provisioning('open access').resume({ instanceId, plan: effect.plan });
      return { end: 'done' };
    case 'suspend':
      await life('end access, keep the data').suspend({ instanceId, plan: effect.plan });
      return { end: 'done' };
    case 'change': {
      const { rules } = await provisioning(`change the tenant to ${effect.plan.skuCode}`).change({ instanceId, from: effect.from, plan: effect.plan });
      return { end: 'done', rules };
    }
    case 'notify':
      await life(`tell a person: ${effect.notice.kind}`).notify({ instanceId, orderLineId, notice: effect.notice });
      return { end: 'done' };
    case 'remove':
      await life('remove the tenant and its data').remove({ instanceId, plan: effect.plan });
      return { end: 'done' };
  }
}

/** `REFUSED` types end in the result code: the shape that the activities throw. */
const REFUSED = 'refused:';

function resultOf(error: unknown): EffectResult {
  if (isCancellation(error)) return { end: 'cancelled' };
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof ApplicationFailure) {
    const type = cause.type ?? 'failed';
    if (type.startsWith(REFUSED)) return { end: 'refused', code: type.slice(REFUSED.length), message: cause.message };
    return { end: 'failed', code: type, message: cause.message, cutOff: false };
  }
  if (cause instanceof TimeoutFailure) return { end: 'failed', code: 'timed-out', message: 'the attempt was cut off at its time limit', cutOff: true };
  return { end: 'failed', code: 'failed', message: cause instanceof Error ? cause.message : String(cause), cutOff: true };
}
