import { verifyBodySign } from '../../marketplace/signing/body-sign.ts';
import type { Call } from '../call.ts';
import { withoutPasswords, type Journal } from '../journal.ts';
import type { Sending, SignedRequest, Signer } from '../request.ts';
import { createSender } from '../send.ts';
import type { HandKit } from './kits.ts';

/** What a seller's mistakes show in. */
const OF_INTEREST = ['content-type', 'content-length', 'body-sign', 'location', 'retry-after', 'server', 'date'];

export interface SentOnce {
  readonly request: SignedRequest;
  /** Passwords of access data are masked. */
  readonly call: Call;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether the answer's Body-Sign belongs to its bytes; null without one (V2.0 asks for none, saas.md §4.5). */
  readonly bodySignHolds: boolean | null;
}

/** Nothing of a call by hand is kept. */
const NO_JOURNAL: Pick<Journal, 'next' | 'record'> = { next: () => 1, record: async () => {} };

/** Signs, posts and judges one call as the market does, and looks at the answer's headers too. Whatever the seller does stands in the result. */
export async function sendOnce(kit: HandKit, address: string, sending: Sending, signer: Signer, fetch: typeof globalThis.fetch = globalThis.fetch): Promise<SentOnce> {
  const request = kit.request(address, sending, signer);
  let headers: Readonly<Record<string, string>> = {};
  let bodySignHolds: boolean | null = null;
  const looking: typeof fetch = async (input, init) => {
    const response = await fetch(input, init);
    headers = Object.fromEntries(OF_INTEREST.flatMap((name) => (response.headers.has(name) ? [[name, response.headers.get(name) ?? '']] : [])));
    const bytes = new Uint8Array(await response.arrayBuffer());
    const bodySign = headers['body-sign'];
    if (bodySign !== undefined) bodySignHolds = verifyBodySign(bodySign, sending.overrides?.key ?? signer.accessKey, bytes);
    const { status } = response;
    const bodyless = [204, 205, 304].includes(status);
    return new Response(bodyless ? null : bytes, { status, headers: response.headers });
  };
  const { prepare, deliver } = createSender({ ...signer, request: () => request, seller: () => address, journal: NO_JOURNAL, fetch: looking, closing: new AbortController().signal, log: () => {} });
  const call = await deliver(prepare(sending));
  return { request, call: { ...call, text: withoutPasswords(call.text) }, headers, bodySignHolds };
}
