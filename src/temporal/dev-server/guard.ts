import { spawn } from 'node:child_process';

// Runs as a process of its own between us and the development server: `guard <program> <arguments…>`, its output being the server's log.
// The IPC channel is its only tie to its parent. When it closes, for whatever reason, a kill -9 of the parent among them, the server is stopped.
// Detached by its parent, so that Ctrl-C in a terminal reaches us and not the server: it must outlive our draining.

/** What the guard tells its parent once. */
export interface GuardReport {
  readonly serverPid: number;
}

/** How long the server may take to close its database, ms. */
const patienceMs = 5000;

if (import.meta.main) {
  const [program, ...args] = process.argv.slice(2);
  if (program === undefined || process.send === undefined) throw new Error('the guard is started by startDevServer');

  const server = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'], windowsHide: true });
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    server.kill('SIGTERM');
    setTimeout(() => server.kill('SIGKILL'), patienceMs).unref();
  };
  process.on('disconnect', stop);
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('SIGHUP', stop);

  server.once('spawn', () => {
    const report: GuardReport = { serverPid: server.pid ?? -1 };
    if (process.connected) process.send?.(report);
    else stop();
  });
  server.once('error', (error) => {
    console.error(`the Temporal CLI cannot be started: ${error.message}`);
    process.exit(127);
  });
  server.once('exit', (code) => process.exit(code ?? 1));
}
