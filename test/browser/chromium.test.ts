import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const MODULE = new URL('../support/chromium.ts', import.meta.url).href;

describe('the Chromium of the tests', { timeout: 120_000 }, () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kookeeper-find-chromium-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** A machine with these programs alone. */
  function program(name: string, script: string): string {
    const path = join(folder, name);
    writeFileSync(path, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o755);
    return path;
  }
  function find(env: Readonly<Record<string, string>> = {}): Promise<string> {
    const closed = { PATH: folder, TMPDIR: folder, PLAYWRIGHT_BROWSERS_PATH: join(folder, 'browsers'), PLAYWRIGHT_DOWNLOAD_HOST: 'http://127.0.0.1:1', ...env };
    const script = `import { chromiumPath } from ${JSON.stringify(MODULE)}; console.log(await chromiumPath().catch((error) => error.message));`;
    return new Promise((resolve, reject) => {
      execFile(process.execPath, ['--input-type=module', '-e', script], { env: closed }, (error, stdout) => (error === null ? resolve(stdout.trim()) : reject(error)));
    });
  }

  it('is the one that the environment names, or none', async () => {
    program('chromium', 'exit 0');
    const named = program('mine', 'exit 0');
    expect(await find({ KOOKEEPER_CHROMIUM: named })).toBe(named);
    expect(await find({ KOOKEEPER_CHROMIUM: join(folder, 'gone') })).toMatch(/which is no Chromium that runs here/);
  });

  it('is one on PATH that runs; a name that only says where to get it is none', async () => {
    program('chromium', 'echo this is a snap >&2; exit 1');
    const runs = program('google-chrome', 'echo Chrome 1');
    expect(await find()).toBe(runs);
  });

  it('is Debian’s package where that can be installed, its lists read first if need be, and by one process at a time', async () => {
    const log = join(folder, 'log');
    const made = join(folder, 'chromium');
    // The first install fails as it does on a machine whose lists are empty.
    program('apt-get', `case "$1" in --version) exit 0;; update) echo update >> ${log}; exit 0;; install) echo install >> ${log}; grep -q update ${log} || exit 100; printf '#!/bin/sh\\nexit 0\\n' > ${made}; /bin/chmod 755 ${made};; esac`);
    program('sudo', 'shift; exec "$@"');
    program('grep', 'exec /bin/grep "$@"');
    expect(await Promise.all([find(), find()])).toEqual([made, made]);
    const done = await new Promise<string>((resolve) => execFile('/bin/cat', [log], (_, stdout) => resolve(stdout)));
    expect(done).toBe('install\nupdate\ninstall\n');
  });

  it('fails with one sentence that names every way when there is none', async () => {
    const told = await find();
    for (const way of ['KOOKEEPER_CHROMIUM', 'chromium, chromium-browser, google-chrome on PATH', 'apt-get install chromium', 'npx playwright-core install']) expect(told).toContain(way);
    expect(told.split('\n')).toHaveLength(1);
  });
});
