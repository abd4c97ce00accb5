import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeExample, writeServer } from '../support/testing-guide.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const windows = process.platform === 'win32';

/** The environment of somebody who has npm and never saw this repository: not its Node 24 on PATH, nothing of the npm run around this test. */
function elsewhere(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(?:npm_(?:package|lifecycle)_|npm_config_local_prefix$|npm_command$|INIT_CWD$|NODE_OPTIONS$|VITEST)/.test(name));
  const path = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'));
  return { ...Object.fromEntries(own), PATH: path.join(delimiter) };
}

const execute = promisify(execFile);
const run = async (cwd: string, command: string, ...args: readonly string[]): Promise<string> =>
  (await execute(command, args, { cwd, env: elsewhere(), encoding: 'utf8', shell: windows, maxBuffer: 16 * 1024 * 1024 })).stdout;

describe('the package, installed elsewhere', () => {
  let folder: string;
  let home: string;
  const installed = (...path: readonly string[]): string => join(home, 'node_modules', ...path);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kookeeper-package-'));
    home = join(folder, 'home');
    await mkdir(home);
    await writeFile(join(home, 'package.json'), '{ "private": true }\n');
    await run(repository, 'npm', 'pack', '--pack-destination', folder);
    const tarballs = (await readdir(folder)).filter((name) => name.endsWith('.tgz'));
    expect(tarballs).toHaveLength(1);
    await run(home, 'npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', join(folder, tarballs[0]!));
  }, 240_000);

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('holds JavaScript with declarations and the papers, and neither sources nor tests', async () => {
    expect((await readdir(installed('kookeeper'))).sort()).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'README.zh-CN.md', 'bin', 'dist', 'package.json']);
    const files = await readdir(installed('kookeeper', 'dist'), { recursive: true });
    expect(files.filter((name) => /(?<!\.d)\.ts$/.test(name))).toEqual([]);
    expect(files).toEqual(expect.arrayContaining([join('cli', 'main.js'), join('cli', 'main.d.ts')]));
  });

  it('prints its version', async () => {
    const { version } = JSON.parse(await readFile(join(repository, 'package.json'), 'utf8')) as { version: string };
    expect(await run(home, 'npx', '--no-install', 'kookeeper', '--version')).toBe(`${version}\n`);
  });

  it('prints its help', async () => {
    expect(await run(home, 'npx', '--no-install', 'kookeeper', '--help')).toMatch(/\bserve\b/);
  });

  it('plays the demo: workflow bundle, migrations, development server and all', { timeout: 120_000 }, async () => {
    const story = JSON.parse(await run(home, 'npx', '--no-install', 'kookeeper', 'demo', '--once', '--output', 'json')) as { ok: boolean; moments: { ok: boolean }[] };
    expect(story.ok).toBe(true);
    expect(story.moments.length).toBeGreaterThan(10);
  });

  it('is a library for the tests of a seller, with its types', { timeout: 120_000 }, async () => {
    const project = join(home, 'project');
    await mkdir(project);
    await writeFile(join(project, 'package.json'), '{ "private": true, "type": "module" }\n');
    await writeServer(project);
    await writeExample(project, 'koogallery.test.js');
    expect(await run(project, installed('.bin', 'node'), '--test', '--test-reporter=tap')).toMatch(/# pass 2\n# fail 0/);

    await writeExample(project, 'koogallery.test.ts');
    // What a project of this kind has besides; the package itself is found one folder up.
    await mkdir(join(project, 'node_modules'));
    for (const name of ['vitest', '@types']) await symlink(join(repository, 'node_modules', name), join(project, 'node_modules', name));
    const options = ['--noEmit', '--strict', '--noUncheckedIndexedAccess', '--exactOptionalPropertyTypes', '--target', 'es2024', '--module', 'nodenext', '--types', 'node'];
    await run(project, installed('.bin', 'node'), join(repository, 'node_modules/typescript/bin/tsc'), ...options, '--skipLibCheck', 'koogallery.test.ts');
  });

  it('brings a Node that is new enough for it, whatever the system has', async () => {
    const [major] = (await run(home, installed('.bin', 'node'), '--version')).slice(1).split('.');
    expect(Number(major)).toBeGreaterThanOrEqual(24);
  });
});
