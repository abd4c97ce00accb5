/** What a process ends with, for every command (the same four everywhere, so that scripts can rely on them). */
export const EXIT = {
  ok: 0,
  /** The command ran, and what it looked at or tried is not as it must be. */
  failed: 1,
  /** Wrong flag, wrong argument, wrong configuration: nothing was done. */
  badInput: 2,
  /** Unreachable, interrupted, or nothing was looked at: the answer is not known. */
  incomplete: 3,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
