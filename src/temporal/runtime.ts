import { Runtime } from '@temporalio/worker';
import type { Logger as TemporalLogger, LogLevel, LogMetadata } from '@temporalio/worker';

type Log = (fields: object, message: string) => void;

/** What we use of pino. */
export interface PinoLike {
  readonly trace: Log;
  readonly debug: Log;
  readonly info: Log;
  readonly warn: Log;
  readonly error: Log;
}

const levels: Readonly<Record<LogLevel, keyof PinoLike>> = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' };

/** Temporal's logger on top of pino's. An error travels as `err`, the name pino's standard serialiser knows. */
export const temporalLogger = (logger: PinoLike): TemporalLogger => {
  const log = (level: LogLevel, message: string, meta: LogMetadata = {}): void => {
    const { error, ...fields } = meta;
    logger[levels[level]](error === undefined ? fields : { ...fields, err: error }, message);
  };
  return {
    log,
    trace: (message, meta) => log('TRACE', message, meta),
    debug: (message, meta) => log('DEBUG', message, meta),
    info: (message, meta) => log('INFO', message, meta),
    warn: (message, meta) => log('WARN', message, meta),
    error: (message, meta) => log('ERROR', message, meta),
  };
};

// The SDK ends its runtime with the last connection and makes it again, with the same settings, at the next: asking it whether it is installed would not do.
let installed = false;

/**
 * Sets up the SDK's one runtime per process; call it before the first worker connection. A second call changes nothing.
 * The Rust core's warnings go to the logger instead of raw to standard output. No signal stops workers by itself: our own SIGTERM drains in order.
 *
 * Throws the SDK's IllegalStateError when a connection was opened earlier, because the runtime then has other settings already.
 */
export const installRuntime = (logger: PinoLike): void => {
  if (installed) return;
  Runtime.install({
    logger: temporalLogger(logger),
    telemetryOptions: { logging: { filter: { core: 'WARN', other: 'WARN' }, forward: {} } },
    shutdownSignals: [],
  });
  installed = true;
};
