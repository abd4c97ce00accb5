import { readFileSync, readdirSync } from 'node:fs';
import { workflowIdOf } from '../../src/delivery/temporal-bell.ts';
import { currentState, type StoredState } from '../../src/lifecycle/current.ts';
import { phaseOf } from '../../src/lifecycle/phase.ts';
import { Instance } from '../../src/store/entities.ts';
import { insertInstance } from '../../src/store/mailbox.ts';
import type { instance } from '../../src/workflows/instance.ts';
import type { Engine } from '../support/engine.ts';
import type { MemoryTenants } from '../support/provisioners.ts';
import type { Line } from './scenes/stage.ts';

const FOLDER = new URL('./carried/', import.meta.url);

/** States as releases carried and stored them, by folder (`v` of the state) and file. */
export function carriedStates(): { readonly name: string; readonly stored: StoredState }[] {
  const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).map((file) => file.replaceAll('\\', '/'));
  return files
    .filter((file) => file.endsWith('.json'))
    .toSorted()
    .map((file) => ({ name: file.replace(/\.json$/, ''), stored: JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as StoredState }));
}

/** A database and a tenant as an older release left them, and the run that its last one continues as. */
export async function carryOn(engine: Engine, tenants: MemoryTenants, stored: StoredState): Promise<Line> {
  const { instanceId, orderId, orderLineId, generation, version, taken, desired, actual } = stored;
  const orderLineKey = `${orderId}/${orderLineId}`;
  const em = engine.store.em();
  await insertInstance(em, { id: instanceId, kit: 'saas-v2', orderLineKey, orderId, orderLineId }, Date.now());
  const now = currentState(stored);
  await em.nativeUpdate(
    Instance,
    { id: instanceId },
    { state: stored, generation, version, taken, lastSeq: taken, waiting: false, waitingSince: null, phase: phaseOf(now), needsPerson: Object.keys(stored.needsPerson).length > 0, expireAt: desired.expireAt },
  );
  if (actual.tenant === 'open' || actual.tenant === 'closed') {
    const plan = actual.plan ?? desired.plan;
    if (!plan) throw new Error(`state of ${instanceId}: a tenant without a plan`);
    await tenants.of({ kind: 'sqlite-tenant', options: {} }).create({ instanceId, plan, settings: {}, suspended: actual.tenant === 'closed' }, { signal: new AbortController().signal });
  }
  const handle = await engine.temporal.client.workflow.start<typeof instance>('instance', {
    workflowId: workflowIdOf(orderLineKey),
    taskQueue: engine.taskQueue,
    args: [{ instanceId, orderId, orderLineId, carried: stored }],
  });
  return { id: instanceId, order: { orderId, orderLineId } as Line['order'], handle };
}
