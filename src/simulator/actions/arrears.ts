import type { Order } from '../books.ts';
import type { Call } from '../call.ts';
import { NoOrder } from '../errors.ts';
import type { Play } from './play.ts';
import { unfreeze } from './status.ts';

/** The customer's account cannot pay what an on-demand instance bills (欠费); the freeze follows after the grace (saas.md 2.7, 6.7.2). False when it was so already. Throws NoOrder for what is paid in advance. */
export async function fallIntoArrears({ books, now }: Play, purchase: Order): Promise<boolean> {
  const { purchaseId, chargingMode } = purchase;
  if (chargingMode !== 'ON_DEMAND') throw new NoOrder(`what order ${purchase.orderId} bought is paid in advance: only on-demand products fall into arrears`);
  await books.instanceIdOf(purchase);
  const { arrearsSince } = await books.asset(purchase);
  if (arrearsSince !== null) return false;
  await books.note(purchaseId, { arrearsSince: now() });
  return true;
}

/** The bill is paid: what the arrears froze is unfrozen, as after a renewal; no page says so of arrears. Null when no call was due. */
export async function pay(play: Play, purchase: Order): Promise<Call | null> {
  const { books } = play;
  const { purchaseId } = purchase;
  const instanceId = await books.instanceIdOf(purchase);
  const { arrearsSince, status } = await books.asset(purchase);
  if (arrearsSince === null) throw new NoOrder(`what order ${purchase.orderId} bought is not in arrears`);
  await books.note(purchaseId, { arrearsSince: null });
  if ((await books.causeOf(purchaseId)) !== 'arrears') return null;
  if (status === 'frozen') return unfreeze(play, instanceId);
  await books.note(purchaseId, { frozenFor: null });
  return null;
}
