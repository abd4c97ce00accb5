import { createHash } from 'node:crypto';
import { z } from 'zod';
import { KIT_NAMES, type Kit } from './kits.ts';

/**
 * What a finding is called on the command line: six hex digits, the same for the same check of the same address, so that a later run renews what is
 * kept of it. Ids of the engine's journal are much longer.
 */
export function failureId(kit: Kit, url: string, check: string): string {
  return createHash('sha256').update(JSON.stringify([kit, url, check])).digest('hex').slice(0, 6);
}

export function isFailureId(text: string): boolean {
  return /^[0-9a-f]{6}$/.test(text);
}

/** What it takes to make a check again as it was made: its bodies follow from the seed and the instant, its signatures are new. Holds no secret. */
export const keptFailure = z.object({
  kit: z.enum(KIT_NAMES),
  url: z.url(),
  check: z.string(),
  seed: z.int(),
  /** When the run began, UTC ms. */
  at: z.int(),
  /** A call is given up after this many ms. */
  timeLimit: z.int(),
  finding: z.string(),
  /** How it was bought, for a check of `--live`. */
  live: z.object({ sku: z.string(), product: z.string(), ready: z.int(), openApiPort: z.int() }).nullable(),
});

export type KeptFailure = z.infer<typeof keptFailure>;
