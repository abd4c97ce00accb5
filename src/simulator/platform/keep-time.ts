import type { Platform } from './platform.ts';

export interface Timekeeper {
  readonly now: () => number;
  /** Rejects, or resolves early, when `stopping` fires. */
  readonly wait: (ms: number, stopping: AbortSignal) => Promise<void>;
}

/** A new matter may come up at any moment, and the clock may be set; so nothing is slept through for longer. */
const LONGEST = 250;

/**
 * Lets the platform act when it is time, until `stopping`. What takes long is not waited for, so one hanging call holds up nothing else.
 * Rejects with what the platform itself fails with, such as a database that cannot be written.
 */
export async function keepTime(platform: Pick<Platform, 'nextDue' | 'runDue'>, { now, wait }: Timekeeper, stopping: AbortSignal): Promise<void> {
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => undefined);
  const underWay = new Set<Promise<void>>();
  while (!stopping.aborted) {
    const due = await Promise.race([platform.nextDue(), failed.promise]);
    if (due !== null && due <= now()) {
      const running = platform.runDue().then(
        () => void underWay.delete(running),
        (error: unknown) => failed.reject(error),
      );
      underWay.add(running);
    }
    const pause = due === null || due <= now() ? LONGEST : Math.min(LONGEST, due - now());
    await Promise.race([wait(Math.max(1, pause), stopping).catch(() => undefined), failed.promise]);
  }
  await Promise.race([Promise.all(underWay), failed.promise]);
}
