import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { cliVersion } from './cli-release.ts';
import type { Host } from './host.ts';

const cacheRoot = ({ env, platform }: Pick<Host, 'env' | 'platform'>): string => {
  const home = env['HOME'] ?? homedir();
  if (platform === 'win32') return env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local');
  const xdg = env['XDG_CACHE_HOME'];
  // The XDG base directory specification has relative paths ignored: https://specifications.freedesktop.org/basedir-spec/latest/
  return xdg !== undefined && isAbsolute(xdg) ? xdg : join(home, '.cache');
};

/** Where our own copy of the CLI lies, outside every repository and shared by all checkouts of a user. */
export const cachedCliPath = (host: Pick<Host, 'env' | 'platform'>): string =>
  join(cacheRoot(host), 'kookeeper', `temporal-cli-${cliVersion}`, host.platform === 'win32' ? 'temporal.exe' : 'temporal');

/**
 * Puts an executable in its place in one step, so that whoever runs at the same moment sees either nothing or the whole file.
 * Two installers do no harm: the last one wins with the same bytes.
 */
export const installExecutable = async (bytes: Uint8Array, target: string): Promise<void> => {
  const folder = dirname(target);
  await mkdir(folder, { recursive: true });
  const unfinished = await mkdtemp(join(folder, 'unfinished-'));
  try {
    const file = join(unfinished, 'temporal');
    await writeFile(file, bytes, { mode: 0o755 });
    await rename(file, target);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
};
