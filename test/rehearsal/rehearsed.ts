import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { inject } from 'vitest';
import { clockSettings } from '../../src/config/settings.ts';
import type { Clocks } from '../../src/config/types.ts';
import { rehearse, type Rehearsal, type RehearsalOptions } from '../../src/rehearsal/rehearse.ts';
import { parseScenario } from '../../src/rehearsal/scenario.ts';

/** What a configuration that says nothing of clocks means. */
export const DEFAULT_CLOCKS = Object.fromEntries(Object.entries(clockSettings).map(([name, { fallback }]) => [name, fallback])) as unknown as Clocks;

type Wanted = Partial<Pick<RehearsalOptions, 'provisioner' | 'rehearsed' | 'bought' | 'level' | 'scenario'>> & { readonly story?: unknown; readonly clocks?: Partial<Clocks> };

/** A rehearsal on the test run's server, in a folder that is gone afterwards. */
export async function rehearsed({ story = {}, scenario = parseScenario(story), clocks = {}, ...options }: Wanted): Promise<Rehearsal> {
  process.env['KOOKEEPER_WORKFLOW_BUNDLE'] = inject('workflowBundlePath');
  const folder = await mkdtemp(join(tmpdir(), 'kookeeper-rehearsal-test-'));
  try {
    return await rehearse({
      rehearsed: { products: 'any', clocks: { ...DEFAULT_CLOCKS, ...clocks } },
      folder,
      temporal: { address: inject('temporalAddress'), namespace: inject('temporalNamespace'), development: true },
      log: pino({ level: 'silent' }),
      ...options,
      scenario,
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export function verdicts({ invariants }: Rehearsal): Record<number, string> {
  return Object.fromEntries(invariants.map(({ id, verdict }) => [id, verdict]));
}

/** Who did what, and what came of it, without the instants. */
export function told({ lines }: Rehearsal): string[] {
  return lines.map(({ who, what, result }) => [who, what, result].filter((word) => word !== '').join(' '));
}
