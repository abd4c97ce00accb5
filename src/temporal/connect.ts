import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import type { ClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection } from '@temporalio/worker';
import type { NativeConnectionOptions } from '@temporalio/worker';
import { endableRetries, type Retries } from './retries.ts';

/** Which Temporal to talk to. What is not stated comes from Temporal's own environment variables and profile file (temporal.md §5). */
export interface TemporalTarget {
  /** `host:port`; overrides `TEMPORAL_ADDRESS` and the profile. Default localhost:7233. */
  readonly address?: string;
  /** Overrides `TEMPORAL_NAMESPACE` and the profile. Default `default`. */
  readonly namespace?: string;
  /** Profile of the configuration file; else `TEMPORAL_PROFILE`, else `default`. */
  readonly profile?: string;
  /** A development server that we started: the environment's TLS, API key and profile belong to another server and are not sent to it. */
  readonly development?: boolean;
  /** Default `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export interface ClientLink {
  readonly client: Client;
  readonly connection: Connection;
  readonly namespace: string;
  readonly close: () => Promise<void>;
}

export interface WorkerLink {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly close: () => Promise<void>;
}

const connectTimeoutMs = 5000;

/** No Temporal server answered in time. It may still start later; nothing was sent to it. */
export class TemporalUnreachable extends Error {
  override readonly name = 'TemporalUnreachable';
  readonly code = 'temporal-unreachable';
  readonly address: string;

  constructor(address: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(
      `no Temporal server answers at ${address}: ${reason}. Set TEMPORAL_ADDRESS to the host:port of a running server ` +
        '(with TEMPORAL_NAMESPACE, TEMPORAL_API_KEY or TEMPORAL_TLS_… where it needs them), or leave it unset for a development server.',
      { cause },
    );
    this.address = address;
  }
}

interface Resolved {
  readonly options: NativeConnectionOptions & { address: string };
  readonly namespace: string;
  /** Somebody said where the server is; else its address is the usual one of a development server. */
  readonly stated: boolean;
}

/** Settings of both kinds of connection, from the target, the environment and the profile file, in this order. */
const resolve = ({ address, namespace, profile, development = false, env = process.env }: TemporalTarget): Resolved => {
  const overrideEnvVars: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) if (value !== undefined) overrideEnvVars[name] = value;
  const loaded: ClientConnectConfig = development
    ? { connectionOptions: {} }
    : loadClientConnectConfig({ overrideEnvVars, configFileStrict: true, ...(profile === undefined ? {} : { profile }) });
  const { connectionOptions } = loaded;
  return {
    options: { ...connectionOptions, address: address ?? connectionOptions.address ?? 'localhost:7233' },
    namespace: namespace ?? loaded.namespace ?? 'default',
    stated: address !== undefined || connectionOptions.address !== undefined,
  };
};

/**
 * Whether the target, the environment or the profile file says where the server is. A command of a moment had better not guess: the server that
 * `serve` started is at another address, and what listens at the usual one may be somebody else's.
 */
export const isStated = (target: TemporalTarget = {}): boolean => resolve(target).stated;

/** The pure JavaScript client's share of the settings; a value that is absent must not be spelled out as undefined. */
const clientOptions = ({ address, tls, apiKey, metadata }: Resolved['options'], { interceptors }: Retries) => ({
  address,
  interceptors,
  connectTimeout: connectTimeoutMs,
  ...(tls === undefined ? {} : { tls }),
  ...(apiKey === undefined ? {} : { apiKey }),
  ...(metadata === undefined ? {} : { metadata }),
});

const link = (connection: Connection, namespace: string, retries: Retries): ClientLink => ({
  client: new Client({ connection, namespace }),
  connection,
  namespace,
  close: () => {
    retries.end();
    return connection.close();
  },
});

/** Connects and makes sure that the server answers. Throws TemporalUnreachable within 5 s, naming the address. */
export const connectClient = async (target: TemporalTarget = {}): Promise<ClientLink> => {
  const { options, namespace } = resolve(target);
  const retries = endableRetries();
  try {
    return link(await Connection.connect(clientOptions(options, retries)), namespace, retries);
  } catch (error) {
    throw new TemporalUnreachable(options.address, error);
  }
};

/** A client that connects at its first call, so that the API starts and answers while Temporal is down. Bound each call with `withDeadline`. */
export const lazyClient = (target: TemporalTarget = {}): ClientLink => {
  const { options, namespace } = resolve(target);
  const retries = endableRetries();
  return link(Connection.lazy(clientOptions(options, retries)), namespace, retries);
};

/** Connects for workers. Throws TemporalUnreachable within 5 s. Close it after the workers have stopped. */
export const connectWorker = async (target: TemporalTarget = {}): Promise<WorkerLink> => {
  const { options, namespace } = resolve(target);
  const connecting = NativeConnection.connect(options);
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${connectTimeoutMs / 1000} s`)), connectTimeoutMs);
  });
  try {
    const connection = await Promise.race([connecting, tooLong]);
    return { connection, namespace, close: () => connection.close() };
  } catch (error) {
    // A connection that comes after we gave up would keep the process alive; one that never comes needs nothing.
    connecting.then((late) => late.close()).catch(() => undefined);
    throw new TemporalUnreachable(options.address, error);
  } finally {
    clearTimeout(timer);
  }
};
