import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, fstatSync, mkdirSync, openSync } from 'node:fs';
import { dirname, extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { searchAttributeKeys } from '../../workflows/search-attributes.ts';
import { cliTypeNames } from '../search-attributes.ts';
import { DevServerFailed, lastLines, saysPortTaken, writtenSince } from './dev-server-failed.ts';
import type { GuardReport } from './guard.ts';
import { freePorts, isFree } from './ports.ts';
import { untilHealthy } from './health.ts';

export interface DevServerOptions {
  /** Path of the Temporal CLI, from `findServer`. */
  readonly cli: string;
  /** Database file; its folder is made. Without it everything is lost when the server stops. */
  readonly dbFile?: string;
  /** What the server prints is appended here; its folder is made. */
  readonly logFile: string;
  /** Default 127.0.0.1: the development server asks nobody for a password. */
  readonly ip?: string;
  /** gRPC and UI ports; free ones are chosen when not given. */
  readonly port?: number;
  readonly uiPort?: number;
  readonly namespace?: string;
  /** Server dynamic configuration, written as JSON. */
  readonly dynamicConfig?: Readonly<Record<string, unknown>>;
  /** Stops the server, or the attempt to start it. */
  readonly signal?: AbortSignal;
}

export interface DevServer {
  /** `host:port` for gRPC. */
  readonly address: string;
  readonly uiUrl: string;
  /** Process id of the Temporal server itself. */
  readonly pid: number;
  /** Resolves with the exit code when the server is gone, asked or not. */
  readonly exited: Promise<number | null>;
  /** SIGTERM, after 5 s SIGKILL; resolves when the server is gone. May be called twice. */
  readonly stop: () => Promise<void>;
}

/** Our file beside this one, whether sources (.ts) or the emitted package (.js) run. */
const guardFile = fileURLToPath(new URL(`./guard${extname(import.meta.url)}`, import.meta.url));

/** The server needs none of our environment, and some of it is secret: keys, database addresses, Temporal client settings. */
const passedOn = ['PATH', 'Path', 'HOME', 'USERPROFILE', 'LOCALAPPDATA', 'SystemRoot', 'TMPDIR', 'TEMP', 'TMP', 'TZ', 'LANG'];

const serverArgs = (options: DevServerOptions, ip: string, port: number, uiPort: number): string[] => {
  const args = ['server', 'start-dev', '--ip', ip, '--port', String(port), '--ui-port', String(uiPort)];
  args.push('--namespace', options.namespace ?? 'default', '--log-level', 'warn');
  if (options.dbFile !== undefined) args.push('--db-filename', options.dbFile);
  for (const { name, type } of searchAttributeKeys) args.push('--search-attribute', `${name}=${cliTypeNames[type]}`);
  const dynamicConfig = { 'frontend.enableServerVersionCheck': false, ...options.dynamicConfig };
  for (const [key, value] of Object.entries(dynamicConfig)) args.push('--dynamic-config-value', `${key}=${JSON.stringify(value)}`);
  return args;
};

const startGuard = (options: DevServerOptions, args: readonly string[]): { guard: ChildProcess; logStart: number } => {
  mkdirSync(dirname(options.logFile), { recursive: true });
  if (options.dbFile !== undefined) mkdirSync(dirname(options.dbFile), { recursive: true });
  const log = openSync(options.logFile, 'a');
  try {
    const env = Object.fromEntries(passedOn.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])));
    const guard = fork(guardFile, [options.cli, ...args], { detached: true, env, execArgv: [], stdio: ['ignore', log, log, 'ipc'] });
    return { guard, logStart: fstatSync(log).size };
  } finally {
    closeSync(log);
  }
};

/** A guard that was killed left its server behind, in the process group that the two had. */
const killGroup = ({ pid }: ChildProcess): void => {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody is left in the group, or the platform (Windows) has none.
  }
};

const startOnce = async (options: DevServerOptions, ip: string, port: number, uiPort: number): Promise<DevServer> => {
  const { guard, logStart } = startGuard(options, serverArgs(options, ip, port, uiPort));
  const exited = new Promise<number | null>((resolve) => {
    guard.once('exit', (code, signal) => {
      if (signal !== null) killGroup(guard);
      resolve(code);
    });
    guard.once('error', () => resolve(null));
  });
  const stop = async (): Promise<void> => {
    options.signal?.removeEventListener('abort', onAbort);
    // Held again, else our process could end before the server has.
    guard.ref();
    if (guard.connected) guard.disconnect();
    await exited;
  };
  const onAbort = (): void => void stop();
  options.signal?.addEventListener('abort', onAbort, { once: true });

  const given = new AbortController();
  try {
    const failed = (what: string): DevServerFailed => {
      const written = writtenSince(options.logFile, logStart);
      return new DevServerFailed(`the Temporal development server ${what}; the end of ${options.logFile}:\n${lastLines(written)}`, { portLost: saysPortTaken(written) });
    };
    const early = exited.then((code): never => {
      options.signal?.throwIfAborted();
      throw failed(`ended with code ${code} while starting`);
    });
    const pid = new Promise<number>((resolve) => guard.once('message', (report: GuardReport) => resolve(report.serverPid)));
    const healthy = untilHealthy({ ip, port, uiPort, namespace: options.namespace ?? 'default', signal: given.signal }).catch((error: unknown) => {
      throw failed(`is not healthy: ${error instanceof Error ? error.message : String(error)}`);
    });
    const [serverPid] = await Promise.race([Promise.all([pid, healthy]), early]);
    // From here neither the guard nor its channel keeps our process alive; our end is its end.
    guard.unref();
    guard.channel?.unref();
    return { address: `${ip}:${port}`, uiUrl: `http://${ip}:${uiPort}`, pid: serverPid, exited, stop };
  } catch (error) {
    given.abort();
    await stop();
    throw error;
  }
};

/**
 * Starts the official development server and waits until it really answers, up to 30 s.
 * It is stopped by `stop()`, by the signal, and whenever this process ends, even by kill -9. It takes no part in the terminal's Ctrl-C.
 *
 * Throws DevServerFailed with the end of the log: a given port is taken, the server ended early, or it does not answer.
 */
export const startDevServer = async (options: DevServerOptions): Promise<DevServer> => {
  const ip = options.ip ?? '127.0.0.1';
  for (const port of [options.port, options.uiPort]) {
    if (port !== undefined && !(await isFree(ip, port))) throw new DevServerFailed(`port ${port} on ${ip} is taken: stop what listens there or choose another port`);
  }
  // A chosen port can be lost to somebody else before the server listens; a given one was just seen free.
  for (let attempt = 1; ; attempt += 1) {
    options.signal?.throwIfAborted();
    const [port, uiPort] = await freePorts(ip, 2);
    const ports = [options.port ?? port!, options.uiPort ?? uiPort!] as const;
    try {
      return await startOnce(options, ip, ...ports);
    } catch (error) {
      const lost = (error instanceof DevServerFailed && error.portLost) || (await Promise.all(ports.map((each) => isFree(ip, each)))).includes(false);
      if (!lost || attempt === 3) throw error;
    }
  }
};
