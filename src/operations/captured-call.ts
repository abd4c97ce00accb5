import { findCall, findRefusal, REFUSED_BODY } from '../store/journal.ts';
import type { Store } from '../store/open.ts';

/** What of a journalled call its signature was made of; null when there is no such call. */
export async function capturedCall(store: Store, id: string): Promise<{ query: Readonly<Record<string, string>>; body: Uint8Array; receivedAt: number; whole: boolean } | null> {
  const call = await findCall(store.em(), id);
  if (call) {
    const { evidence, nonce, body, receivedAt } = call;
    return { query: { signature: evidence.signature, timestamp: evidence.timestamp, nonce }, body: Buffer.from(body), receivedAt, whole: true };
  }
  const refusal = await findRefusal(store.em(), id);
  if (!refusal) return null;
  const { query, body, receivedAt } = refusal;
  return { query: JSON.parse(query) as Record<string, string>, body: Buffer.from(body), receivedAt, whole: body.length < REFUSED_BODY };
}
