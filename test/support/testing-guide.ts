import { symlink, writeFile } from 'node:fs/promises';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { read } from '../architecture/source.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));

/** The examples of the guide for testing a seller, by the file that each is meant to be. */
export function examples(): ReadonlyMap<string, string> {
  const guide = read('docs/guides/testing-your-seller.md');
  return new Map(Array.from(guide.matchAll(/<!-- example: (\S+) -->\n```\w+\n([\s\S]*?)```/g), ([, name = '', code = '']) => [name, code]));
}

/** Writes one example into a project's folder. */
export async function writeExample(folder: string, name: string): Promise<void> {
  const code = examples().get(name);
  if (code === undefined) throw new Error(`the guide has no example ${name}`);
  await writeFile(join(folder, name), code);
}

/** The server that a reader of the guide has, and we have not: the small honest seller of the simulator's tests. */
export async function writeServer(folder: string): Promise<void> {
  const seller = pathToFileURL(join(repository, 'test/simulator/seller.ts')).href;
  await writeFile(
    join(folder, 'server.js'),
    `import { startSeller } from '${seller}';\nexport async function startServer({ base }) {\n  const seller = await startSeller(base);\n  return { url: seller.url, stop: () => seller.close() };\n}\n`,
  );
}

/** A project whose node_modules hold the repository itself under its name, and the repository's own vitest. */
export async function layOutProject(folder: string): Promise<void> {
  await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
  const modules = join(folder, 'node_modules');
  mkdirSync(join(modules, '.bin'), { recursive: true });
  await symlink(repository, join(modules, 'kookeeper'));
  await symlink(join(repository, 'node_modules/vitest'), join(modules, 'vitest'));
  await symlink(join(repository, 'bin/kookeeper.js'), join(modules, '.bin/kookeeper'));
}
