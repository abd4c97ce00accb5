import type { PartName } from './plan.ts';

const WARN = 40;
/** What differs from one instance of a message to the next. */
const IDS = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?::[0-9a-f]+)*|[0-9a-f]{32}|CS\w+|\d+/g;

/** What the processes said while they were killed and started: warnings and errors counted by their words, and ends that nobody asked for. */
export class Said {
  readonly counts = new Map<string, number>();
  readonly ends = new Map<string, number>();

  /** Standard error of one process: JSON lines of its log, and words for people. */
  hear(err: string): void {
    for (const line of err.split('\n')) {
      const entry = parse(line);
      if (entry === null || entry.level < WARN) continue;
      const what = `${entry.component}: ${entry.msg}`.replaceAll(IDS, '…').slice(0, 140);
      this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
    }
  }

  ended(part: PartName, code: number | null, last: string): void {
    const words = last.trim().split('\n').filter((line) => parse(line) === null).at(-1) ?? '';
    const what = `${part}, exit code ${code}: ${words.replaceAll(/\d{4,}/g, '…').slice(0, 160)}`;
    this.ends.set(what, (this.ends.get(what) ?? 0) + 1);
  }
}

function parse(line: string): { level: number; component: string; msg: string } | null {
  if (!line.startsWith('{')) return null;
  try {
    const { level, component, msg, error } = JSON.parse(line) as Record<string, unknown>;
    return { level: Number(level), component: String(component), msg: typeof error === 'string' ? `${String(msg)} (${error})` : String(msg) };
  } catch {
    return null;
  }
}
