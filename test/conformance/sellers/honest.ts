import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export const KEY = 'kg-test-the-key-of-the-seller-under-test';

export type Body = Record<string, unknown>;
export interface Answer {
  readonly resultCode: string;
  readonly resultMsg?: string;
  readonly [member: string]: unknown;
}

/** An answer as it goes on the wire. */
export interface Written {
  readonly status: number;
  readonly contentType: string | null;
  readonly text: string;
}

/** The parts of a small seller. A faulty one replaces a part with the mistake that is made there. */
export interface Parts {
  readonly inner: (key: string, payload: string | Buffer) => string;
  /** What may have been signed. */
  readonly payloads: (raw: Buffer) => readonly (string | Buffer)[];
  readonly sameHex: (given: string, computed: string) => boolean;
  readonly parts: (query: URLSearchParams) => Answer | null;
  readonly fresh: (timestamp: string, now: number) => boolean;
  /** Whether the nonce may be used for these bytes. */
  readonly nonce: (used: Map<string, string>, nonce: string, raw: Buffer) => boolean;
  readonly parse: (raw: Buffer) => Body | null;
  readonly members: (body: Body) => Answer | null;
  readonly answer: (body: Body, seller: { readonly ids: Map<string, string>; readonly clock: { now: number } }) => Answer | Promise<Answer>;
  readonly write: (answer: Answer) => Written;
  /** Bytes; more are refused. */
  readonly limit: number;
}

export const written = (answer: Answer, change: Partial<Written> = {}): Written => ({ status: 200, contentType: 'application/json', text: JSON.stringify(answer), ...change });
const hmac = (key: string, payload: string | Buffer) => createHmac('sha256', key).update(payload).digest('hex');
export const refusal = (resultCode: string, resultMsg: string): Answer => ({ resultCode, resultMsg });
export const success = (more: object = {}): Answer => ({ resultCode: '000000', resultMsg: 'success', ...more });

const MANDATORY: Readonly<Record<string, readonly string[]>> = {
  newInstance: ['orderId', 'orderLineId', 'businessId'],
  queryInstance: ['instanceId'],
  refreshInstance: ['scene', 'orderId', 'orderLineId', 'instanceId', 'expireTime'],
  updateInstanceStatus: ['instanceId', 'status'],
  releaseInstance: ['instanceId'],
  upgradeInstance: ['instanceId', 'orderId', 'orderLineId'],
  changeInstanceCheck: ['instanceId', 'productInfo'],
};
const WORDS: Readonly<Record<string, readonly string[]>> = {
  scene: ['TRIAL_TO_FORMAL', 'RENEWAL', 'UNSUBSCRIBE_RENEWAL_PERIOD', 'RENEWAL_CHANGE'],
  status: ['FREEZE', 'UNFREEZE'],
};

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Sorted at the top level, numbers as they are written: enough for bodies without nested spellings. */
export function sorted(raw: Buffer): string {
  const body = JSON.parse(raw.toString()) as Body;
  return JSON.stringify(Object.fromEntries(Object.entries(body).toSorted(([a], [b]) => (a < b ? -1 : 1))));
}

export function instants(timestamp: string): number {
  return timestamp.length === 10 ? Number(timestamp) * 1000 : Number(timestamp);
}

