import { ProvisionRefused, TenantMissing } from '../../src/provisioners/provisioner.ts';
import { attemptDeed } from './deed.ts';
import type { Round } from './schedule.ts';
import type { Scheduler } from './scheduler.ts';
import type { Wiring } from './wiring.ts';

export type TenantStatus = 'absent' | 'open' | 'suspended';
export type TenantVerb = 'provision' | 'suspend' | 'resume' | 'change' | 'remove';

/** Every change of a tenant, whoever believes what of it. */
export interface Change {
  readonly at: number;
  readonly instanceId: string;
  readonly from: TenantStatus;
  readonly to: TenantStatus;
  readonly by: TenantVerb;
}

export interface Attempt {
  readonly verb: TenantVerb;
  readonly instanceId: string;
  readonly suspended: boolean;
  /** The SKU of the plan that is to be built or changed to. */
  readonly plan: string;
  readonly signal: AbortSignal;
  /** After this instant nothing of the attempt's round may still happen: the limit that `PROVISION_LIMIT` states. */
  readonly mayLandUntil: number;
  /** Fires when the process that makes the attempt dies. */
  readonly killed: AbortSignal;
}

export interface Tenants {
  readonly changes: readonly Change[];
  status(instanceId: string): TenantStatus;
  /** How often it was built anew. */
  builds(instanceId: string): number;
  removals(instanceId: string): readonly number[];
  /** The SKU that the tenant is of. */
  plan(instanceId: string): string | null;
  /** Whether it was of that plan at an instant from `since` on. */
  hadPlan(instanceId: string, plan: string, since: number): boolean;
  /** Whether the provisioner refused that plan for good, from `since` on. */
  refused(instanceId: string, plan: string, since: number): boolean;
  /** How many stand at once under one id: more than one only at a provisioner that does not find what it built. */
  copies(instanceId: string): number;
  /** The order query. */
  asked(of: Pick<Attempt, 'signal' | 'killed'>, round: Round): Promise<void>;
  attempt(attempt: Attempt, round: Round): Promise<{ frontEndUrl: string; password: string }>;
}

/** The provisioner's world: what really is, with the faults that the rounds name. Keeps the port: every verb is safe to repeat, `create` adopts. */
export function createTenants(scheduler: Scheduler, wiring: Wiring = {}, changed: (change: Change) => void = () => undefined): Tenants {
  const status = new Map<string, TenantStatus>();
  const changes: Change[] = [];
  const refused: { readonly at: number; readonly instanceId: string; readonly plan: string }[] = [];
  const plans: { readonly from: number; readonly instanceId: string; readonly plan: string }[] = [];
  const statusOf = (instanceId: string): TenantStatus => status.get(instanceId) ?? 'absent';

  const plansOf = (id: string) => plans.filter(({ instanceId }) => instanceId === id);
  const planOf = (id: string): string | null => plansOf(id).at(-1)?.plan ?? null;
  const copies = new Map<string, number>();

  const happen = (attempt: Attempt): void => {
    const { verb, instanceId, suspended } = attempt;
    const from = statusOf(instanceId);
    const deed = wiring.tenant?.(attempt, from) ?? 'as it should';
    if (deed === 'says done') return;
    if (verb === 'provision') copies.set(instanceId, from === 'absent' ? 1 : (copies.get(instanceId) ?? 0) + (deed === 'builds another' ? 1 : 0));
    const wanted = { provision: suspended ? 'suspended' : 'open', suspend: 'suspended', resume: 'open', change: from, remove: 'absent' } as const;
    if (verb === 'provision' || (verb === 'change' && from !== 'absent')) plans.push({ from: scheduler.now(), instanceId, plan: wiring.changes?.(attempt) ?? attempt.plan });
    const to = from === 'absent' && verb !== 'provision' ? 'absent' : wanted[verb];
    status.set(instanceId, to);
    if (from === to) return;
    const change = { at: scheduler.now(), instanceId, from, to, by: verb };
    changes.push(change);
    changed(change);
  };
  const buildsOf = (instanceId: string): number => changes.filter((change) => change.instanceId === instanceId && change.from === 'absent').length;

  return {
    changes,
    status: statusOf,
    builds: buildsOf,
    removals: (instanceId) => changes.filter((change) => change.instanceId === instanceId && change.to === 'absent').map(({ at }) => at),
    plan: planOf,
    hadPlan(instanceId, plan, since) {
      const all = plansOf(instanceId);
      return all.some((each, index) => each.plan === plan && (all[index + 1]?.from ?? Infinity) >= since);
    },
    refused: (instanceId, plan, since) => refused.some((each) => each.instanceId === instanceId && each.plan === plan && each.at >= since),
    copies: (instanceId) => copies.get(instanceId) ?? 0,
    asked({ signal, killed }, { takes, how }) {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      if (how !== 'hangs') scheduler.after(takes, `order query ${how}`, () => (how === 'done' ? resolve() : reject(new Error('connection reset'))));
      for (const cut of [signal, killed]) cut.addEventListener('abort', () => reject(Object.assign(new Error('aborted'), { name: 'AbortError' })));
      return promise;
    },
    async attempt(attempt, round) {
      const { verb, instanceId, plan, signal, killed, mayLandUntil } = attempt;
      await attemptDeed(
        scheduler,
        {
          name: verb,
          signal,
          killed,
          mayLandUntil,
          happen() {
            happen(attempt);
            if (verb !== 'provision' && verb !== 'remove' && statusOf(instanceId) === 'absent') throw new TenantMissing(instanceId);
          },
          refusal() {
            // What is there is adopted, and what is of the plan already needs no change: neither is ever refused.
            const refuses = verb === 'provision' ? statusOf(instanceId) === 'absent' : verb === 'change' && statusOf(instanceId) !== 'absent' && planOf(instanceId) !== plan;
            if (!refuses) return null;
            refused.push({ at: scheduler.now(), instanceId, plan });
            return new ProvisionRefused('000106', 'sold out');
          },
        },
        round,
      );
      return { frontEndUrl: `https://${instanceId}.example.com`, password: `password-${buildsOf(instanceId)}` };
    },
  };
}
