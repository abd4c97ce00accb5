import type { Provisioners } from '../processes/worker.ts';
import type { CallOptions, Provisioner, TenantStatus } from '../provisioners/provisioner.ts';

export const VERBS = ['create', 'suspend', 'resume', 'remove', 'change'] as const;
export type Verb = (typeof VERBS)[number];

/** Something that the provisioner has done. */
export interface Deed {
  readonly verb: Verb;
  readonly instanceId: string;
  /** UTC ms, by the rehearsal's clock. */
  readonly at: number;
  /** The tenant before it. */
  readonly found: TenantStatus;
}

/** Tenants that are watched, and that fail where a scenario says so. */
export interface WatchedTenants extends Provisioners {
  readonly deeds: readonly Deed[];
  seen(instanceId: string): Promise<TenantStatus>;
  /** From here on these fail, and all others do not. */
  breakVerbs(verbs: readonly Verb[]): void;
}

/** The rehearsal's provisioner is out of order because the scenario says so. */
export class BrokenOnPurpose extends Error {
  override readonly name = 'BrokenOnPurpose';
  readonly code = 'BROKEN_ON_PURPOSE';
}

export function watchTenants(tenants: Provisioner, now: () => number): WatchedTenants {
  const deeds: Deed[] = [];
  let broken: readonly Verb[] = [];
  const seen = (instanceId: string): Promise<TenantStatus> => tenants.find(instanceId, { signal: new AbortController().signal });
  async function watch<T>(verb: Verb, instanceId: string, work: () => Promise<T>): Promise<T> {
    if (broken.includes(verb)) throw new BrokenOnPurpose(`the scenario has the provisioner fail to ${verb}`);
    const found = await seen(instanceId);
    const result = await work();
    deeds.push({ verb, instanceId, at: now(), found });
    return result;
  }
  const watched: Provisioner = {
    ...tenants,
    create: (request, options) => watch('create', request.instanceId, () => tenants.create(request, options)),
    suspend: (instanceId, options) => watch('suspend', instanceId, () => tenants.suspend(instanceId, options)),
    resume: (instanceId, options) => watch('resume', instanceId, () => tenants.resume(instanceId, options)),
    remove: (instanceId, options) => watch('remove', instanceId, () => tenants.remove(instanceId, options)),
    change: (request, options: CallOptions) => watch('change', request.instanceId, () => tenants.change(request, options)),
  };
  return {
    deeds,
    seen,
    breakVerbs: (verbs) => void (broken = verbs),
    of: () => watched,
    close: () => tenants.close(),
  };
}
