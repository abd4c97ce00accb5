import type { z } from 'zod';

import { clockMend, onExpiry, onFailing, onRetention, productsFile, type ProductRow } from './products-file.ts';
import * as schema from './schemas.ts';
import type { Clocks, Database, KeyCategory, LogLevel, Need } from './types.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** One setting: where it may stand, who reads it, and what to tell a person who gets it wrong. */
export interface Setting<T> {
  /** Its name in `Config`, in the file and in `origin`. */
  readonly path: string;
  /** Its environment variable; null for what only a file can say. */
  readonly variable: string | null;
  /** Masked wherever it is shown, and also read from `<variable>_FILE`. */
  readonly secret: boolean;
  readonly inFile: boolean;
  /** Who reads it; `show` reads everything. For everybody else it stands at its default, unread and unjudged. */
  readonly usedBy: readonly Need[];
  readonly requiredBy: readonly Need[];
  readonly schema: z.ZodType<T>;
  readonly fallback: T;
  readonly mend: string;
}

const everyone: readonly Need[] = ['api', 'worker', 'serve', 'migrate', 'operate'];
const running: readonly Need[] = ['api', 'worker', 'serve'];
const door: readonly Need[] = ['api', 'serve'];
const effects: readonly Need[] = ['worker', 'serve'];

function setting<T>(row: Setting<T>): Setting<T> {
  return row;
}

const plain = { secret: false, inFile: true, requiredBy: [] } as const;
const hidden = { secret: true, inFile: false } as const;

/** saas.md §1: one key per interface category; the Seller Console shows it under its key id. */
function accessKey(category: KeyCategory, variable: string, interfaces: string, requiredBy: readonly Need[]) {
  return setting<readonly string[]>({
    ...hidden,
    path: `keys.${category}`,
    variable,
    usedBy: door,
    requiredBy,
    schema: schema.secretList(2, 1),
    fallback: [],
    mend:
      `It is the access key of the ${interfaces}. Seller Console (卖家中心) → Application Tools (应用工具) → Key Management (密钥管理): ` +
      `add a key id and copy the access key (访问密钥) shown with it. While rotating, give the new and the old one: ${variable}=new,old`,
  });
}

const credentialsMend =
  'AK and SK sign our calls to the marketplace. Seller Console (卖家中心) → Console (控制台) → user name → My Credentials (我的凭证) → ' +
  "Manage Access Keys (管理访问密钥): create a pair in the seller's own account. They are not the access key of the interfaces.";

