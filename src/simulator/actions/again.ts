import type { Order } from '../books.ts';
import type { Call } from '../call.ts';
import { jsonObject } from '../call.ts';
import { NoOrder } from '../errors.ts';
import type { OrderType } from '../entities.ts';
import { repeatUntil, type Pace } from '../repeat.ts';
import { noteAccepted } from './accepted.ts';
import { create } from './create.ts';
import type { Play } from './play.ts';

const PURCHASES: readonly OrderType[] = ['NEW', 'TRIAL'];

/** Sends the call that an order caused once more, with a new stamp: the marketplace's own retry, or the console's restart button (saas.md §6.2). */
export async function again(play: Play, order: Order): Promise<Call> {
  const { books, journal, send } = play;
  if (PURCHASES.includes(order.type)) return create(play, order);
  const first = await journal.firstOf(order.orderId);
  const members = first === null ? null : jsonObject(first.body);
  if (members === null) throw new NoOrder(`order ${order.orderId} has caused no call yet`);
  const call = await send({ body: members });
  // What was accepted at once is in the books already, and may have been overtaken since.
  if (!call.verdict.ok || first?.verdict.ok) return call;
  await noteAccepted(books, call);
  return call;
}

/** Repeats the call of an order at the pace given until the seller accepts it; gives the call that was accepted. Throws NotReady. */
export async function retryUntil(play: Play, order: Order, pace: Pace): Promise<Call> {
  let last = '';
  return repeatUntil(
    async () => {
      const call = await again(play, order);
      last = call.verdict.ok ? (call.resultCode ?? '') : call.verdict.reason;
      return call.verdict.ok ? call : null;
    },
    pace,
    play,
    () => last,
  );
}
