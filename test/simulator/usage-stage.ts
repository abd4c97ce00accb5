import { createHash, createHmac, randomUUID } from 'node:crypto';
import { AK, KEY, openStage, SK, STANDARD, START, type Stage } from './stage.ts';

export const NEW = '/api/mkp-openapi-public/global/v1/isv/usage-data';
export const OLD = '/rest/marketplace/v1/isv/usage-data';
export const OLDEST = '/v1.0/partner-1/billing/bill-mgr/push-usage-data';
export const HOUR = 60 * 60_000;
export const DAY = 24 * HOUR;

export interface Answer {
  readonly status: number;
  readonly body: { readonly error_code: string; readonly error_msg: string; readonly data?: { readonly abnormal_usage_data: readonly Record<string, string>[] } };
}

/** 20261121T093000Z */
export const wire = (at: number): string => `${new Date(at).toISOString().replace(/[-:]/g, '').slice(0, 15)}Z`;

/** The seller's side, written down from the page: Base64 of HMAC-SHA256 over ts, nonce and body. */
export function signed(body: string, { key = KEY, ts = String(START), nonce = randomUUID() }: { key?: string; ts?: string; nonce?: string } = {}): Record<string, string> {
  return { signature: createHmac('sha256', key).update(`ts=${ts}&nonce=${nonce}&body=${body}`).digest('base64'), ts, nonce };
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** AK/SK for a POST without a query. */
export function authorised(host: string, path: string, body: string, at: number, sk = SK): Record<string, string> {
  const date = wire(at);
  const canonical = ['POST', `${path}/`, '', `host:${host}`, `x-sdk-date:${date}`, '', 'host;x-sdk-date', sha256(body)].join('\n');
  const signature = createHmac('sha256', sk).update(`SDK-HMAC-SHA256\n${date}\n${sha256(canonical)}`).digest('hex');
  return { 'X-Sdk-Date': date, Authorization: `SDK-HMAC-SHA256 Access=${AK}, SignedHeaders=host;x-sdk-date, Signature=${signature}` };
}

/** A market three hours after a pay-per-use instance was bought, and the seller that pushes its usage. */
export interface MeteredStage extends Stage {
  readonly instance: string;
  bought(chargingMode: 'ON_DEMAND' | 'ON_DEMAND_PKG' | 'PERIOD'): Promise<string>;
  /** A good record with members changed; undefined drops one. As the page advises: members in alphabetical order. */
  record(change?: Record<string, unknown>): Record<string, unknown>;
  post(path: string, body: string, headers: Record<string, string>): Promise<Answer>;
  push(records: readonly unknown[], headers?: Record<string, string>): Promise<Answer>;
  /** The code of every record in the books; null for a good one. */
  kept(): Promise<readonly (string | null)[]>;
}

export async function openMeteredStage(): Promise<MeteredStage> {
  const stage = await openStage({ platform: { level: 'V1' } });
  const bought: MeteredStage['bought'] = async (chargingMode) => {
    const { order } = await stage.market.buy({ ...STANDARD, chargingMode });
    return (await stage.market.asset(order)).instanceId!;
  };
  const instance = await bought('ON_DEMAND');
  stage.clock.at = START + 3 * HOUR;
  const post: MeteredStage['post'] = async (path, body, headers) => {
    const response = await fetch(new URL(path, stage.market.openApiUrl), { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body });
    return { status: response.status, body: (await response.json()) as Answer['body'] };
  };
  return {
    ...stage,
    instance,
    bought,
    post,
    record: (change = {}) =>
      Object.fromEntries(
        Object.entries({ begin_time: wire(START), end_time: wire(START + HOUR), instance_id: instance, metering_sn: randomUUID(), record_time: wire(START + HOUR), usage_value: '99', ...change })
          .filter(([, value]) => value !== undefined)
          .toSorted(([a], [b]) => (a < b ? -1 : 1)),
      ),
    async push(records, headers) {
      const body = JSON.stringify({ usage_records: records });
      return post(NEW, body, headers ?? signed(body, { ts: String(stage.clock.at) }));
    },
    kept: async () => (await stage.market.usage()).map(({ code }) => code),
  };
}

/** The codes of the records that an answer names. */
export function codes({ body }: Answer): readonly (string | undefined)[] {
  return body.data?.abnormal_usage_data.map(({ error_code }) => error_code) ?? [];
}
