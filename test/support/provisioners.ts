import type { Provisioners } from '../../src/processes/worker.ts';
import type { Plan } from '../../src/lifecycle/plan.ts';
import type { UsageReading } from '../../src/lifecycle/usage.ts';
import type { CallOptions, ChangeCheck, Provisioner, TenantAccess, TenantRequest, TenantStatus } from '../../src/provisioners/provisioner.ts';
import { ProvisionRefused, TenantMissing } from '../../src/provisioners/provisioner.ts';

/** What happens before and after the real work of one verb; throwing or waiting there makes trouble. */
export interface Trouble {
  before?(verb: string, instanceId: string, options: CallOptions): Promise<void>;
  after?(verb: string, instanceId: string, options: CallOptions): Promise<void>;
}

export interface MemoryTenants extends Provisioners {
  /** Tenants that exist now. */
  readonly tenants: ReadonlyMap<string, TenantStatus>;
  /** The plan each was built for or changed to last. */
  readonly plans: ReadonlyMap<string, Plan>;
  /** What `meter` answers; null without an entry. */
  readonly readings: Map<string, readonly UsageReading[]>;
  /** What `check` answers, and `change` goes by; everything fits until a test says otherwise. */
  fits(instanceId: string, target: Plan): ChangeCheck;
  /** Verbs in the order in which they took effect. */
  readonly effects: readonly string[];
  trouble: Trouble;
}

/** A provisioner that keeps its tenants in memory, implements the port, and can be made to fail, hang, or land late. */
export function memoryTenants(): MemoryTenants {
  const tenants = new Map<string, TenantStatus>();
  const plans = new Map<string, Plan>();
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
    async create({ instanceId, plan, suspended }: TenantRequest, options): Promise<TenantAccess> {
      const adopted = tenants.has(instanceId);
      await take(adopted ? 'adopt' : 'create', instanceId, options, () => {
        tenants.set(instanceId, suspended ? 'suspended' : 'open');
        plans.set(instanceId, plan);
      });
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
    change: ({ instanceId, plan }, options) =>
      take('change', instanceId, options, () => {
        there(instanceId);
        const check = all.fits(instanceId, plan);
        if (!check.allowed) throw new ProvisionRefused('000100', check.reason);
        plans.set(instanceId, plan);
      }),
    check: async ({ instanceId, plan }, options) => {
      await all.trouble.before?.('check', instanceId, options);
      there(instanceId);
      return all.fits(instanceId, plan);
    },
    meter: async (instanceId, _plan, options) => {
      await all.trouble.before?.('meter', instanceId, options);
      const readings = all.readings.get(instanceId);
      if (readings === undefined) return null;
      there(instanceId);
      return readings;
    },
    close: () => Promise.resolve(),
  };
  const all: MemoryTenants = { tenants, plans, effects, readings: new Map(), trouble: {}, fits: () => ({ allowed: true }), of: () => provisioner, close: () => Promise.resolve() };
  return all;
}
