import type { Provisioners } from '../../src/processes/worker.ts';
import type { CallOptions, Provisioner, TenantAccess, TenantRequest, TenantStatus } from '../../src/provisioners/provisioner.ts';
import { TenantMissing } from '../../src/provisioners/provisioner.ts';

/** What happens before and after the real work of one verb; throwing or waiting there makes trouble. */
export interface Trouble {
  before?(verb: string, instanceId: string, options: CallOptions): Promise<void>;
  after?(verb: string, instanceId: string, options: CallOptions): Promise<void>;
}

export interface MemoryTenants extends Provisioners {
  /** Tenants that exist now. */
  readonly tenants: ReadonlyMap<string, TenantStatus>;
  /** Verbs in the order in which they took effect. */
  readonly effects: readonly string[];
  trouble: Trouble;
}

/** A provisioner that keeps its tenants in memory, implements the port, and can be made to fail, hang, or land late. */
export function memoryTenants(): MemoryTenants {
  const tenants = new Map<string, TenantStatus>();
  const effects: string[] = [];
  const take = async (verb: string, instanceId: string, options: CallOptions, effect: () => void): Promise<void> => {
    await all.trouble.before?.(verb, instanceId, options);
    effect();
    effects.push(`${verb} ${instanceId}`);
    await all.trouble.after?.(verb, instanceId, options);
  };
  const there = (instanceId: string): void => {
    if (!tenants.has(instanceId)) throw new TenantMissing(instanceId);
  };
  const provisioner: Provisioner = {
    name: 'memory',
    find: (instanceId) => Promise.resolve(tenants.get(instanceId) ?? 'absent'),
    async create({ instanceId, suspended }: TenantRequest, options): Promise<TenantAccess> {
      const adopted = tenants.has(instanceId);
      await take(adopted ? 'adopt' : 'create', instanceId, options, () => tenants.set(instanceId, suspended ? 'suspended' : 'open'));
      return { frontEndUrl: `https://tenants.example/${instanceId}`, userName: 'admin', password: `secret-of-${instanceId}` };
    },
    suspend: (instanceId, options) =>
      take('suspend', instanceId, options, () => {
        there(instanceId);
        tenants.set(instanceId, 'suspended');
      }),
    resume: (instanceId, options) =>
      take('resume', instanceId, options, () => {
        there(instanceId);
        tenants.set(instanceId, 'open');
      }),
    remove: (instanceId, options) => take('remove', instanceId, options, () => tenants.delete(instanceId)),
    close: () => Promise.resolve(),
  };
  const all: MemoryTenants = { tenants, effects, trouble: {}, of: () => provisioner, close: () => Promise.resolve() };
  return all;
}
