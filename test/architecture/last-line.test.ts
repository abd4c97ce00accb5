import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const vitest = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url));
const reporter = new URL('../support/reporter.ts', import.meta.url);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kookeeper-last-line-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Runs a vitest of its own over the given files and returns its last line of output and its exit code. */
async function run(files: Readonly<Record<string, string>>, options = ''): Promise<{ last: string; code: number }> {
  const config = `import { CountReporter } from ${JSON.stringify(reporter.href)};
    export default { test: { globals: true, watch: false, reporters: ['default', new CountReporter()], ${options} } };`;
  await Promise.all(Object.entries({ ...files, 'vitest.config.mjs': config }).map(([name, text]) => writeFile(join(folder, name), text)));
  return new Promise((resolve) => {
    execFile(process.execPath, [vitest, 'run', '--root', folder], { encoding: 'utf8' }, (error, stdout) => {
      resolve({ last: stdout.trimEnd().split('\n').at(-1) ?? '', code: typeof error?.code === 'number' ? error.code : 0 });
    });
  });
}

const good = `it('is', () => { expect(1).toBe(1); }); it('is too', () => {});`;

describe('the last line of a test run', { timeout: 30_000 }, () => {
  it('says how many passed', async () => {
    expect(await run({ 'good.test.js': good })).toEqual({ last: '2 passed, 0 failed', code: 0 });
  });

  it('counts failures, and skipped tests apart', async () => {
    const mixed = `it('is not', () => { expect(1).toBe(2); }); it.skip('later', () => {}); describe('in', () => { it('is', () => {}); });`;
    expect(await run({ 'good.test.js': good, 'mixed.test.js': mixed })).toEqual({ last: '3 passed, 1 failed, 1 skipped', code: 1 });
  });

  it('counts a file that cannot be loaded as one failed', async () => {
    const files = { 'good.test.js': good, 'broken.test.js': `import './missing.js'; it('never', () => {});`, 'syntax.test.js': `it('open', () => {` };
    expect(await run(files)).toEqual({ last: '2 passed, 2 failed', code: 1 });
  });

  it('counts a file whose hook fails as failed', async () => {
    const hook = `beforeAll(() => { throw new Error('no'); }); it('never runs', () => {});`;
    expect(await run({ 'hook.test.js': hook })).toEqual({ last: '0 passed, 1 failed, 1 skipped', code: 1 });
  });

  it('counts an error that reached no test', async () => {
    const stray = `it('is', async () => { setTimeout(() => { throw new Error('stray'); }); await new Promise((r) => setTimeout(r, 50)); });`;
    expect(await run({ 'stray.test.js': stray })).toEqual({ last: '1 passed, 1 failed', code: 1 });
  });

  it('is a failure when the global setup fails', async () => {
    const files = { 'good.test.js': good, 'setup.mjs': `export default () => { throw new Error('no server'); };` };
    expect(await run(files, `globalSetup: ['setup.mjs']`)).toEqual({ last: '0 passed, 1 failed', code: 1 });
  });

  it('comes after what the global teardown prints', async () => {
    const files = { 'good.test.js': good, 'setup.mjs': `export default () => () => { console.log('stopped'); };` };
    expect(await run(files, `globalSetup: ['setup.mjs']`)).toEqual({ last: '2 passed, 0 failed', code: 0 });
  });

  it('is a failure when there is nothing to run', async () => {
    expect(await run({})).toEqual({ last: '0 passed, 1 failed', code: 1 });
  });
});
