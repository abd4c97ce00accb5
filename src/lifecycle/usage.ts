/** One reading of a meter, as `queryInstance` reports it (saas.md §2.8). Instants are UTC ms. */
export interface UsageReading {
  /** For packages: the on-demand instance this usage belongs to. */
  readonly relatedInstanceId?: string;
  /** On-demand: usage so far; package: the used part. At most four decimals. */
  readonly value: number;
  readonly at: number;
  readonly dashboardUrl?: string;
}

/** Charging modes of the order query under which use is paid for, so that a query must report it (saas.md §3.3). */
export const METERED_MODES: readonly string[] = ['ON_DEMAND', 'ON_DEMAND_PKG'];

/** Double(12,4) of the page: twelve digits, four of them decimals. */
export const MOST_USAGE = 99_999_999.9999;
const LONGEST_ID = 64;
const LONGEST_URL = 512;
/** The last instant that has a year of four digits. */
const LAST_INSTANT = 253_402_300_799_999;

/** Why the marketplace could not be told a reading, in words without its texts; null when it can. A value with more decimals is rounded when it is told. */
export function problemOf({ relatedInstanceId, value, at, dashboardUrl }: UsageReading): string | null {
  if (!(Number.isFinite(value) && value >= 0 && value <= MOST_USAGE)) return `value ${value} is not between 0 and ${MOST_USAGE}`;
  if (!(Number.isSafeInteger(at) && at >= 0 && at <= LAST_INSTANT)) return `instant ${at} is not in milliseconds since 1970`;
  if (relatedInstanceId !== undefined && (relatedInstanceId === '' || relatedInstanceId.length > LONGEST_ID)) return `relatedInstanceId is empty or longer than ${LONGEST_ID} characters`;
  if (dashboardUrl !== undefined && (dashboardUrl === '' || dashboardUrl.length > LONGEST_URL)) return `dashboardUrl is empty or longer than ${LONGEST_URL} characters`;
  return null;
}
