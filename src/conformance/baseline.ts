import { z } from 'zod';
import type { Expected } from './run.ts';

const DAY = 86_400_000;

const entry = z.strictObject({
  reason: z.string().trim().min(1),
  /** The last day on which the failure is expected, UTC. */
  until: z.iso.date(),
});

/**
 * Reads a baseline: JSON of `{ "<check id>": { "reason": "…", "until": "2026-12-31" } }`. Returns the expected failures, or what is wrong with it.
 * Whether the ids exist is the caller's question.
 */
export function readBaseline(text: string): ReadonlyMap<string, Expected> | string {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return 'is not JSON';
  }
  const read = z.record(z.string(), entry).safeParse(json);
  if (!read.success) {
    const [issue] = read.error.issues;
    return `${issue?.path.join('.') || 'its top'}: ${issue?.message ?? 'is not acceptable'}`;
  }
  return new Map(Object.entries(read.data).map(([id, { reason, until }]) => [id, { reason, until: Date.parse(until) + DAY - 1 }]));
}
