import { z } from 'zod';
import type { RandomBytes } from './password.ts';
import { postgresTenant } from './postgres-tenant/postgres-tenant.ts';
import type { Provisioner } from './provisioner.ts';
import { sqliteTenant } from './sqlite-tenant/sqlite-tenant.ts';

/** The marketplace's limit for `frontEndUrl` (saas.md §3) and ours for an instance id. */
const URL_LENGTH = 512;
const LONGEST_ID = 'x'.repeat(64);

const httpUrl = z.url({ protocol: /^https?$/, error: 'must be an address that begins with http:// or https://' });

const sqliteTenantOptions = z.strictObject({
  folder: z.string().min(1),
  publicUrl: httpUrl.refine(
    (url) => `${url}/t/${LONGEST_ID}`.length <= URL_LENGTH,
    'must leave room for the instance id within 512 characters',
  ),
});

const postgresTenantOptions = z.strictObject({
  adminUrl: z.url({ protocol: /^postgres(ql)?$/, error: 'must be of the form postgres://user:password@host:port/database' }),
  publicUrl: httpUrl
    .refine(
      (url) => url.replaceAll('{instanceId}', LONGEST_ID).length <= URL_LENGTH,
      'must be at most 512 characters with {instanceId} filled in',
    )
    .exactOptional(),
});

/** What a provisioner gets from the program rather than from its configuration. */
export interface ProvisionerSeams {
  readonly random?: RandomBytes;
  /** Clock of meters' readings, UTC ms. */
  readonly now?: () => number;
}

/** A provisioner the configuration can name: the schema of its options, and how it is made from them. */
export interface ProvisionerKind {
  readonly options: z.ZodType;
  /** Checks `options` (ZodError, naming no value, when they do not fit the schema) and makes the provisioner; connects to nothing. */
  make(options: unknown, seams?: ProvisionerSeams): Provisioner;
}

/** Every kind of provisioner, by the name used in the configuration. */
export const provisionerKinds = {
  'sqlite-tenant': kind(sqliteTenantOptions, sqliteTenant),
  'postgres-tenant': kind(postgresTenantOptions, postgresTenant),
} as const satisfies Record<string, ProvisionerKind>;

export type ProvisionerKindName = keyof typeof provisionerKinds;

function kind<Schema extends z.ZodType<object>>(
  options: Schema,
  factory: (options: z.output<Schema> & ProvisionerSeams) => Provisioner,
): ProvisionerKind {
  return { options, make: (given, seams = {}) => factory({ ...options.parse(given), ...seams }) };
}
