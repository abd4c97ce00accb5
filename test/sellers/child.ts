import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { eventually } from '../support/eventually.ts';
import { kookeeper } from '../support/kookeeper.ts';

/** Keys of nobody. */
export const KEYS = { KOOGALLERY_BASE_KEY: 'sellers-test-base-key', KOOGALLERY_AK: 'SELLERSTESTAK0000001', KOOGALLERY_SK: 'sellers-test-sk-0123456789abcdefghijklmn' } as const;

/** A seller in a process of its own. */
export interface Seller {
  /** Its production address. */
  readonly url: string;
  /** Ends it as its operator would, and tells how it ended and what it printed to stderr. */
  stop(): Promise<{ readonly code: number | null; readonly err: string }>;
}

export type Variables = Readonly<Record<string, string>>;

/** The seller written in Python. The four variables of the marketplace, and those that its first lines name. */
export async function startPython(env: Variables, ...args: readonly string[]): Promise<Seller> {
  const { PATH, HOME } = process.env;
  const script = join(import.meta.dirname, 'python', 'seller.py');
  const child = spawn('python3', ['-B', script, ...args], { env: { PATH, HOME, PORT: '0', ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  child.once('error', (error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT' ? new Error('python3 is not on PATH: these tests call a seller in another language, so install Python 3', { cause: error }) : error;
  });
  return started(child);
}

/** Oldest Go that has what the seller uses: `crypto/rand.Text`. */
const GO = [1, 24] as const;

/** Why the seller in Go cannot be built on this machine; null when it can. */
export function noGo(): string | null {
  try {
    const version = execFileSync('go', ['env', 'GOVERSION'], { encoding: 'utf8', env: { ...process.env, GOTOOLCHAIN: 'local' } }).trim();
    const [, major = 0, minor = 0] = (/^go(\d+)\.(\d+)/.exec(version) ?? []).map(Number);
    return major > GO[0] || (major === GO[0] && minor >= GO[1]) ? null : `the Go on PATH is ${version}, and go${GO.join('.')} is needed`;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 'go is not on PATH';
    throw error;
  }
}

/** The seller written in Go, built in `folder`. The first build of a machine compiles Go's own HTTP library: half a minute. */
export function startGo(env: Variables, folder: string): Promise<Seller> {
  const program = join(folder, 'seller');
  const source = join(import.meta.dirname, 'go');
  execFileSync('go', ['build', '-o', program, 'seller.go', 'order_query.go'], { cwd: source, env: { ...process.env, GOTOOLCHAIN: 'local', CGO_ENABLED: '0' } });
  return started(spawn(program, { env: { PORT: '0', ...env }, stdio: ['ignore', 'pipe', 'pipe'] }));
}

/** kookeeper itself. */
export function startServe(env: Variables, folder: string): Promise<Seller> {
  return started(kookeeper(['serve'], folder, { KOOKEEPER_APP_PORT: '0', KOOKEEPER_OPERATOR_PORT: '0', PORT: '0', ...env }).child);
}

async function started(child: ChildProcess): Promise<Seller> {
  let [out, err] = ['', ''];
  child.stdout?.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const closed = once(child, 'close');
  const stop: Seller['stop'] = async () => {
    if (child.exitCode === null) child.kill('SIGTERM');
    await closed;
    return { code: child.exitCode, err };
  };
  const address = (): string | undefined => /production address +(\S+)\n/.exec(out)?.[1];
  await eventually(() => Promise.resolve(address() !== undefined || child.exitCode !== null), 60_000);
  const url = address();
  if (url === undefined) throw new Error(`the seller ended before it listened: ${err}`);
  return { url, stop };
}

/** A port that nobody listens on, below those that the system hands out by itself: a seller must know the open API's before there is one. */
export async function freePort(): Promise<number> {
  const port = randomInt(20_000, 32_000);
  const server = createServer().listen(port, '127.0.0.1');
  const free = await Promise.race([once(server, 'listening').then(() => true), once(server, 'error').then(() => false)]);
  if (!free) return freePort();
  server.close();
  await once(server, 'close');
  return port;
}
