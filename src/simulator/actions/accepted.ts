import type { Books } from '../books.ts';
import { jsonObject, type Call } from '../call.ts';
import { noteCreated } from './create.ts';

/** Writes into the books what a repeat that the seller has accepted brings: its first call was refused, so its action noted nothing. */
export async function noteAccepted(books: Books, call: Call): Promise<void> {
  const { verb, orderId, instanceId } = call;
  const order = orderId === null ? null : await books.find(orderId);
  if (verb === 'newInstance') {
    if (order !== null) await noteCreated(books, order, call);
    return;
  }
  const purchaseId = order?.purchaseId ?? (instanceId === null ? null : ((await books.purchaseOf(instanceId))?.purchaseId ?? null));
  if (purchaseId === null) return;
  if (verb === 'releaseInstance') await books.note(purchaseId, { status: 'released' });
  else if (verb === 'updateInstanceStatus') {
    const frozen = jsonObject(call.body)?.['status'] === 'FREEZE';
    await books.note(purchaseId, frozen ? { status: 'frozen' } : { status: 'active', frozenFor: null });
  } else if (order !== null && order.type !== 'UNSUBSCRIBE') await books.note(purchaseId, { termsId: order.orderId });
}