export const HONEST: Parts = {
  inner: hmac,
  payloads: (raw) => {
    try {
      return [raw, sorted(raw)];
    } catch {
      return [raw];
    }
  },
  sameHex: (given, computed) => given.length === computed.length && timingSafeEqual(Buffer.from(given.toLowerCase()), Buffer.from(computed)),
  parts: (query) => {
    if (!query.get('signature')) return refusal('000001', 'signature is missing');
    const missing = ['timestamp', 'nonce'].find((name) => !query.get(name));
    return missing === undefined ? null : refusal('000002', `${missing} is missing`);
  },
  fresh: (timestamp, now) => /^(?:[0-9]{10}|[0-9]{13})$/.test(timestamp) && Math.abs(now - instants(timestamp)) <= 60_000,
  nonce: (used, nonce, raw) => {
    const before = used.get(nonce);
    used.set(nonce, before ?? raw.toString('hex'));
    return before === undefined || before === raw.toString('hex');
  },
  parse: (raw) => {
    try {
      const body: unknown = JSON.parse(raw.toString());
      return typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as Body) : null;
    } catch {
      return null;
    }
  },
  members: (body) => {
    const mandatory = MANDATORY[String(body['activity'])];
    if (mandatory === undefined) return refusal('000002', 'activity is unknown');
    const missing = mandatory.find((name) => !body[name]);
    if (missing !== undefined) return refusal('000002', `${missing} is missing`);
    const wrong = Object.entries(WORDS).find(([name, words]) => body[name] !== undefined && !words.includes(textOf(body[name])));
    if (wrong !== undefined) return refusal('000002', `${wrong[0]} is unknown`);
    return body['expireTime'] === undefined || /^[0-9]{4}(?:0[1-9]|1[0-2])[0-9]{8}(?:[0-9]{3})?$/.test(textOf(body['expireTime'])) ? null : refusal('000002', 'expireTime is no time');
  },
  answer: (body) => {
    if (body['activity'] === 'newInstance') return success({ instanceId: `i-${String(body['orderLineId'])}` });
    if (body['activity'] !== 'queryInstance') return success();
    const ids = String(body['instanceId']).split(',');
    if (ids.length > 100) return refusal('000002', 'more than 100 ids');
    return success({ info: ids.map((instanceId) => ({ instanceId, appInfo: { frontEndUrl: 'https://example.com/login', userName: 'probe', password: 'geheim' } })) });
  },
  write: (answer) => written(answer),
  limit: 256 * 1024,
};

/** A seller without a port: what it answers to a body, and a `fetch` that reaches it alone. */
export interface Conversation {
  readonly url: string;
  readonly fetch: typeof globalThis.fetch;
  answer(url: string, raw: Buffer): Promise<Written>;
}

const BROKEN: Written = { status: 500, contentType: 'application/json', text: '{"resultCode":"000005","resultMsg":"error"}' };

/** The clock is the test's. */
export function createSeller(faults: Partial<Parts>, clock: { now: number }): Conversation {
  const parts = { ...HONEST, ...faults };
  const used = new Map<string, string>();
  const ids = new Map<string, string>();
  const url = 'http://seller.invalid/koogallery/saas';

  async function judge(query: URLSearchParams, raw: Buffer): Promise<Answer> {
    const missing = parts.parts(query);
    if (missing !== null) return missing;
    const [signature, timestamp, nonce] = ['signature', 'timestamp', 'nonce'].map((name) => query.get(name) ?? '') as [string, string, string];
    if (!parts.fresh(timestamp, clock.now)) return refusal('000002', 'timestamp is stale');
    if (!parts.payloads(raw).some((payload) => parts.sameHex(signature, hmac(KEY, KEY + nonce + timestamp + parts.inner(KEY, payload))))) return refusal('000001', 'signature is wrong');
    if (!parts.nonce(used, nonce, raw)) return refusal('000001', 'nonce was used');
    const body = parts.parse(raw);
    if (body === null) return refusal('000002', 'body is no JSON object');
    return parts.members(body) ?? parts.answer(body, { ids, clock });
  }

  const answer: Conversation['answer'] = async (asked, raw) => {
    try {
      return parts.write(raw.length > parts.limit ? refusal('000002', 'body is too large') : await judge(new URL(asked, url).searchParams, raw));
    } catch {
      return BROKEN;
    }
  };
  return {
    url,
    answer,
    fetch: async (asked, init) => {
      // Whatever goes elsewhere, such as a call that is to be lost, goes there.
      if (typeof asked !== 'string' || !asked.startsWith(url)) return globalThis.fetch(asked, init);
      const { status, contentType, text } = await answer(asked, Buffer.from(init?.body instanceof Uint8Array ? init.body : ''));
      // As bytes: for text the class adds a content type by itself.
      return new Response(Buffer.from(text), { status, headers: contentType === null ? {} : { 'content-type': contentType } });
    },
  };
}

export interface Seller {
  readonly url: string;
  close(): Promise<void>;
}

/** The same on a port of its own, in plain node:http. */
export async function startSeller(faults: Partial<Parts>, clock: { now: number }): Promise<Seller> {
  const seller = createSeller(faults, clock);
  const server = createServer((request, response) => {
    void request.toArray().then(async (chunks) => {
      const { status, contentType, text } = await seller.answer(request.url ?? '/', Buffer.concat(chunks));
      response.writeHead(status, contentType === null ? {} : { 'content-type': contentType }).end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/koogallery/saas`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
