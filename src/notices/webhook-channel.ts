import * as http from 'node:http';
import * as https from 'node:https';
import { WebhookFailed, WebhookRefused } from './errors.ts';
import { judgedLookup, judgeHost } from './judged-lookup.ts';
import { whatToDo, type Channel, type Notice } from './notice.ts';
import { systemResolve, type Resolve } from './public-address.ts';
import { webhookHeaders } from './webhook-signature.ts';

const TIME_LIMIT = 8_000;

export interface WebhookOptions {
  /** `http:` or `https:`. Secret: its path or query may carry a token. */
  readonly url: string;
  /** Signs each call; null sends it unsigned. See `webhookHeaders`. */
  readonly secret: string | null;
  /** Whether the host may be at an address that is not public (architecture §6). */
  readonly allowPrivate: boolean;
  /** UTC ms; only for the stamp of the signature. */
  now(): number;
  /** Milliseconds for the whole call, default 8 000. */
  readonly timeLimit?: number;
  readonly resolve?: Resolve;
}

/**
 * POSTs each notice as JSON to one URL. Any 2xx is enough; a redirect is not followed, for the secret and the judgement are for this host.
 *
 * Rejects with WebhookRefused, with WebhookFailed, or with the signal's reason.
 */
export function createWebhookChannel(options: WebhookOptions): Channel {
  const url = new URL(options.url);
  const { secret, allowPrivate, now, timeLimit = TIME_LIMIT, resolve = systemResolve } = options;
  return {
    name: 'webhook',
    async tell(notice, { signal }) {
      if (!allowPrivate) judgeHost(url.hostname);
      const body = bodyOf(notice);
      const clock = AbortSignal.timeout(timeLimit);
      const headers = { ...webhookHeaders({ id: notice.id, body, secret, now: now() }), 'content-type': 'application/json', 'user-agent': 'kookeeper' };
      try {
        const status = await post(url, { headers, lookup: judgedLookup({ resolve, allowPrivate }), signal: AbortSignal.any([signal, clock]) }, body);
        if (status < 200 || status > 299) throw new WebhookFailed(`the webhook answered HTTP ${status}${status >= 300 && status < 400 ? ', and redirects are not followed' : ''}`);
      } catch (error) {
        if (error instanceof WebhookRefused || error instanceof WebhookFailed) throw error;
        if (signal.aborted) throw signal.reason;
        if (clock.aborted) throw new WebhookFailed(`the webhook did not answer within ${timeLimit} ms`);
        throw new WebhookFailed(`the webhook could not be reached: ${codeOf(error)}`);
      }
    },
  };
}

/** The status of the answer; its body is not read. */
function post(url: URL, { headers, lookup, signal }: Pick<http.RequestOptions, 'lookup' | 'signal'> & { readonly headers: Record<string, string> }, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const { request } = url.protocol === 'https:' ? https : http;
    // No shared agent: it may keep connections, which are not looked up again, or be set to a proxy, which looks names up itself.
    const call = request(url, { method: 'POST', headers, lookup, signal, agent: false });
    call.on('response', (response) => {
      resolve(response.statusCode ?? 0);
      response.destroy();
    });
    call.on('error', reject);
    call.on('close', () => reject(new Error('closed without an answer')));
    call.end(body);
  });
}

/** Exactly these members, whatever else the caller's object holds. */
function bodyOf({ id, instanceId, orderLineId, kind, instant, detail, at }: Notice): string {
  return JSON.stringify({ id, instanceId, orderLineId, kind, instant, detail, at, whatToDo: whatToDo({ kind, instanceId }) });
}

/** The system's short code (ECONNREFUSED, ENOTFOUND, …). The longer text, and the cause, may hold the receiver's words. */
function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'network error';
}
