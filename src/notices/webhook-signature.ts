import { createHmac } from 'node:crypto';

/**
 * Headers by which a receiver knows the sender and drops repeats, as Standard Webhooks has them, so that its libraries verify them
 * (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md). The id is the same for every attempt, the
 * stamp (`now`, UTC ms) is the attempt's own.
 *
 * The secret is base64 of the key, with or without `whsec_` before it; null leaves the signature out.
 */
export function webhookHeaders({ id, body, secret, now }: { readonly id: string; readonly body: string; readonly secret: string | null; readonly now: number }): Record<string, string> {
  const timestamp = String(Math.floor(now / 1000));
  const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp };
  if (secret === null) return headers;
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { ...headers, 'webhook-signature': `v1,${signature}` };
}
