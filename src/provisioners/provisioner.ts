import type { Plan } from '../lifecycle/plan.ts';
import type { UsageReading } from '../lifecycle/usage.ts';

/** What a provisioner is asked to build or to change. Times out of the tenant's life never reach it. */
export interface TenantRequest {
  /** Our id: the tenant must be findable by it for ever (`find`). */
  readonly instanceId: string;
  readonly plan: Plan;
  /** What the configuration says of the product under `plan`, for the adapter alone; empty without a file. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Build it without letting anybody in: a freeze overtook the purchase. */
  readonly suspended: boolean;
}

/** How the buyer gets in. Secret: goes from the adapter straight into the sealed store. */
export interface TenantAccess {
  readonly frontEndUrl: string;
  readonly adminUrl?: string;
  readonly userName?: string;
  readonly password?: string;
  readonly memo?: string;
}

export type TenantStatus = 'open' | 'suspended' | 'absent';

export interface CallOptions {
  /** Aborted when the call should stop as soon as it safely can. */
  readonly signal: AbortSignal;
}

/** What the tenant is to become, or might become. */
export interface ChangeRequest {
  readonly instanceId: string;
  readonly plan: Plan;
  /** The configuration's `plan` of the target product. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** Whether a change would go through; `reason` is plain English for the marketplace's log, without personal data. */
export type ChangeCheck = { readonly allowed: true } | { readonly allowed: false; readonly reason: string };

/**
 * The port every provisioner implements: eight verbs, each safe to repeat.
 *
 * Success, cancellation and time-out are all possible at once, so every verb finds out what is there and then acts:
 * - `find` says what exists under our id;
 * - `create` adopts what an earlier, timed-out attempt built and returns **its** access data (if the password is no longer known it sets a new one);
 * - `suspend` ends access at once and keeps the data; `resume` opens it again; `remove` deletes the data. Each is a success when already so;
 *   `suspend`, and `resume` of an absent tenant throw TenantMissing; `remove` of an absent tenant succeeds;
 * - `change` makes the tenant one of the given plan, bigger or smaller, open or suspended as it was; already so is a success. ProvisionRefused
 *   when the tenant's use does not fit the target: then nothing has changed. TenantMissing when there is none;
 * - `check` says whether that `change` would lose data or service, and changes nothing;
 * - `check` and `meter` of an absent tenant throw TenantMissing;
 * - `meter` reads what the tenant has used, open or suspended; null when the plan is not metered (nothing need be looked at then).
 *
 * Errors: `ProvisionRefused` is a no for good and reaches the marketplace as its code. Any other error is temporary and is tried again.
 */
export interface Provisioner {
  readonly name: string;
  find(instanceId: string, options: CallOptions): Promise<TenantStatus>;
  create(request: TenantRequest, options: CallOptions): Promise<TenantAccess>;
  suspend(instanceId: string, options: CallOptions): Promise<void>;
  resume(instanceId: string, options: CallOptions): Promise<void>;
  remove(instanceId: string, options: CallOptions): Promise<void>;
  change(request: ChangeRequest, options: CallOptions): Promise<void>;
  check(request: ChangeRequest, options: CallOptions): Promise<ChangeCheck>;
  meter(instanceId: string, plan: Plan, options: CallOptions): Promise<readonly UsageReading[] | null>;
  /** Releases pools and files at shutdown. */
  close(): Promise<void>;
}

/** Result codes a provisioner may refuse with (saas.md §5); the buyer's order fails with it. */
export type RefusalCode = '000100' | '000101' | '000102' | '000103' | '000104' | '000105' | '000106' | '000107';

/** A permanent no: trying again by ourselves would not help. */
export class ProvisionRefused extends Error {
  override readonly name = 'ProvisionRefused';
  readonly code: RefusalCode;
  constructor(code: RefusalCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** Asked about a tenant, or to suspend, resume or change one, that does not exist: something outside removed it. A person must look. */
export class TenantMissing extends Error {
  override readonly name = 'TenantMissing';
  readonly instanceId: string;
  constructor(instanceId: string) {
    super(`no tenant exists for instance ${instanceId}`);
    this.instanceId = instanceId;
  }
}
