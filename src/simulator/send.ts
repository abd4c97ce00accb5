import { jsonObject, textMember, type Call } from './call.ts';
import { NoSeller } from './errors.ts';
import { withoutPasswords, type Journal } from './journal.ts';
import { signedRequest, type Sending, type SignedRequest, type Signer } from './request.ts';
import { CALL_LIMIT, judge } from './verdict.ts';

export interface SenderOptions extends Signer {
  /** The production address, or null while it is not known. */
  readonly seller: () => string | null;
  readonly journal: Pick<Journal, 'next' | 'record'>;
  readonly fetch: typeof globalThis.fetch;
  /** How the kit makes its requests; the one of SaaS V2.0 by default. */
  readonly request?: typeof signedRequest;
  /** Ends calls under way when the market closes. */
  readonly closing: AbortSignal;
  /** Told of every call once its answer is in; access data masked. */
  readonly log: (call: Call) => void;
  /** Told of every call as it leaves. */
  readonly begun?: (call: CallUnderWay) => void;
}

/** A call whose answer is not in yet. */
export type CallUnderWay = Pick<Call, 'seq' | 'at' | 'verb' | 'kind' | 'orderId' | 'instanceId' | 'body'>;

export type Send = (sending: Sending) => Promise<Call>;

/** A call that is signed and may be on its way for a while. */
export interface Prepared {
  readonly request: SignedRequest;
  readonly sending: Sending;
}

export interface Delivery {
  /** The answer is lost on its way back: for the marketplace the call timed out. */
  readonly lose?: boolean;
  /** Nothing listens at the seller's address: the call never arrives. */
  readonly refuse?: boolean;
  /** Time that goes by before the answer is heard; 20 s after the call was sent nobody listens any more. */
  readonly late?: () => Promise<void>;
  /** What is done to this call on purpose, for the journal. */
  readonly trouble?: string | null;
}

export interface Sender {
  /** Signs. Throws NoSeller, and what a URL or header of the overrides makes impossible to send. */
  prepare(sending: Sending): Prepared;
  /** Posts, judges and journals. Whatever the seller does stands in the call, nothing of it is thrown. */
  deliver(prepared: Prepared, delivery?: Delivery): Promise<Call>;
}

/** The access key is read anew for each call: it may be rotated meanwhile. */
export function createSender(options: SenderOptions): Sender {
  const { seller, journal, now, log, begun = () => undefined, request: make = signedRequest } = options;
  return {
    prepare(sending) {
      const address = seller();
      if (address === null) throw new NoSeller();
      return { request: make(address, sending, options), sending };
    },
    async deliver({ request, sending }, { lose = false, refuse = false, late, trouble = null } = {}) {
      const seq = journal.next();
      const at = now();
      const body = new TextDecoder().decode(request.body);
      const told = tell(body, sending.verb);
      begun({ seq, at, body, ...told });
      const answered = refuse ? REFUSED : await post(request, sending, options);
      await late?.();
      const limit = sending.overrides?.timeLimit ?? CALL_LIMIT;
      const took = Math.max(0, Math.round(now() - at));
      const lost = !refuse && (lose || (late !== undefined && took >= limit));
      const received = lost ? LOST : answered;
      const ms = lost ? limit : took;
      const heard = { ...told, ms, ...received, answer: jsonObject(received.text) };
      const call: Call = { seq, at, query: request.query, body, ...heard, resultCode: textMember(heard.answer, 'resultCode'), verdict: judge(heard), trouble };
      await journal.record(call);
      const shown = withoutPasswords(call.text);
      log({ ...call, text: shown, answer: jsonObject(shown) });
      return call;
    },
  };
}

function tell(body: string, verb: string | undefined): Pick<Call, 'verb' | 'kind' | 'orderId' | 'instanceId'> {
  const members = jsonObject(body);
  const orderId = textMember(members, 'orderId');
  const test = textMember(members, 'testFlag') === '1' || (orderId?.startsWith('MOCK') ?? false);
  return { verb: verb ?? textMember(members, 'activity') ?? '', kind: test ? 'test' : 'live', orderId, instanceId: textMember(members, 'instanceId') };
}

type Received = Pick<Call, 'status' | 'contentType' | 'text' | 'failure'>;

const REFUSED: Received = { status: null, contentType: null, text: '', failure: 'unreachable: ECONNREFUSED' };
const LOST: Received = { status: null, contentType: null, text: '', failure: 'timed out' };

async function post({ url, method, headers, body }: SignedRequest, { overrides = {} }: Sending, { fetch, closing }: SenderOptions): Promise<Received> {
  const clock = AbortSignal.timeout(overrides.timeLimit ?? CALL_LIMIT);
  const bodyless = method === 'GET' || method === 'HEAD';
  const payload = bodyless ? {} : overrides.chunked ? { body: inChunks(body), duplex: 'half' as const } : { body };
  try {
    // A redirect is an answer other than 200, so it is not followed.
    const response = await fetch(url, { method, headers, ...payload, redirect: 'manual', signal: AbortSignal.any([clock, closing]) });
    return { status: response.status, contentType: response.headers.get('content-type'), text: await response.text(), failure: null };
  } catch (error) {
    if (error instanceof TypeError && !(error.cause instanceof Error)) throw error;
    return { status: null, contentType: null, text: '', failure: clock.aborted ? 'timed out' : closing.aborted ? 'the market was closed' : `unreachable: ${causeOf(error)}` };
  }
}

const CHUNK = 16 * 1024;

function inChunks(bytes: Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    start(controller) {
      for (let from = 0; from < bytes.length; from += CHUNK) controller.enqueue(bytes.slice(from, from + CHUNK));
      controller.close();
    },
  });
}

/** The system's short code, such as ECONNREFUSED. */
function causeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : 'network error';
}
