import { request } from 'node:http';

export interface Sent {
  readonly method?: string;
  /** Path and query as they go out, not encoded again. */
  readonly target: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Several parts leave as chunks without a declared length. */
  readonly body?: string | Uint8Array | readonly Uint8Array[];
}

export interface Received {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  /** Names and values in turn, in the case they had on the wire. */
  readonly rawHeaders: readonly string[];
  readonly text: string;
}

/** One HTTP exchange on a connection of its own, with nothing added or tidied by a client library. */
export function exchange(port: number, { method = 'POST', target, headers = {}, body }: Sent): Promise<Received> {
  return new Promise((resolve, reject) => {
    const whole = typeof body === 'string' || body instanceof Uint8Array ? Buffer.from(body) : undefined;
    const length: Record<string, string> = whole ? { 'content-length': String(whole.byteLength) } : {};
    const outgoing = request({ host: '127.0.0.1', port, method, path: target, headers: { ...length, ...headers }, agent: false }, (incoming) => {
      const parts: Buffer[] = [];
      incoming.on('data', (part: Buffer) => parts.push(part));
      incoming.on('error', reject);
      incoming.on('end', () =>
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, rawHeaders: incoming.rawHeaders, text: Buffer.concat(parts).toString('utf8') }),
      );
    });
    outgoing.on('error', reject);
    if (Array.isArray(body)) for (const part of body) outgoing.write(part);
    outgoing.end(whole);
  });
}
