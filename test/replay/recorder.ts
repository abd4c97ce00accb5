import { proxySinks, type Sinks, type WorkflowInterceptorsFactory } from '@temporalio/workflow';

/** What replay itself never compares: arguments and time-outs of activities, lengths of timers, and what the next run is given. */
export interface Recorded {
  readonly kind: 'activity' | 'local' | 'timer' | 'continue';
  /** Type of an activity. */
  readonly name: string;
  /** JSON: the arguments, a timer's milliseconds. */
  readonly args: string;
  /** JSON of the options of an activity. */
  readonly limits: string;
}

export interface RecorderSinks extends Sinks {
  recorder: { record(entry: Recorded): void };
}

const { recorder } = proxySinks<RecorderSinks>();

/** Reports everything that is asked of the server while a history is replayed. */
export const interceptors: WorkflowInterceptorsFactory = () => ({
  outbound: [
    {
      scheduleActivity(input, next) {
        recorder.record({ kind: 'activity', name: input.activityType, args: JSON.stringify(input.args), limits: JSON.stringify(input.options) });
        return next(input);
      },
      scheduleLocalActivity(input, next) {
        recorder.record({ kind: 'local', name: input.activityType, args: JSON.stringify(input.args), limits: JSON.stringify(input.options) });
        return next(input);
      },
      startTimer(input, next) {
        recorder.record({ kind: 'timer', name: '', args: String(input.durationMs), limits: '' });
        return next(input);
      },
      continueAsNew(input, next) {
        recorder.record({ kind: 'continue', name: '', args: JSON.stringify(input.args), limits: '' });
        return next(input);
      },
    },
  ],
});
