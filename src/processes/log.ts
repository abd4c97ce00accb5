import { pino, type Logger } from 'pino';
import type { LogLevel } from '../config/types.ts';

/** Logs are JSON lines on stderr: stdout belongs to results. What is logged holds no secret; the redaction is a second fence. */
export function createLog(level: LogLevel, component: string): Logger {
  return pino(
    { level, base: { component }, redact: ['*.password', '*.accessKey', '*.sk', '*.mobilePhone', '*.email', 'password', 'accessKey', 'sk', 'mobilePhone', 'email'] },
    pino.destination({ dest: 2, sync: true }),
  );
}
