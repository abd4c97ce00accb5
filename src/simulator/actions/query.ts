import type { AccessData } from '../../marketplace/dialect.ts';
import type { Order } from '../books.ts';
import type { Call } from '../call.ts';
import { repeatUntil, type Pace } from '../repeat.ts';
import type { Play } from './play.ts';

/** One queryInstance, as the polling after 000004 or a buyer who opens the resource page sends it. Several ids are separated by commas (saas.md §3.3). */
export function query({ send }: Play, instanceId: string): Promise<Call> {
  return send({ body: { activity: 'queryInstance', instanceId } });
}

/** Polls until the access data of the order's instance come back. A secret: the journal does not keep it. */
export async function untilReady(play: Play, order: Order, pace: Pace): Promise<AccessData> {
  const { books } = play;
  const instanceId = await books.instanceIdOf(order);
  let last = '';
  const access = await repeatUntil(
    async () => {
      const call = await query(play, instanceId);
      last = call.verdict.ok ? (call.resultCode ?? '') : call.verdict.reason;
      return accessOf(call, instanceId);
    },
    pace,
    play,
    () => last,
  );
  const { status } = await books.asset(order);
  if (status === 'ordered') await books.note(order.purchaseId, { status: 'active' });
  return access;
}

/** The access data that an answer gives for one instance; null while it gives none. */
export function accessOf({ verdict, answer }: Pick<Call, 'verdict' | 'answer'>, instanceId: string): AccessData | null {
  if (!verdict.ok || !Array.isArray(answer?.['info'])) return null;
  // The verdict has seen that every entry is complete.
  const info = answer['info'] as readonly { readonly instanceId: string; readonly appInfo?: AccessData }[];
  return info.find((entry) => entry.instanceId === instanceId)?.appInfo ?? null;
}
