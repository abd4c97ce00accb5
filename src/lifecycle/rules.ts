const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * The clocks of one product. All durations in milliseconds. A run of the workflow keeps the rules it was given,
 * so that changing the configuration never changes what a replay decides.
 */
export interface Rules {
  /** How long before the expiry the seller is warned. */
  readonly warn: number;
  /** From an expiry that a call has stated to our own freeze. The marketplace's freeze may come 7 days after the expiry (saas.md 6.7.3). */
  readonly graceStated: number;
  /** The same from an expiry that only the order query estimated: far too early for products under service supervision (saas.md 6.7.11). */
  readonly graceEstimated: number;
  /** From the freeze at expiry to `onRetention`. */
  readonly retention: number;
  /** From the end of access at a release to the removal of the data. */
  readonly keep: number;
  readonly onExpiry: 'freeze' | 'tell';
  readonly onRetention: 'hold' | 'release';
  /** Whether a provisioning that keeps failing is tried until the create window ends, or waits for a person after three rounds. */
  readonly onFailing: 'retry' | 'wait';
  /** The marketplace refunds an order that is not ready this long after its first call (saas.md 6.2). */
  readonly createWindow: number;
}

export const DEFAULT_RULES: Rules = {
  warn: 7 * DAY,
  graceStated: 8 * DAY,
  graceEstimated: 30 * DAY,
  retention: 15 * DAY,
  keep: 3 * DAY,
  onExpiry: 'freeze',
  onRetention: 'hold',
  onFailing: 'retry',
  createWindow: 3 * HOUR,
};

/** A marketplace freeze this close to the expiry, or later, is the freeze of the expiry; an earlier one is a violation. */
export const EXPIRY_FREEZE_LEAD = 48 * HOUR;

/** A status call signed this much before the last admitted one is an old retry and yields. */
export const STATUS_TOLERANCE = 5 * SECOND;

/** A violation still standing this long after a renewal is told: UNFREEZE should have come with it. */
export const VIOLATION_AFTER_RENEWAL = HOUR;

/** A refused create is tried anew for a repeated call, but not more often than this. */
export const CREATE_RETRY = 10 * MINUTE;

/** The loop's own back-off between rounds of an activity that used up its attempts. */
export const BACK_OFF = { first: 30 * SECOND, limit: 10 * MINUTE, tellAfter: 3 } as const;

/** Upper bound of one round of a provisioning activity, all attempts together: after it nothing of that round can still be running. */
export const PROVISION_LIMIT = 15 * MINUTE;

/** A renewal to an end further away than this cannot be meant. */
export const FARTHEST_EXPIRY = 50 * 366 * DAY;

/** A change carried out after its caller last heard "ask again" is told when nobody asked for this long. */
export const CHANGE_WINDOW = 3 * HOUR;

/** The longest single wait: a sleeping run wakes this often to notice new code and to pull its mailbox. */
export const LONGEST_WAIT = 30 * DAY;
