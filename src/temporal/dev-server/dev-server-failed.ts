import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';

/** The development server did not start, or a port it should use is taken. The message ends with the last lines of its log. */
export class DevServerFailed extends Error {
  override readonly name = 'DevServerFailed';
  readonly code = 'temporal-dev-server-failed';
  /** Somebody else took one of its ports while it started: another attempt with other ports may do. */
  readonly portLost: boolean;
  constructor(message: string, { portLost = false } = {}) {
    super(message);
    this.portLost = portLost;
  }
}

/** What was written to a log since byte `from`: its first 64 KiB, where a server that cannot start says why. */
export const writtenSince = (logFile: string, from: number): string => {
  if (!existsSync(logFile)) return '';
  const file = openSync(logFile, 'r');
  try {
    const bytes = Buffer.alloc(Math.min(64 * 1024, Math.max(0, fstatSync(file).size - from)));
    return bytes.toString('utf8', 0, readSync(file, bytes, 0, bytes.length, from));
  } finally {
    closeSync(file);
  }
};

/** The last lines before the stack that a Go program prints when it panics, at most 20 lines and 4 KiB. */
export const lastLines = (written: string): string => {
  const [said = ''] = written.split(/^goroutine \d+/m, 1);
  return said.trimEnd().slice(-4096).split('\n').slice(-20).join('\n');
};

/** The server picks more ports than the two it is given, and whoever takes one may be gone before it can be seen: a connection's own end, for a moment. Go's words on Unix, then on Windows. */
export const saysPortTaken = (written: string): boolean => /address already in use|Only one usage of each socket address/.test(written);
