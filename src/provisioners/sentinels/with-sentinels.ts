import { setTimeout as delay } from 'node:timers/promises';
import type { Plan } from '../../lifecycle/plan.ts';
import { ProvisionRefused, type CallOptions, type Provisioner } from '../provisioner.ts';
import { sentinelOf } from './sentinels.ts';
import { strokesIn } from './strokes.ts';

export interface SentinelOptions {
  /** Where it is remembered what has struck already: the tenants' own folder. Made when first needed. */
  readonly folder: string;
  /** Waits so many ms and rejects when `signal` fires; real time by default. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** The failure that was bought: temporary for whoever asked, like any other error of an adapter. */
export class SentinelStruck extends Error {
  override readonly name = 'SentinelStruck';
  readonly code = 'SENTINEL';
  constructor(skuCode: string, what: string) {
    super(`the SKU ${skuCode} asks for this: ${what}`);
  }
}

/**
 * The provisioner with trouble for sale: `create` and `change` to the plan of a sentinel SKU go wrong as its row of SENTINELS says. Every other SKU, and every
 * other verb, passes straight through, so what a sentinel left can always be suspended, opened and removed.
 */
export function withSentinels(provisioner: Provisioner, { folder, wait = (ms, signal) => delay(ms, undefined, { signal }) }: SentinelOptions): Provisioner {
  const strokes = strokesIn(folder);

  async function act<T>(verb: 'create' | 'change', instanceId: string, { skuCode }: Plan, { signal }: CallOptions, work: () => Promise<T>): Promise<T> {
    const behaviour = sentinelOf(skuCode)?.behaviour;
    switch (behaviour?.kind) {
      case undefined:
        return work();
      case 'slow':
        await wait(behaviour.ms, signal);
        return work();
      case 'fail':
        if (strokes.strike(instanceId, verb, behaviour.attempts)) throw new SentinelStruck(skuCode, `${verb} fails and has done nothing`);
        return work();
      case 'refuse':
        throw new ProvisionRefused(behaviour.code, `the SKU ${skuCode} asks to be refused`);
      case 'hang':
        return untilCutOff(signal);
      case 'lose': {
        const result = await work();
        if (strokes.strike(instanceId, verb, behaviour.attempts)) throw new SentinelStruck(skuCode, `${verb} is done, and its answer is lost`);
        return result;
      }
    }
  }

  return {
    name: provisioner.name,
    find: (instanceId, options) => provisioner.find(instanceId, options),
    create: (request, options) => act('create', request.instanceId, request.plan, options, () => provisioner.create(request, options)),
    suspend: (instanceId, options) => provisioner.suspend(instanceId, options),
    resume: (instanceId, options) => provisioner.resume(instanceId, options),
    async remove(instanceId, options) {
      await provisioner.remove(instanceId, options);
      strokes.forget(instanceId);
    },
    change: (request, options) => act('change', request.instanceId, request.plan, options, () => provisioner.change(request, options)),
    async check(request, options) {
      const fits = await provisioner.check(request, options);
      const refused = sentinelOf(request.plan.skuCode)?.behaviour.kind === 'refuse';
      return refused && fits.allowed ? { allowed: false, reason: `the SKU ${request.plan.skuCode} asks to be refused` } : fits;
    },
    meter: (instanceId, plan, options) => provisioner.meter(instanceId, plan, options),
    close: () => provisioner.close(),
  };
}

function untilCutOff(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const cutOff = (): void => reject(signal.reason instanceof Error ? signal.reason : new Error('cut off'));
    if (signal.aborted) cutOff();
    else signal.addEventListener('abort', cutOff, { once: true });
  });
}
