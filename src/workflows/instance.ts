import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  defineQuery,
  defineSignal,
  proxyActivities,
  proxyLocalActivities,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { currentState, type StoredState } from '../lifecycle/current.ts';
import { newLife, type LifeState } from '../lifecycle/state.ts';
import { runLife, type Doorbell, type LifeCore } from '../lifecycle/run-life.ts';
import { phaseOf, type Phase } from '../lifecycle/phase.ts';
import type { LifeActivities } from '../activities/index.ts';
import { attributesOf } from './attributes.ts';
import { detailsOf } from './details.ts';
import { effects } from './effects.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { handleUpdates } from './updates.ts';

/** Input of a run. `carried` is set by continue-as-new and by a revival; the first run starts from the identity alone. */
export interface InstanceInput {
  readonly instanceId: string;
  readonly orderId: string;
  readonly orderLineId: string;
  readonly carried?: StoredState;
  /** Continue as new at this many history events, instead of where the server suggests it. */
  readonly historyLimit?: number;
}

export interface InstanceStatus {
  readonly phase: Phase;
  readonly state: LifeState;
}

/** Carries nothing: the mailbox holds what there is to do, so a lost, doubled or reordered ring does no harm. */
export const bell = defineSignal('bell');
/** Before a release that old histories could not replay: the next run starts from the carried state, with new code and a short history. */
export const continueNow = defineSignal('continueAsNew');
export const status = defineQuery<InstanceStatus>('status');

/**
 * Ends before the workflow task would need to be prolonged, which costs three history events every eight seconds: in an outage of the
 * database a local activity that went on trying would fill a history within two days, and the server ends a workflow whose history is full.
 * The count ends attempts that fail at once (a schedule-to-close limit that is over during a back-off passes unnoticed in SDK 1.24), the time those that hang.
 */
const mailbox = proxyLocalActivities<Pick<LifeActivities, 'pull' | 'store'>>({
  startToCloseTimeout: '5 seconds',
  scheduleToCloseTimeout: '6 seconds',
  retry: { initialInterval: '200 milliseconds', maximumInterval: '1 second', maximumAttempts: 4 },
});

/** Repeated for as long as it takes, without an event for each attempt, and seen in the UI with the last error. */
const patientMailbox = (summary: string) =>
  proxyActivities<Pick<LifeActivities, 'pull' | 'store'>>({
    startToCloseTimeout: '10 seconds',
    summary,
    retry: { initialInterval: '5 seconds', maximumInterval: '1 minute' },
  });

/** One instance's whole life. Workflow id: `instance/<order line key>`. */
export async function instance(input: InstanceInput): Promise<void> {
  const { instanceId, orderId, orderLineId, historyLimit } = input;
  const doorbell: Doorbell = { rung: false };
  const alone = oneAtATime();
  const carried = input.carried ? currentState(input.carried) : newLife({ instanceId, orderId, orderLineId });
  let shown = carried;
  setHandler(
    bell,
    () => {
      doorbell.rung = true;
    },
    { description: 'There may be new commands in the mailbox: read it now. Safe to send at any time.' },
  );
  let asked = false;
  setHandler(
    continueNow,
    () => {
      asked = true;
      doorbell.rung = true;
    },
    { description: 'Start a new run from the carried state as soon as nothing is under way.' },
  );
  setHandler(status, () => ({ phase: phaseOf(shown), state: shown }), { description: 'Phase and whole state: what is desired, what is actual, clocks, last error, and why a person is needed.' });

  handleUpdates(instanceId, alone, () => shown, () => {
    doorbell.rung = true;
  });

  let attributes = '';
  const core: LifeCore = {
    now: () => Date.now(),
    async until(predicate, at, why) {
      if (predicate()) return;
      if (at === null) await condition(predicate);
      else if (at > Date.now()) await condition(predicate, at - Date.now(), { summary: why });
    },
    async pull(after, { generation, version, taken, takenAt }) {
      const known = { generation, version, taken, takenAt };
      try {
        return await alone(() => mailbox.pull({ instanceId, after, carried: known }));
      } catch {
        return patientMailbox('read the mailbox (the database did not answer for a while)').pull({ instanceId, after, carried: known });
      }
    },
    effect: effects(input),
    async store(state) {
      try {
        return await alone(() => mailbox.store({ state, at: Date.now() }));
      } catch {
        return patientMailbox('store the state (the database did not answer for a while)').store({ state, at: Date.now() });
      }
    },
    show(state) {
      shown = state;
      setCurrentDetails(detailsOf(state));
      const now = attributesOf(state);
      const text = JSON.stringify(now);
      if (text === attributes) return;
      attributes = text;
      upsertSearchAttributes(now);
    },
    mustContinue: () => asked || (historyLimit === undefined ? workflowInfo().continueAsNewSuggested : workflowInfo().historyLength >= historyLimit),
  };
  // A life ends by its release alone: what was promised is not undone by the Cancel button of the Temporal UI.
  const ended = await CancellationScope.nonCancellable(async () => {
    const end = await runLife(core, doorbell, carried);
    // What a person's update appends from here on, the next run finds in its mailbox.
    await condition(allHandlersFinished);
    return end;
  });
  if (ended.end === 'continue') {
    await continueAsNew<typeof instance>({ ...input, carried: ended.state });
  }
}
