import type { AccessData, Ask, Outcome } from '../marketplace/dialect.ts';
import type { Sealer } from '../store/sealer.ts';

/** Shown to nobody but the console's debugger: complete, so that the case can be saved (saas.md 6.5.8). */
const SAMPLE_ACCESS: AccessData = { frontEndUrl: 'https://example.com/login', userName: 'probe', password: 'probe', memo: 'Answer to a debugging call: no instance exists.' };

/** A debugging call, or one for an instance that only a debugging call was given. */
export function isProbe(ask: Ask, sealer: Sealer): boolean {
  if (ask.probe) return true;
  if (ask.kind === 'query') return ask.instanceIds.every((id) => sealer.isProbeId(id));
  if (ask.kind === 'question') return sealer.isProbeId(ask.instanceId);
  return 'instanceId' in ask.target && sealer.isProbeId(ask.target.instanceId);
}

/**
 * The answer to a probe (拨测): correct and complete, computed without looking anything up. Saved cases are replayed twice a day for years and name
 * instances that are long gone, so an unknown id is a success here (saas.md 6.5.7).
 */
export function probeOutcome(ask: Ask, sealer: Sealer): Outcome {
  switch (ask.kind) {
    case 'query':
      return { is: 'found', instances: ask.instanceIds.map((instanceId) => ({ instanceId, access: SAMPLE_ACCESS })) };
    case 'question':
      return { is: 'done', instanceId: ask.instanceId };
    case 'command':
      return { is: 'done', instanceId: 'instanceId' in ask.target ? ask.target.instanceId : sealer.probeId(ask.target.orderLineKey) };
  }
}
