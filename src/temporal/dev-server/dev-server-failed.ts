import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';

/** The development server did not start, or a port it should use is taken. The message ends with the last lines of its log. */
export class DevServerFailed extends Error {
  override readonly name = 'DevServerFailed';
  readonly code = 'temporal-dev-server-failed';
}

/** The last lines that were written to a log since byte `from`, at most 20 lines and 4 KiB. */
export const lastLines = (logFile: string, from: number): string => {
  if (!existsSync(logFile)) return '';
  const file = openSync(logFile, 'r');
  try {
    const { size } = fstatSync(file);
    const start = Math.max(from, size - 4096);
    const bytes = Buffer.alloc(Math.max(0, size - start));
    readSync(file, bytes, 0, bytes.length, start);
    return bytes.toString('utf8').trimEnd().split('\n').slice(-20).join('\n');
  } finally {
    closeSync(file);
  }
};
