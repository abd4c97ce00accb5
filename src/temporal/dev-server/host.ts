import { spawn } from 'node:child_process';

export interface RunResult {
  /** Exit code; null when a signal ended it. */
  readonly code: number | null;
  /** Standard output and standard error together. */
  readonly output: string;
}

/** The machine as the finder sees it. A test gives it another PATH, network or platform. */
export interface Host {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** As `process.platform` and `process.arch` spell them. */
  readonly platform: string;
  readonly arch: string;
  readonly fetch: (url: string, init: { signal: AbortSignal }) => Promise<Response>;
  /** Runs a program to its end. Rejects when it cannot be started or takes longer than `timeoutMs`. */
  readonly run: (program: string, args: readonly string[], options: { env: Host['env']; timeoutMs: number }) => Promise<RunResult>;
}

const run: Host['run'] = (program, args, { env, timeoutMs }) =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, { env: { ...env }, stdio: ['ignore', 'pipe', 'pipe'], timeout: timeoutMs, killSignal: 'SIGKILL', windowsHide: true });
    let output = '';
    const collect = (chunk: Buffer): void => {
      output += chunk.toString('utf8');
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (signal === 'SIGKILL') reject(new Error(`took longer than ${timeoutMs / 1000} s, or was killed`));
      else resolve({ code, output });
    });
  });

/** This machine. */
export const thisHost = (): Host => ({
  env: process.env,
  platform: process.platform,
  arch: process.arch,
  fetch: (url, init) => fetch(url, init),
  run,
});
