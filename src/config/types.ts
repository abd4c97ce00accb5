/** Types of the configuration and nothing else: the part of this room that every room may import. Durations are integer ms. */

/** What the caller is about to do; it decides which settings are read, and which of them must be there. */
export type Need = 'api' | 'worker' | 'serve' | 'migrate' | 'operate' | 'show';

/** KooGallery's interface categories: each has its own access keys, and none may serve two of them (saas.md §1). */
export type KeyCategory = 'base' | 'kit' | 'license' | 'common';

export type ProvisionerKind = 'sqlite-tenant' | 'postgres-tenant';

export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';

/** When the instance's own clocks act (architecture §3), all lengths in ms. */
export interface Clocks {
  /** Before the expiry: the seller is told. */
  readonly warn: number;
  /** From an expiry that a call has stated until we freeze. */
  readonly graceStated: number;
  /** From an expiry that is only the order query's estimate until we freeze. */
  readonly graceEstimated: number;
  /** From our freeze until `onRetention`. */
  readonly retention: number;
  /** From a release until the data are removed; a person can undo it meanwhile. */
  readonly keep: number;
  /** From the first create call until the marketplace refunds an order that is not ready. */
  readonly createWindow: number;
  readonly onExpiry: 'freeze' | 'tell';
  readonly onRetention: 'hold' | 'release';
  /** Whether a provisioning that keeps failing is tried until the create window ends, or waits for a person after three rounds. */
  readonly onFailing: 'retry' | 'wait';
}

export interface ProvisionerChoice {
  readonly kind: ProvisionerKind;
  /** The adapter's own options, which it checks itself. May hold secrets (from `fromEnvironment`): never print them. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** How one product of the seller is served. An id that is null matches every value. */
export interface Product {
  readonly productId: string | null;
  readonly skuCode: string | null;
  readonly provisioner: ProvisionerChoice;
  /** What this SKU means in the seller's own words, for example `{ name: 'team', seats: 10 }`; handed to the provisioner. */
  readonly plan: Readonly<Record<string, unknown>>;
  readonly clocks: Clocks;
}

/** `file` is an absolute path; `url` is secret, for it may hold a password. */
export type Database = { readonly kind: 'sqlite'; readonly file: string } | { readonly kind: 'postgres'; readonly url: string };

/** Where a value came from: `not read` is a setting that the `need` has no use for. */
export type Origin = 'default' | 'not read' | 'flag' | `environment ${string}` | `file ${string}`;

export interface Config {
  readonly need: Need;
  /** Path of the configuration file as it was given; null without one. */
  readonly file: string | null;
  /** Secret. Access keys per interface category, newest first, at most two. */
  readonly keys: Readonly<Record<KeyCategory, readonly string[]>>;
  readonly openApi: {
    /** Without a slash at its end. */
    readonly baseUrl: string;
    /** Secret, as `sk`. */
    readonly ak: string | null;
    readonly sk: string | null;
  };
  /** Secret. The first seals and derives, all open (architecture §5). */
  readonly secrets: readonly string[];
  /** Where buyers reach the demo app; without a slash at its end. */
  readonly publicUrl: string;
  readonly appPort: number;
  readonly port: number;
  readonly operator: {
    readonly port: number;
    readonly host: string;
    /** Secret. */
    readonly token: string | null;
  };
  readonly database: Database;
  /** `address` null: a development server is found or fetched. */
  readonly temporal: { readonly address: string | null; readonly namespace: string };
  /** Absolute path. */
  readonly dataFolder: string;
  /** `'any'`: every SKU is served by `sqlite-tenant`. */
  readonly products: 'any' | readonly Product[];
  readonly clocks: Clocks;
  /** Where notices are told besides the log. */
  readonly webhook: {
    /** Secret, for it may carry a token; null: nowhere else. Plain http only if `private` allows it. */
    readonly url: string | null;
    /** Secret. Base64 of the key that signs each call; null: unsigned. */
    readonly secret: string | null;
    /** Whether its host may be at an address that is not public. */
    readonly private: 'refuse' | 'allow';
  };
  readonly calls: { /** Days a call's record is kept. */ readonly keepDays: number };
  readonly log: { readonly level: LogLevel };
  /** By the setting's path, for example `operator.port`. */
  readonly origin: Readonly<Record<string, Origin>>;
}

interface WithSecrets {
  readonly secrets: readonly [string, ...string[]];
}
interface WithKeys {
  readonly keys: { readonly base: readonly [string, ...string[]] };
}
interface WithCredentials {
  readonly openApi: { readonly ak: string; readonly sk: string };
}

/** The configuration with what the need guarantees: nobody downstream asks again whether a secret is there. */
export type ConfigFor<N extends Need> = N extends 'serve'
  ? Config & WithKeys & WithSecrets & WithCredentials
  : N extends 'api'
    ? Config & WithKeys & WithSecrets
    : N extends 'worker'
      ? Config & WithSecrets & WithCredentials
      : Config;

/** A length of time in a file: whole milliseconds, or `8d`, `6h`, `30m`, `15s`, `500ms`. */
export type DurationText = number | string;

/** Clocks as a file writes them. */
export type ClocksFile = {
  readonly [K in keyof Clocks]?: Clocks[K] extends number ? DurationText : Clocks[K];
};

/** A product as a file writes it: at least one of the two ids. */
export interface ProductFile {
  readonly productId?: string;
  readonly skuCode?: string;
  readonly provisioner: {
    readonly kind: ProvisionerKind;
    /** A secret among them is written `{ fromEnvironment: 'NAME' }` and read from NAME or NAME_FILE. */
    readonly options?: Readonly<Record<string, unknown>>;
  };
  readonly plan?: Readonly<Record<string, unknown>>;
  readonly clocks?: ClocksFile;
}

/** What a configuration file may hold: `export default { … } satisfies ConfigFile`. Secrets have no place in it. */
export interface ConfigFile {
  /** Required: with a file, an SKU that is not listed waits for a person, unless this says `'any'`. */
  readonly products?: 'any' | readonly ProductFile[];
  readonly clocks?: ClocksFile;
  readonly openApi?: { readonly baseUrl?: string };
  readonly publicUrl?: string;
  readonly appPort?: number;
  readonly port?: number;
  readonly operator?: { readonly port?: number; readonly host?: string };
  /** A URL without a password. */
  readonly database?: string;
  readonly temporal?: { readonly address?: string; readonly namespace?: string };
  readonly dataFolder?: string;
  readonly webhook?: { readonly private?: 'refuse' | 'allow' };
  readonly calls?: { readonly keepDays?: number };
  readonly log?: { readonly level?: LogLevel };
}
