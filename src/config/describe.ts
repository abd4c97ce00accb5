import { formatDuration } from './duration.ts';
import { allSettings, type Setting } from './settings.ts';
import type { Config, Database, Origin } from './types.ts';

/** One line of what a start prints and `kookeeper config show` lists. */
export interface Described {
  readonly path: string;
  readonly variable: string | null;
  /** Secrets only as their count and a class of length. */
  readonly value: string;
  readonly origin: Origin;
}

/** Every setting with its value and where it came from. Safe to print: no character of a secret is in it. */
export function describeConfig(config: Config): readonly Described[] {
  return allSettings.map((setting) => {
    const { path, variable } = setting;
    const origin = config.origin[path] ?? 'not read';
    return { path, variable, value: origin === 'not read' ? '–' : show(setting, config), origin };
  });
}

function show({ path, secret }: Setting<unknown>, config: Config): string {
  if (path === 'database') return showDatabase(config.database);
  if (path === 'webhook.url') return showWebhook(config.webhook.url);
  if (path === 'products') return showProducts(config.products);
  const value = path.split('.').reduce<unknown>((part, key) => (isObject(part) ? part[key] : undefined), config);
  if (secret) return mask(value);
  if (path.startsWith('clocks.') && typeof value === 'number') return formatDuration(value);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '–';
}

function mask(value: unknown): string {
  const secrets = (Array.isArray(value) ? value : [value]).filter((entry) => typeof entry === 'string');
  if (secrets.length === 0) return 'not set';
  return `${secrets.length} set (${secrets.map((entry) => lengthClass(entry.length)).join('; ')})`;
}

function lengthClass(length: number): string {
  if (length < 16) return 'under 16 characters';
  if (length < 32) return '16 to 31 characters';
  return length < 64 ? '32 to 63 characters' : '64 characters or more';
}

/** User, password and parameters of a PostgreSQL URL stay hidden: a password may stand in any of them. */
function showDatabase(database: Database): string {
  if (database.kind === 'sqlite') return `sqlite:${database.file}`;
  const { host, pathname } = new URL(database.url);
  return `postgres://${host}${pathname}`;
}

/** Whom notices go to. Path and query stay hidden: either may carry a token. */
function showWebhook(url: string | null): string {
  return url === null ? 'not set' : `${new URL(url).origin}/…`;
}

/** Ids and kinds only: options may hold secrets. */
function showProducts(products: Config['products']): string {
  if (products === 'any') return 'any SKU → sqlite-tenant';
  if (products.length === 0) return 'none: every SKU waits for a person';
  return products
    .map(({ productId, skuCode, provisioner }) => `${[productId, skuCode].filter((id) => id !== null).join(' + ')} → ${provisioner.kind}`)
    .join(', ');
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
