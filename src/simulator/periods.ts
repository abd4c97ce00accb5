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

/** The same in a life that runs `speed` times as fast: a month is that much shorter, and dates stay real (issue 5: a signature carries real time). */
export function atSpeed(speed: number): typeof addPeriods {
  return speed === 1 ? addPeriods : (at, type, count) => Math.ceil(at + (addPeriods(at, type, count) - at) / speed);
}
