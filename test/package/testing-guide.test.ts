import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as library from '../../src/simulator/library.ts';
import { KEY } from '../simulator/stage.ts';
import { startSeller, type Seller } from '../simulator/seller.ts';
import { examples, layOutProject, writeExample, writeServer } from '../support/testing-guide.ts';

const execute = promisify(execFile);

describe('the guide for testing a seller', { timeout: 120_000 }, () => {
  let folder: string;
  let seller: Seller;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kookeeper-guide-'));
    await layOutProject(folder);
    seller = await startSeller(KEY);
  });
  afterEach(async () => {
    await seller.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Rejects when the program ends with another code than 0. */
  async function run(program: string, ...args: readonly string[]): Promise<string> {
    const kept = Object.entries(process.env).filter(([name]) => !/^(?:VITEST|NODE_OPTIONS|NODE_ENV|KOO)/.test(name));
    const env = { ...Object.fromEntries(kept), SELLER_URL: seller.url, KOOGALLERY_BASE_KEY: KEY };
    const { stdout } = await execute(program, args, { cwd: folder, env, encoding: 'utf8' });
    return stdout;
  }

  it('has the examples that are tried here', () => {
    expect([...examples().keys()]).toEqual(['koogallery.test.ts', 'koogallery.test.js', 'koogallery.sh']);
  });

  it('has a vitest example that passes', async () => {
    await writeExample(folder, 'koogallery.test.ts');
    expect(await run(process.execPath, 'node_modules/vitest/vitest.mjs', 'run', '--root', folder)).toMatch(/Tests .*2 passed/);
    expect(new Set(seller.received.map(({ signed }) => signed))).toEqual(new Set([true]));
  });

  it('has an example for the runner of Node that passes', async () => {
    await writeExample(folder, 'koogallery.test.js');
    await writeServer(folder);
    expect(await run(process.execPath, '--test', '--test-reporter=tap')).toMatch(/# pass 2\n# fail 0/);
  });

  it('has an example in a shell that plays a purchase and its debugging', async () => {
    await writeExample(folder, 'koogallery.sh');
    await run('bash', '-eu', 'koogallery.sh');
    const calls = (await readFile(join(folder, 'calls.jsonl'), 'utf8')).trim().split('\n').map((line) => JSON.parse(line) as { verb: string; kind: string; verdict: { ok: boolean } });
    expect(calls.filter(({ verdict }) => !verdict.ok)).toEqual([]);
    expect(calls.map(({ verb, kind }) => `${kind} ${verb}`)).toEqual(expect.arrayContaining(['live newInstance', 'test releaseInstance', 'test updateInstanceStatus']));
  });

  it('means by kookeeper/market everything that the library has', async () => {
    const program = "import * as market from 'kookeeper/market'; console.log(JSON.stringify(Object.keys(market)));";
    expect(JSON.parse(await run(process.execPath, '--input-type=module', '--eval', program))).toEqual(Object.keys(library).toSorted());
  });
});
