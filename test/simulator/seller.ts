import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request as it came off the wire. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly raw: string;
  readonly members: Record<string, unknown>;
  /** Whether the signature holds over the raw body with the seller's key. */
  readonly signed: boolean;
}

export type Handler = (received: Received, response: ServerResponse) => void | Promise<void>;

export interface Seller {
  readonly url: string;
  readonly received: Received[];
  /** Answers every further call with this instead of the honest way; null: honest again. */
  answer(handler: Handler | null): void;
  close(): Promise<void>;
}

/** Written down from the published algorithm, apart from the code under test. */
function holds(key: string, query: URLSearchParams, raw: Buffer): boolean {
  const inner = createHmac('sha256', key).update(raw).digest('hex');
  const expected = createHmac('sha256', key).update(`${key}${query.get('nonce')}${query.get('timestamp')}${inner}`).digest('hex');
  return query.get('signature')?.toLowerCase() === expected;
}

/** A small honest seller: verifies, makes one instance per order line, and has it ready at the second query. */
export async function startSeller(key: string, port = 0): Promise<Seller> {
  const received: Received[] = [];
  const queries = new Map<string, number>();
  let special: Handler | null = null;

  function honest({ signed, members }: Received): Record<string, unknown> {
    if (!signed) return { resultCode: '000001', resultMsg: 'signature is wrong' };
    if (members['activity'] === 'newInstance') return { resultCode: '000004', resultMsg: 'working', instanceId: `i-${String(members['orderLineId'])}` };
    if (members['activity'] !== 'queryInstance') return { resultCode: '000000', resultMsg: 'success' };
    const id = String(members['instanceId']);
    const asked = (queries.get(id) ?? 0) + 1;
    queries.set(id, asked);
    if (asked < 2) return { resultCode: '000004', resultMsg: 'working' };
    const appInfo = { frontEndUrl: 'https://app.example/t/1', userName: 'admin', password: 'geheim "1"' };
    return { resultCode: '000000', resultMsg: 'success', info: [{ instanceId: id, appInfo }] };
  }

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const raw = Buffer.concat(await request.toArray());
    const { pathname: path, searchParams: query } = new URL(request.url ?? '/', 'http://seller');
    const members = parsed(raw.toString());
    const call: Received = { method: request.method ?? '', path, query, headers: request.headers, raw: raw.toString(), members, signed: holds(key, query, raw) };
    received.push(call);
    if (special !== null) await special(call, response);
    else json(response, honest(call));
  }

  const server = createServer((request, response) => {
    take(request, response).catch((error: unknown) => response.destroy(error instanceof Error ? error : new Error(String(error))));
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/koogallery/saas`,
    received,
    answer: (handler) => void (special = handler),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export function json(response: ServerResponse, body: unknown, { status = 200, contentType = 'application/json' } = {}): void {
  response.writeHead(status, { 'content-type': contentType }).end(JSON.stringify(body));
}

function parsed(raw: string): Record<string, unknown> {
  try {
    return JSON.parse(raw) as Record<string, unknown>;
  } catch {
    return {};
  }
}
