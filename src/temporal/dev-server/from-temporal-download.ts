import { gunzipSync } from 'node:zlib';
import { unzipSync } from 'fflate';
import { z } from 'zod';
import { requireSha256 } from './checksum.ts';
import { WayFailed } from './cli-not-found.ts';
import { cliVersion } from './cli-release.ts';
import type { CliRelease } from './cli-release.ts';
import type { Host } from './host.ts';
import { tarMember } from './tar-member.ts';

const answerTimeoutMs = 15_000;
const archiveTimeoutMs = 600_000;

const platforms: Readonly<Record<string, string>> = { linux: 'linux', darwin: 'darwin', win32: 'windows' };
const architectures: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

const downloadInfo = z.object({ archiveUrl: z.url({ protocol: /^https$/ }), fileToExtract: z.string().min(1) });

const get = async (host: Host, url: string, timeoutMs: number): Promise<Response> => {
  try {
    const response = await host.fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
    if (!response.ok) throw new WayFailed(`${new URL(url).host} answered HTTP ${response.status}`);
    return response;
  } catch (error) {
    if (error instanceof WayFailed) throw error;
    // fetch hides the network's own words in the cause.
    const reason = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    throw new WayFailed(`${new URL(url).host} cannot be reached: ${reason}`, { cause: error });
  }
};

/**
 * Fetches the CLI as the SDK's own ephemeral server does (`@temporalio/core-bridge`, `sdk-core/crates/sdk-core/src/ephemeral_server/mod.rs`):
 * `https://temporal.download/cli/v<version>` answers with the archive's address and the member to take.
 * The executable must match the pinned hash; where none is pinned (Windows, which has no wheel) HTTPS alone vouches for it, as in the SDK.
 */
export const fetchFromTemporalDownload = async (host: Host, release: CliRelease | undefined): Promise<Uint8Array> => {
  const platform = platforms[host.platform];
  const arch = architectures[host.arch];
  if (platform === undefined || arch === undefined) throw new WayFailed(`there is no build for ${host.platform}-${host.arch}`);
  const query = new URLSearchParams({ arch, platform, format: 'tar.gz' });
  const answer = await get(host, `https://temporal.download/cli/v${cliVersion}?${query.toString()}`, answerTimeoutMs);
  const info = downloadInfo.safeParse(await answer.json());
  if (!info.success) throw new WayFailed('temporal.download answered without an HTTPS archiveUrl and a fileToExtract');
  const { archiveUrl, fileToExtract } = info.data;

  const archive = new Uint8Array(await (await get(host, archiveUrl, archiveTimeoutMs)).arrayBuffer());
  const zip = new URL(archiveUrl).pathname.endsWith('.zip');
  const executable = zip ? unzipSync(archive, { filter: ({ name }) => name === fileToExtract })[fileToExtract] : tarMember(gunzipSync(archive), fileToExtract);
  if (executable === undefined) throw new WayFailed(`the archive holds no ${fileToExtract}`);
  if (release !== undefined) requireSha256('the executable', executable, release.executableSha256);
  return executable;
};
