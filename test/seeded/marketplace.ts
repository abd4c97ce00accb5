import { createHash } from 'node:crypto';
import { writeExpireTime } from '../../src/marketplace/times.ts';
import type { RawCall } from '../../src/marketplace/envelopes/envelope.ts';
import type { Sealer } from '../../src/store/sealer.ts';
import { KEY, signedCall } from '../marketplace/signed-call.ts';
import { DAY, START, type Asked, type Probe } from './schedule.ts';

export interface Line {
  readonly orderId: string;
  readonly orderLineId: string;
  readonly instanceId: string;
}

/** A call as the marketplace signed it: its bytes stay the same however often it is sent. */
export interface Call {
  readonly line: number;
  readonly asked: Asked;
  readonly probe: Probe;
  readonly at: number;
  readonly nonce: string;
  readonly body: string;
  readonly hash: string;
  readonly raw: RawCall;
  /** Its signature does not belong to its body. */
  readonly forged: boolean;
  /** Identity of what carries an order, as architecture §5 has it. */
  readonly key: string | null;
}

export const KEYS = [KEY];

export function lineOf(index: number, sealer: Pick<Sealer, 'instanceId'>): Line {
  const orderId = `CS${index}`;
  const orderLineId = `${orderId}-000001`;
  return { orderId, orderLineId, instanceId: sealer.instanceId(`${orderId}/${orderLineId}`) };
}

export const endOf = (days: number, start = START): number => start + days * DAY;

/** What differs where the marketplace speaks to a real server: key, order lines, when the schedule starts, and whose nonces they are. */
export interface Setting {
  readonly key: string;
  readonly lines: readonly Line[];
  readonly start: number;
  readonly name: string;
}

/** The wire's body of each kind of question: one row each. */
const BODIES: { readonly [K in Asked['kind']]: (asked: Extract<Asked, { kind: K }>, names: { line: Line; id: string; ids: string; serial: number; order: (n: number) => string; end: (days: number) => number }) => Record<string, string> } = {
  create: (_, { line, serial }) => ({ activity: 'newInstance', businessId: `business-${serial}`, orderId: line.orderId, orderLineId: line.orderLineId }),
  freeze: (_, { id }) => ({ activity: 'updateInstanceStatus', instanceId: id, status: 'FREEZE' }),
  unfreeze: (_, { id }) => ({ activity: 'updateInstanceStatus', instanceId: id, status: 'UNFREEZE' }),
  renew: ({ days, order: n, formal }, { id, order, end }) => ({ activity: 'refreshInstance', expireTime: writeExpireTime(end(days)), instanceId: id, orderId: order(n), orderLineId: `${order(n)}-1`, scene: formal ? 'TRIAL_TO_FORMAL' : 'RENEWAL' }),
  shorten: ({ days, order: n }, { id, order, end }) => ({ activity: 'refreshInstance', expireTime: writeExpireTime(end(days)), instanceId: id, orderId: order(n), orderLineId: `${order(n)}-1`, scene: 'UNSUBSCRIBE_RENEWAL_PERIOD' }),
  release: ({ unsubscribed }, { id }) => ({ activity: 'releaseInstance', instanceId: id, ...(unsubscribed ? { orderId: 'CSU', orderLineId: 'CSU-1' } : {}) }),
  query: (_, { ids }) => ({ activity: 'queryInstance', instanceId: ids }),
};

function keyOf(asked: Asked, probe: Probe): string | null {
  if (probe !== 'no') return null;
  if (asked.kind === 'renew') return `renew/${asked.order}/${asked.formal}`;
  return asked.kind === 'shorten' ? `shorten/${asked.order}` : null;
}

export function createMarketplace(sealer: Pick<Sealer, 'instanceId' | 'probeId'>, setting: Partial<Setting> = {}) {
  let serial = 0;
  const { key = KEY, start = START, name = 'nonce', lines = [0, 1].map((index) => lineOf(index, sealer)) } = setting;
  const lineAt = (index: number): Line => lines[index] ?? lineOf(index, sealer);

  const sign = (of: Pick<Call, 'line' | 'asked' | 'probe'>, body: string, at: number, nonce: string, forged = false): Call => ({
    ...of,
    at,
    nonce,
    body,
    hash: createHash('sha256').update(body).digest('hex'),
    raw: signedCall(body, { key, nonce, timestamp: String(at), ...(forged ? { payload: `${body} ` } : {}) }),
    forged,
    key: keyOf(of.asked, of.probe),
  });

  const bodyOf = (line: number, asked: Asked, probe: Probe): string => {
    serial += 1;
    const real = lineAt(line);
    const mock = probe === 'mock';
    const named = mock ? { ...real, orderId: `MOCK${line}` } : real;
    const id = mock ? sealer.probeId(`MOCK${line}`) : real.instanceId;
    const names = { line: named, id, ids: asked.kind === 'query' && asked.both && !mock ? lines.map(({ instanceId }) => instanceId).join(',') : id, serial, order: (n: number) => `CSR${n}`, end: (days: number) => endOf(days, start) };
    const body = (BODIES[asked.kind] as (asked: Asked, of: typeof names) => Record<string, string>)(asked, names);
    return JSON.stringify(probe === 'flag' ? { ...body, testFlag: '1' } : body);
  };

  return {
    lines,
    call: (line: number, asked: Asked, probe: Probe, at: number): Call => sign({ line, asked, probe }, bodyOf(line, asked, probe), at, `${name}-${serial}`),
    /** The same business with a stamp of now. */
    anew: (call: Call, at: number): Call => sign(call, bodyOf(call.line, call.asked, call.probe), at, `${name}-${serial}`),
    /** Correctly signed, other bytes, the nonce of before. */
    altered: (call: Call, at: number): Call => sign(call, JSON.stringify({ ...(JSON.parse(call.body) as object), remark: `other ${(serial += 1)}` }), at, call.nonce),
    forged: (call: Call, at: number): Call => sign(call, bodyOf(call.line, call.asked, call.probe), at, `${name}-${serial}`, true),
  };
}

export type Marketplace = ReturnType<typeof createMarketplace>;
