import type { Call } from '../call.ts';
import type { FreezeCause } from '../entities.ts';
import type { Play } from './play.ts';

/** Freezes on expiry or for a violation: the call does not say which (saas.md §3.5), the books do. */
export async function freeze(play: Play, instanceId: string, cause?: FreezeCause): Promise<Call> {
  // Noted before the answer: a freeze that is only carried out at its third repeat has the same cause.
  await noteCause(play, instanceId, cause);
  const call = await play.send({ body: { activity: 'updateInstanceStatus', instanceId, status: 'FREEZE' } });
  return noted(play, instanceId, call, { status: 'frozen' });
}

export async function unfreeze(play: Play, instanceId: string): Promise<Call> {
  const call = await play.send({ body: { activity: 'updateInstanceStatus', instanceId, status: 'UNFREEZE' } });
  return noted(play, instanceId, call, { status: 'active', frozenFor: null });
}

/** The customer did not renew and the marketplace has run out of patience: the end is now, and the freeze follows without any grace. */
export async function expire(play: Play, instanceId: string): Promise<Call> {
  const purchase = await play.books.purchaseOf(instanceId);
  if (purchase !== null) await play.books.note(purchase.purchaseId, { expireAt: play.now() });
  return freeze(play, instanceId, 'expiry');
}

export interface Release {
  /** The buyer unsubscribed, so the call names an unsubscription order; otherwise the retention is over and it names none (saas.md §3.6). */
  readonly unsubscribe?: boolean;
}

export async function release(play: Play, instanceId: string, { unsubscribe = false }: Release = {}): Promise<Call> {
  const order = unsubscribe ? await unsubscription(play, instanceId) : {};
  const call = await play.send({ body: { activity: 'releaseInstance', instanceId, ...order } });
  return noted(play, instanceId, call, { status: 'released' });
}

/** An id that is not in the books is sent all the same: what a seller says to it is worth knowing. Then there is nothing to unsubscribe. */
async function unsubscription({ books }: Play, instanceId: string): Promise<{ orderId?: string; orderLineId?: string }> {
  const purchase = await books.purchaseOf(instanceId);
  if (purchase === null) return {};
  const { purchaseId, chargingMode, periodType, periodNumber, products } = purchase;
  const { orderId, orderLineId } = await books.place({ type: 'UNSUBSCRIBE', purchaseId, chargingMode, periodType, periodNumber, expireAt: null, products });
  return { orderId, orderLineId };
}

async function noteCause({ books, now }: Play, instanceId: string, cause: FreezeCause | undefined): Promise<void> {
  const purchase = await books.purchaseOf(instanceId);
  if (purchase === null) return;
  const { expireAt, status } = await books.asset(purchase);
  // The end of the validity does not pardon: only lifting takes a violation's freeze away.
  if (status === 'frozen' && (await books.causeOf(purchase.purchaseId)) === 'violation') return;
  const past = expireAt !== null && expireAt <= now();
  await books.note(purchase.purchaseId, { frozenFor: cause ?? (past ? 'expiry' : 'violation') });
}

async function noted({ books }: Play, instanceId: string, call: Call, change: Parameters<Play['books']['note']>[1]): Promise<Call> {
  const purchase = call.verdict.ok ? await books.purchaseOf(instanceId) : null;
  if (purchase !== null) await books.note(purchase.purchaseId, change);
  return call;
}
