const units = new Map([
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
]);

/** A hundred years: more is a slip, and would leave the range of a JavaScript date when added to today. */
const longest = 36_500 * 86_400_000;

/**
 * Reads a length of time: a whole number of milliseconds, or one whole number with one unit (`8d`, `6h`, `30m`, `15s`, `500ms`).
 * Returns milliseconds, or null for anything else: fractions, signs, spaces, several units, more than a hundred years.
 */
export function parseDuration(value: unknown): number | null {
  const length = typeof value === 'string' ? fromText(value) : value;
  if (typeof length !== 'number' || !Number.isInteger(length) || length < 0 || length > longest) return null;
  return length;
}

function fromText(text: string): number | null {
  const match = /^(\d+)(ms|s|m|h|d)$/.exec(text);
  const unit = units.get(match?.[2] ?? '');
  return match && unit !== undefined ? Number(match[1]) * unit : null;
}

/** Writes milliseconds with the largest unit that divides them: 604800000 is `7d`, 90000 is `90s`. */
export function formatDuration(ms: number): string {
  if (ms === 0) return '0ms';
  for (const [unit, length] of units) {
    if (ms % length === 0) return `${ms / length}${unit}`;
  }
  return `${ms}ms`;
}
