import { Context } from '@temporalio/activity';
import { failureOf } from './failure.ts';

const HEARTBEAT = 5_000;

/**
 * Runs an effect with heartbeats, so that a dead worker is noticed within seconds and a cancellation arrives, and with its failure made fit for the history.
 * `progress`, if there is one, goes with each heartbeat: the next attempt goes on from there.
 */
export async function atWork<T>(work: (signal: AbortSignal) => Promise<T>, progress?: () => unknown): Promise<T> {
  const context = Context.current();
  const beat = setInterval(() => context.heartbeat(progress?.()), HEARTBEAT);
  try {
    return await work(context.cancellationSignal);
  } catch (error) {
    // An adapter may report our own abort as any error: what counts is that the attempt was cancelled and has ended.
    if (context.cancellationSignal.aborted) await context.cancelled;
    throw failureOf(error);
  } finally {
    clearInterval(beat);
  }
}
