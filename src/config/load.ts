import { join, resolve } from 'node:path';

import { checkFile } from './check-file.ts';
import { ConfigError, type Problem } from './config-error.ts';
import { layProducts } from './lay-products.ts';
import { readConfigFile, type FileContent } from './read-file.ts';
import { createReader, type Reader } from './reader.ts';
import { isLoopback } from './schemas.ts';
import { clockSettings, settings } from './settings.ts';
import type { Clocks, Config, ConfigFor, Database, Need } from './types.ts';
import type { Environment } from './variables.ts';

export interface LoadOptions<N extends Need> {
  readonly env: Environment;
  /** The configuration file; wins over `KOOKEEPER_CONFIG`. */
  readonly file?: string;
  /** Values of command-line flags by the setting's path, for example `{ 'operator.port': '9000' }`. Never a secret. */
  readonly flags?: Readonly<Record<string, string>>;
  /** What relative paths start from. */
  readonly cwd: string;
  /** What the caller is about to do: settings it has no use for are neither read nor judged, and stand at their defaults. */
  readonly need: N;
}

/**
 * Loads the configuration from flags > environment > one file > defaults. The result is frozen.
 *
 * Throws `ConfigError` with every problem at once. A `.ts`, `.js` or `.mjs` file is imported, so it runs.
 */
export async function loadConfig<const N extends Need>(options: LoadOptions<N>): Promise<ConfigFor<N>> {
  const { env, cwd, need, flags = {} } = options;
  const fileName = options.file ?? (env['KOOKEEPER_CONFIG'] || null);
  const loaded = fileName === null ? null : await readConfigFile(fileName, cwd);
  const content = loaded !== null && 'content' in loaded ? loaded.content : null;
  const file = content === null || fileName === null ? null : { name: fileName, content };

  const reader = createReader({ env, flags, file, cwd, need });
  const { problems } = reader;
  if (loaded !== null && 'trouble' in loaded) {
    problems.push({ path: 'configuration file', variable: options.file === undefined ? 'KOOKEEPER_CONFIG' : null, ...loaded.trouble });
  }
  if (content !== null) problems.push(...checkFile(content));

  const config = assemble(reader, { env, cwd, need, fileName, content });
  problems.push(...conflicts(config));
  if (problems.length > 0) throw new ConfigError(problems);
  // The reader has made a problem of everything required that is missing, which is all that ConfigFor<N> adds to Config.
  return deepFreeze(config) as ConfigFor<N>;
}

interface Surroundings {
  readonly env: Environment;
  readonly cwd: string;
  readonly need: Need;
  readonly fileName: string | null;
  readonly content: FileContent | null;
}

function assemble({ pick, problems, origin }: Reader, { env, cwd, need, fileName, content }: Surroundings): Config {
  const dataFolder = resolve(cwd, pick(settings.dataFolder));
  const appPort = pick(settings.appPort);
  const token = pick(settings.operatorToken);
  const clocks: Clocks = {
    warn: pick(clockSettings.warn),
    graceStated: pick(clockSettings.graceStated),
    graceEstimated: pick(clockSettings.graceEstimated),
    retention: pick(clockSettings.retention),
    keep: pick(clockSettings.keep),
    createWindow: pick(clockSettings.createWindow),
    onExpiry: pick(clockSettings.onExpiry),
    onRetention: pick(clockSettings.onRetention),
    onFailing: pick(clockSettings.onFailing),
  };
  const rows = pick(settings.products);
  if (content !== null && !Object.hasOwn(content, 'products') && origin['products'] === 'default') problems.push(silentAboutProducts);
  return {
    need,
    file: fileName,
    keys: {
      base: pick(settings.baseKey),
      kit: pick(settings.kitKey),
      license: pick(settings.licenseKey),
      common: pick(settings.commonKey),
    },
    openApi: { baseUrl: pick(settings.openApi), ak: pick(settings.ak), sk: pick(settings.sk) },
    secrets: pick(settings.secrets),
    publicUrl: pick(settings.publicUrl) ?? `http://localhost:${appPort}`,
    appPort,
    port: pick(settings.port),
    operator: {
      port: pick(settings.operatorPort),
      token,
      // Without a token nothing but this machine may reach the operator's surfaces (architecture §6).
      host: pick(settings.operatorHost) ?? (token === null ? '127.0.0.1' : '0.0.0.0'),
    },
    database: locate(pick(settings.database), cwd) ?? { kind: 'sqlite', file: join(dataFolder, 'kookeeper.db') },
    temporal: { address: pick(settings.temporalAddress), namespace: pick(settings.temporalNamespace) },
    dataFolder,
    products: rows === null || rows === 'any' ? 'any' : layProducts(rows, { clocks, env, cwd, need, problems }),
    clocks,
    webhook: { url: pick(settings.webhookUrl), secret: pick(settings.webhookSecret), private: pick(settings.webhookPrivate) },
    calls: { keepDays: pick(settings.keepDays) },
    log: { level: pick(settings.logLevel) },
    origin,
  };
}

const silentAboutProducts: Problem = {
  kind: 'missing',
  path: 'products',
  variable: null,
  cause: 'is missing from the configuration file',
  mend:
    'List the products it serves (any other SKU then waits for a person), ' +
    "or write products: 'any' to serve every SKU with sqlite-tenant.",
};

function locate(database: Database | null, cwd: string): Database | null {
  return database?.kind === 'sqlite' ? { kind: 'sqlite', file: resolve(cwd, database.file) } : database;
}

/** What is right by itself and wrong together. */
function conflicts({ need, operator, port, appPort, webhook }: Config): Problem[] {
  const found: Problem[] = [];
  if (webhook.private === 'refuse' && webhook.url?.startsWith('http:')) {
    const { path, variable } = settings.webhookUrl;
    const cause = 'must use https: plain http is only for a private network';
    found.push({ kind: 'conflict', path, variable, cause, mend: 'Give an https address, or set KOOKEEPER_WEBHOOK_PRIVATE=allow.' });
  }
  if (operator.token === null && !isLoopback(operator.host)) {
    const { path, variable } = settings.operatorHost;
    const cause = 'would open the operator port to other machines without a token';
    const mend = 'Set KOOKEEPER_OPERATOR_TOKEN (`openssl rand -hex 32` makes one), or listen on 127.0.0.1.';
    found.push({ kind: 'conflict', path, variable, cause, mend });
  }
  const listening = [
    ...(need === 'worker' ? [] : [{ setting: settings.port, value: port }]),
    ...(need === 'serve' || need === 'show' ? [{ setting: settings.appPort, value: appPort }] : []),
    { setting: settings.operatorPort, value: operator.port },
  ];
  for (const [index, { setting, value }] of listening.entries()) {
    const other = listening.slice(0, index).find((earlier) => earlier.value === value && value !== 0);
    if (!other) continue;
    const cause = `is the same port as ${other.setting.variable}`;
    found.push({ kind: 'conflict', path: setting.path, variable: setting.variable, cause, mend: 'Give each its own port, or 0 for any free one.' });
  }
  return found;
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) deepFreeze(part);
  }
  return value;
}
