import { ProvisionRefused, TenantMissing } from '../../src/provisioners/provisioner.ts';
import type { Round } from './schedule.ts';
import type { Scheduler } from './scheduler.ts';
import type { Wiring } from './wiring.ts';

export type TenantStatus = 'absent' | 'open' | 'suspended';
export type TenantVerb = 'provision' | 'suspend' | 'resume' | 'remove';

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
  /** What the provisioner last refused for good, and when. */
  refusals(instanceId: string): readonly number[];
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
  const refused: { at: number; instanceId: string }[] = [];
  const statusOf = (instanceId: string): TenantStatus => status.get(instanceId) ?? 'absent';

  const copies = new Map<string, number>();

  const happen = (attempt: Attempt): void => {
    const { verb, instanceId, suspended } = attempt;
    const from = statusOf(instanceId);
    const deed = wiring.tenant?.(attempt, from) ?? 'as it should';
    if (deed === 'says done') return;
    if (verb === 'provision') copies.set(instanceId, from === 'absent' ? 1 : (copies.get(instanceId) ?? 0) + (deed === 'builds another' ? 1 : 0));
    const wanted = { provision: suspended ? 'suspended' : 'open', suspend: 'suspended', resume: 'open', remove: 'absent' } as const;
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
    refusals: (instanceId) => refused.filter((refusal) => refusal.instanceId === instanceId).map(({ at }) => at),
    copies: (instanceId) => copies.get(instanceId) ?? 0,
    asked({ signal, killed }, { takes, how }) {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      if (how !== 'hangs') scheduler.after(takes, `order query ${how}`, () => (how === 'done' ? resolve() : reject(new Error('connection reset'))));
      for (const cut of [signal, killed]) cut.addEventListener('abort', () => reject(Object.assign(new Error('aborted'), { name: 'AbortError' })));
      return promise;
    },
    attempt(attempt, { takes, how, lands, onAbort, onKill }) {
      const { verb, instanceId, signal, killed, mayLandUntil } = attempt;
      const { promise, resolve, reject } = Promise.withResolvers<{ frontEndUrl: string; password: string }>();
      let over = false;
      const end = (happens: boolean, error: Error | null): void => {
        if (over) return;
        over = true;
        const missing = (verb === 'suspend' || verb === 'resume') && statusOf(instanceId) === 'absent';
        if (happens && scheduler.now() <= mayLandUntil) happen(attempt);
        if (error) reject(error);
        else if (missing) reject(new TenantMissing(instanceId));
        else resolve({ frontEndUrl: `https://${instanceId}.example.com`, password: `password-${buildsOf(instanceId)}` });
      };
      const aborted = (): Error => Object.assign(new Error('aborted'), { name: 'AbortError' });
      const name = `${verb} ${how}`;
      if (how === 'hangs') {
        const at = scheduler.now() + (lands ?? 0);
        if (lands !== null && at <= mayLandUntil) scheduler.at(at, `${verb} lands late`, () => end(true, null));
      } else {
        scheduler.after(takes, name, () => {
          if (over) return;
          // What is there is adopted, never refused.
          const refuses = how === 'refuses' && verb === 'provision' && statusOf(instanceId) === 'absent';
          if (refuses) refused.push({ at: scheduler.now(), instanceId });
          if (refuses) end(false, new ProvisionRefused('000106', 'sold out'));
          else if (how === 'fails') end(false, new Error('connection reset'));
          else end(true, how === 'fails, but it happened' ? new Error('connection reset') : null);
        });
      }
      signal.addEventListener('abort', () => {
        if (onAbort === 'goes on' || over) return;
        end(onAbort === 'has happened', aborted());
      });
      killed.addEventListener('abort', () => end(onKill === 'happens', aborted()));
      return promise;
    },
  };
}
