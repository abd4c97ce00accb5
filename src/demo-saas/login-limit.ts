export interface LoginLimit {
  /** Takes one attempt; the answer is 0, or for how many more milliseconds attempts are refused. */
  take(instanceId: string): number;
  /** Forgets the attempts: the right password was given. */
  clear(instanceId: string): void;
}

export interface LoginLimitOptions {
  /** Attempts allowed in one window. */
  readonly attempts: number;
  /** Length of the window in milliseconds, counted from its first attempt. */
  readonly windowMs: number;
  /** Now, in milliseconds UTC. */
  readonly now: () => number;
}

/**
 * Limits login attempts for each tenant, in memory: a password of 100 random bits needs no more, the limit spares the processor.
 * Attempts count when they begin, so many at once gain nothing. Windows that are over are dropped when a new one begins.
 */
export function createLoginLimit({ attempts, windowMs, now }: LoginLimitOptions): LoginLimit {
  const windows = new Map<string, { until: number; taken: number }>();
  return {
    take(instanceId) {
      const at = now();
      let window = windows.get(instanceId);
      if (window === undefined || window.until <= at) {
        for (const [id, { until }] of windows) if (until <= at) windows.delete(id);
        window = { until: at + windowMs, taken: 0 };
        windows.set(instanceId, window);
      }
      window.taken += 1;
      return window.taken > attempts ? window.until - at : 0;
    },
    clear: (instanceId) => void windows.delete(instanceId),
  };
}
