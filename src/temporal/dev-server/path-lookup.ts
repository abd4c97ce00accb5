import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import type { Host } from './host.ts';

/** True when the file exists and may be run by us. */
export const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    // Missing, unreadable and not executable are one answer here: it cannot be run.
    return false;
  }
};

/** The first executable of that name on the host's PATH, or undefined. Empty and relative entries are passed over: they would mean the working directory. */
export const findOnPath = (name: string, host: Pick<Host, 'env' | 'platform'>): string | undefined => {
  const windows = host.platform === 'win32';
  const path = host.env['PATH'] ?? (windows ? host.env['Path'] : undefined) ?? '';
  const names = windows ? [`${name}.exe`] : [name];
  for (const folder of path.split(delimiter)) {
    if (!isAbsolute(folder)) continue;
    for (const candidate of names) {
      const full = join(folder, candidate);
      if (isExecutable(full)) return full;
    }
  }
  return undefined;
};
