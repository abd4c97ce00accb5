import type { Call } from '../call.ts';
import type { InstanceStatus } from '../entities.ts';
import type { Play } from './play.ts';

/** Freezes on expiry or for a violation: the call does not say which (saas.md §3.5). */
export async function freeze(play: Play, instanceId: string): Promise<Call> {
  const call = await play.send({ body: { activity: 'updateInstanceStatus', instanceId, status: 'FREEZE' } });
  return noted(play, instanceId, call, 'frozen');
}

export async function unfreeze(play: Play, instanceId: string): Promise<Call> {
  const call = await play.send({ body: { activity: 'updateInstanceStatus', instanceId, status: 'UNFREEZE' } });
  return noted(play, instanceId, call, 'active');
}

export interface Release {
  /** The buyer unsubscribed, so the call names an unsubscription order; otherwise the retention is over and it names none (saas.md §3.6). */
  readonly unsubscribe?: boolean;
}

export async function release(play: Play, instanceId: string, { unsubscribe = false }: Release = {}): Promise<Call> {
  const order = unsubscribe ? await unsubscription(play, instanceId) : {};
  const call = await play.send({ body: { activity: 'releaseInstance', instanceId, ...order } });
  return noted(play, instanceId, call, 'released');
}

/** An id that is not in the books is sent all the same: what a seller says to it is worth knowing. Then there is nothing to unsubscribe. */
async function unsubscription({ books }: Play, instanceId: string): Promise<{ orderId?: string; orderLineId?: string }> {
  const purchase = await books.purchaseOf(instanceId);
  if (purchase === null) return {};
  const { purchaseId, chargingMode, periodType, periodNumber, products } = purchase;
  const { orderId, orderLineId } = await books.place({ type: 'UNSUBSCRIBE', purchaseId, chargingMode, periodType, periodNumber, expireAt: null, products });
  return { orderId, orderLineId };
}

async function noted({ books }: Play, instanceId: string, call: Call, status: InstanceStatus): Promise<Call> {
  const purchase = call.verdict.ok ? await books.purchaseOf(instanceId) : null;
  if (purchase !== null) await books.note(purchase.purchaseId, { status });
  return call;
}
