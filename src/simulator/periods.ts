export type PeriodType = 'year' | 'month' | 'day';

/** The instant (ms UTC) that lies `count` periods after `at`. A month without that day ends on its last: 31 January + 1 month = 28 February. */
export function addPeriods(at: number, type: PeriodType, count: number): number {
  const date = new Date(at);
  if (type === 'day') return date.setUTCDate(date.getUTCDate() + count);
  const months = type === 'year' ? 12 * count : count;
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  return date.setUTCDate(Math.min(day, lastDay));
}
