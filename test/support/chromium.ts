import { execFile } from 'node:child_process';
import { access, constants, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { eventually } from './eventually.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];
const PLAYWRIGHT = join(import.meta.dirname, '../../node_modules/playwright-core/cli.js');
const LOCK = join(tmpdir(), 'kookeeper-chromium-install');
const INSTALLING = 15 * 60_000;
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

/** A real Chromium without a window, with a new empty profile. */
export async function startChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: await chromiumPath(), headless: true, args: FLAGS });
}

/**
 * The Chromium of this machine: `KOOKEEPER_CHROMIUM`, then chromium, chromium-browser or google-chrome on PATH, then playwright's own. Without any,
 * Debian's package is installed where that needs nobody's password, else playwright's download. Throws with a sentence that names all of these.
 */
export async function chromiumPath(): Promise<string> {
  const named = process.env['KOOKEEPER_CHROMIUM'];
  if (named !== undefined && named !== '') {
    if (await runs(named)) return named;
    throw new Error(`KOOKEEPER_CHROMIUM names ${named}, which is no Chromium that runs here`);
  }
  const found = await find();
  if (found !== null) return found;
  return alone(async () => {
    // Another process may have installed it while this one waited.
    const meanwhile = await find();
    if (meanwhile !== null) return meanwhile;
    const tried: string[] = [];
    for (const install of [installPackage, installPlaywrights]) {
      tried.push(await install());
      const installed = await find();
      if (installed !== null) return installed;
    }
    throw new Error(
      `no Chromium was found: set KOOKEEPER_CHROMIUM to one, put ${NAMES.join(', ')} on PATH, install Debian's package chromium (apt-get install chromium), or run npx playwright-core install --with-deps chromium. Tried here: ${tried.join('; ')}`,
    );
  });
}

async function find(): Promise<string | null> {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  for (const path of [...NAMES.flatMap((name) => folders.map((folder) => join(folder, name))), chromium.executablePath()]) {
    // Ubuntu has a `chromium` on PATH that only says that it is a snap.
    if ((await access(path, constants.X_OK).then(() => true, () => false)) && (await runs(path))) return path;
  }
  return null;
}

async function runs(path: string): Promise<boolean> {
  return (await run(path, ['--version'])).code === 0;
}

async function installPackage(): Promise<string> {
  if ((await run('apt-get', ['--version'])).code !== 0) return 'there is no apt-get';
  const root = process.getuid?.() === 0;
  if (!root && (await run('sudo', ['-n', 'true'])).code !== 0) return 'apt-get needs root or sudo without a password';
  const apt = (...args: string[]) => (root ? run('apt-get', args) : run('sudo', ['-n', 'apt-get', ...args]));
  const first = await apt('install', '-y', '--no-install-recommends', 'chromium');
  if (first.code === 0) return 'apt-get installed chromium';
  // The lists of a fresh image are empty.
  await apt('update');
  const second = await apt('install', '-y', '--no-install-recommends', 'chromium');
  return second.code === 0 ? 'apt-get installed chromium' : `apt-get: ${lastLine(second.text)}`;
}

async function installPlaywrights(): Promise<string> {
  const privileged = process.getuid?.() === 0 || (await run('sudo', ['-n', 'true'])).code === 0;
  const { code, text } = await run(process.execPath, [PLAYWRIGHT, 'install', ...(privileged ? ['--with-deps'] : []), 'chromium']);
  return code === 0 ? 'playwright installed its own' : `playwright: ${lastLine(text)}`;
}

function run(file: string, args: readonly string[]): Promise<{ readonly code: number; readonly text: string }> {
  return new Promise((resolve) => {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    execFile(file, args, { env, timeout: INSTALLING, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => resolve({ code: error === null ? 0 : 1, text: `${stdout}\n${stderr}` }));
  });
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}

/** One process of this machine at a time: two apt-gets would refuse each other. A lock whose owner is gone is broken. */
async function alone<T>(work: () => Promise<T>): Promise<T> {
  const owner = join(LOCK, 'pid');
  await eventually(async () => {
    const taken = await mkdir(LOCK).then(() => true, () => false);
    if (taken) return true;
    const pid = Number(await readFile(owner, 'utf8').catch(() => process.pid));
    if (!isAlive(pid)) await rm(LOCK, { recursive: true, force: true });
    return false;
  }, INSTALLING);
  try {
    await writeFile(owner, String(process.pid));
    return await work();
  } finally {
    await rm(LOCK, { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process may not be signalled, but it is there.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
