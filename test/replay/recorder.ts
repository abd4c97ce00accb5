import { proxySinks, type Sinks, type WorkflowInterceptorsFactory } from '@temporalio/workflow';

/** What replay itself never compares: arguments and time-outs of activities, lengths of timers. */
export interface Recorded {
  readonly kind: 'activity' | 'timer';
  readonly name: string;
  readonly args: string;
  readonly limits: string;
}

export interface RecorderSinks extends Sinks {
  recorder: { record(entry: Recorded): void };
}

const { recorder } = proxySinks<RecorderSinks>();

/** Reports every scheduled activity and timer while a history is replayed. */
export const interceptors: WorkflowInterceptorsFactory = () => ({
  outbound: [
    {
      scheduleActivity(input, next) {
        const { scheduleToCloseTimeout, startToCloseTimeout, heartbeatTimeout, taskQueue, retry } = input.options;
        recorder.record({
          kind: 'activity',
          name: input.activityType,
          args: JSON.stringify(input.args),
          limits: JSON.stringify([scheduleToCloseTimeout, startToCloseTimeout, heartbeatTimeout, taskQueue, retry?.maximumAttempts]),
        });
        return next(input);
      },
      startTimer(input, next) {
        recorder.record({ kind: 'timer', name: String(input.seq), args: '', limits: String(input.durationMs) });
        return next(input);
      },
    },
  ],
});
