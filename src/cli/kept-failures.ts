import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Check } from '../conformance/check.ts';
import { isFailureId, keptFailure, type KeptFailure } from '../conformance/failure.ts';
import { KITS } from '../conformance/kits.ts';
import type { Report } from '../conformance/report.ts';
import type { How } from './live-market.ts';
import { checksOf } from './report/details.ts';

/** So many findings are kept; the oldest go first. */
const MOST = 500;

/** How the run was made. */
export interface Made {
  /** A call is given up after this many ms. */
  readonly timeLimit: number;
  /** UTC ms. */
  readonly namedAt: number;
  /** null without `--live`. */
  readonly live: How | null;
}

/** What a run found, by the ids under which it is replayed. */
export function failuresOf(report: Report, { timeLimit, namedAt: at, live }: Made): ReadonlyMap<string, KeptFailure> {
  const { kit, url, seed } = report;
  const checks: readonly Check[] = KITS[kit];
  const alive = new Set(checks.filter(({ needs }) => needs === 'live').map(({ id }) => id));
  const { sku = null, product = null, ready = 0, openApiPort = 0 } = live ?? {};
  return new Map(
    checksOf(report).flatMap(({ id: check, finding, replay }) => {
      if (finding === null || replay === null) return [];
      const bought = alive.has(check) && sku !== null && product !== null ? { sku, product, ready, openApiPort } : null;
      return [[replay, { kit, url, check, seed, at, timeLimit, finding, live: bought }] as const];
    }),
  );
}

function folderOf(dataFolder: string): string {
  return join(dataFolder, 'checks');
}

/** Keeps findings for `kookeeper replay`, each under its id, in place of what an earlier run found there. Rejects when the folder cannot be written. */
export async function keepFailures(dataFolder: string, failures: ReadonlyMap<string, KeptFailure>, most = MOST): Promise<void> {
  if (failures.size === 0) return;
  const folder = folderOf(dataFolder);
  await mkdir(folder, { recursive: true });
  for (const [id, failure] of failures) {
    // The address may hold what is not for every user of the machine.
    const draft = join(folder, `${id}.${process.pid}.part`);
    await writeFile(draft, `${JSON.stringify(failure)}\n`, { mode: 0o600 });
    await rename(draft, join(folder, `${id}.json`));
  }
  await prune(folder, most);
}

/** What was kept of a finding; null when nothing is, or when it cannot be read any more. */
export async function keptFailureOf(dataFolder: string, id: string): Promise<KeptFailure | null> {
  if (!isFailureId(id)) return null;
  try {
    return keptFailure.parse(JSON.parse(await readFile(join(folderOf(dataFolder), `${id}.json`), 'utf8')));
  } catch (error) {
    const unreadable = error instanceof SyntaxError || (error instanceof Error && error.name === 'ZodError');
    if (unreadable || (error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Ids of what is kept. */
export async function keptIds(dataFolder: string): Promise<readonly string[]> {
  const names = await readdir(folderOf(dataFolder)).catch((error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? [] : Promise.reject(error)));
  return names.filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -'.json'.length)).filter(isFailureId);
}

async function prune(folder: string, most: number): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json'));
  if (names.length <= most) return;
  const dated = await Promise.all(names.map(async (name) => ({ name, at: (await stat(join(folder, name))).mtimeMs })));
  for (const { name } of dated.toSorted((a, b) => b.at - a.at).slice(most)) await rm(join(folder, name), { force: true });
}