/** Every setting but the clocks, which follow below. */
export const settings = {
  baseKey: accessKey('base', 'KOOGALLERY_BASE_KEY', 'base interfaces (基础接口)', door),
  kitKey: accessKey('kit', 'KOOGALLERY_KIT_KEY', 'joint-operation SaaS synchronisation interfaces (联营SaaS同步接口)', []),
  licenseKey: accessKey('license', 'KOOGALLERY_LICENSE_KEY', 'interfaces that deliver License authorisation codes (License授权码)', []),
  commonKey: accessKey('common', 'KOOGALLERY_COMMON_KEY', 'common interfaces (通用接口)', []),
  openApi: setting<string>({
    ...plain,
    path: 'openApi.baseUrl',
    variable: 'KOOGALLERY_OPEN_API',
    usedBy: effects,
    schema: schema.openApiBase,
    fallback: 'https://mkt.myhuaweicloud.com',
    mend: 'Give china, international, europe or a base URL; leave it out for the China site.',
  }),
  ak: setting<string | null>({
    ...hidden,
    path: 'openApi.ak',
    variable: 'KOOGALLERY_AK',
    usedBy: effects,
    requiredBy: effects,
    schema: schema.secret,
    fallback: null,
    mend: credentialsMend,
  }),
  sk: setting<string | null>({
    ...hidden,
    path: 'openApi.sk',
    variable: 'KOOGALLERY_SK',
    usedBy: effects,
    requiredBy: effects,
    schema: schema.secret,
    fallback: null,
    mend: credentialsMend,
  }),
  secrets: setting<readonly string[]>({
    ...hidden,
    path: 'secrets',
    variable: 'KOOKEEPER_SECRET',
    usedBy: running,
    requiredBy: running,
    schema: schema.secretList(8, 32),
    fallback: [],
    mend:
      'It seals access data and derives instance ids: make one with `openssl rand -hex 32` and keep it as safe as the database. ' +
      'To rotate, put the new one first: new,old',
  }),
  publicUrl: setting<string | null>({
    ...plain,
    path: 'publicUrl',
    variable: 'KOOKEEPER_PUBLIC_URL',
    usedBy: effects,
    schema: schema.publicUrl,
    fallback: null,
    mend: 'Give the address where buyers reach the demo app, for example https://app.example.cn',
  }),
  appPort: setting<number>({
    ...plain,
    path: 'appPort',
    variable: 'KOOKEEPER_APP_PORT',
    usedBy: effects,
    schema: schema.port,
    fallback: 8081,
    mend: 'Give the port of the demo app, or leave it out for 8081.',
  }),
  port: setting<number>({
    ...plain,
    path: 'port',
    variable: 'PORT',
    usedBy: door,
    schema: schema.port,
    fallback: 8080,
    mend: 'Give the port that answers KooGallery, or leave it out for 8080.',
  }),
  operatorPort: setting<number>({
    ...plain,
    path: 'operator.port',
    variable: 'KOOKEEPER_OPERATOR_PORT',
    usedBy: running,
    schema: schema.port,
    fallback: 8090,
    mend: 'Give the port of counts and metrics, or leave it out for 8090.',
  }),
  operatorToken: setting<string | null>({
    ...hidden,
    path: 'operator.token',
    variable: 'KOOKEEPER_OPERATOR_TOKEN',
    usedBy: running,
    requiredBy: [],
    schema: schema.token,
    fallback: null,
    mend: 'Make one with `openssl rand -hex 32`, or leave it out: the operator port then answers this machine only.',
  }),
  operatorHost: setting<string | null>({
    ...plain,
    path: 'operator.host',
    variable: 'KOOKEEPER_OPERATOR_HOST',
    usedBy: running,
    schema: schema.text,
    fallback: null,
    mend: 'Give the address to listen on; only a loopback one (127.0.0.1) goes without KOOKEEPER_OPERATOR_TOKEN.',
  }),
  database: setting<Database | null>({
    path: 'database',
    variable: 'DATABASE_URL',
    secret: true,
    inFile: true,
    usedBy: everyone,
    requiredBy: [],
    schema: schema.database,
    fallback: null,
    mend: 'Give sqlite:./data/kookeeper.db or postgres://user:password@host:5432/name, or leave it out for SQLite in the data folder.',
  }),
  temporalAddress: setting<string | null>({
    ...plain,
    path: 'temporal.address',
    variable: 'TEMPORAL_ADDRESS',
    usedBy: [...running, 'operate'],
    schema: schema.temporalAddress,
    fallback: null,
    mend: 'Give the address of a running Temporal, for example temporal.internal:7233, or leave it out for a development server.',
  }),
  temporalNamespace: setting<string>({
    ...plain,
    path: 'temporal.namespace',
    variable: 'TEMPORAL_NAMESPACE',
    usedBy: [...running, 'operate'],
    schema: schema.text,
    fallback: 'default',
    mend: 'Give the name of a Temporal namespace, or leave it out for `default`.',
  }),
  dataFolder: setting<string>({
    ...plain,
    path: 'dataFolder',
    variable: 'KOOKEEPER_DATA',
    usedBy: everyone,
    schema: schema.text,
    fallback: './data',
    mend: 'Give a folder that kookeeper may write to, or leave it out for ./data.',
  }),
  webhookUrl: setting<string | null>({
    ...hidden,
    path: 'webhook.url',
    variable: 'KOOKEEPER_WEBHOOK_URL',
    usedBy: effects,
    requiredBy: [],
    schema: schema.webhookUrl,
    fallback: null,
    mend: 'Give the https address that notices are posted to, or leave it out: they then stand in the log alone.',
  }),
  webhookSecret: setting<string | null>({
    ...hidden,
    path: 'webhook.secret',
    variable: 'KOOKEEPER_WEBHOOK_SECRET',
    usedBy: effects,
    requiredBy: [],
    schema: schema.webhookSecret,
    fallback: null,
    mend: 'It signs each notice: make one with `openssl rand -base64 32` and give the receiver the same, or leave it out to send them unsigned.',
  }),
  webhookPrivate: setting<'refuse' | 'allow'>({
    ...plain,
    path: 'webhook.private',
    variable: 'KOOKEEPER_WEBHOOK_PRIVATE',
    usedBy: effects,
    schema: schema.word(['refuse', 'allow']),
    fallback: 'refuse',
    mend: 'Write allow if the webhook is meant to be on a private network or this machine; leave it out for refuse.',
  }),
  keepDays: setting<number>({
    ...plain,
    path: 'calls.keepDays',
    variable: null,
    usedBy: [...running, 'operate'],
    schema: schema.days,
    fallback: 400,
    mend: 'Give the days that a call is kept in the journal, or leave it out for 400.',
  }),
  logLevel: setting<LogLevel>({
    ...plain,
    path: 'log.level',
    variable: 'KOOKEEPER_LOG_LEVEL',
    usedBy: everyone,
    schema: schema.word(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']),
    fallback: 'info',
    mend: 'Leave it out for info.',
  }),
  products: setting<'any' | readonly ProductRow[] | null>({
    ...plain,
    path: 'products',
    variable: null,
    usedBy: running,
    schema: productsFile,
    fallback: null,
    mend: 'Each entry needs productId or skuCode, and provisioner: { kind, options }; plan and clocks are optional.',
  }),
} as const;

function clock<T>(name: keyof Clocks, schemaOfClock: z.ZodType<T>, fallback: T): Setting<T> {
  return { ...plain, path: `clocks.${name}`, variable: null, usedBy: running, schema: schemaOfClock, fallback, mend: clockMend[name] };
}

const { duration } = schema;

/** Defaults and reasons: architecture §3. The marketplace's own freeze comes up to 7 days after the expiry, so grace is longer. */
export const clockSettings = {
  warn: clock('warn', duration, 7 * DAY),
  graceStated: clock('graceStated', duration, 8 * DAY),
  graceEstimated: clock('graceEstimated', duration, 30 * DAY),
  retention: clock('retention', duration, 15 * DAY),
  keep: clock('keep', duration, 3 * DAY),
  createWindow: clock('createWindow', duration, 3 * HOUR),
  onExpiry: clock('onExpiry', onExpiry, 'freeze'),
  onRetention: clock('onRetention', onRetention, 'hold'),
  onFailing: clock('onFailing', onFailing, 'retry'),
} as const;

export const allSettings: readonly Setting<unknown>[] = [...Object.values(settings), ...Object.values(clockSettings)];
