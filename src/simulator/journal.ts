import type { SqlEntityManager } from '@mikro-orm/sql';
import { jsonObject, textMember, type Call } from './call.ts';
import { MarketCall, type CallRow } from './entities.ts';

export interface Journal {
  /** The number of the next call. */
  next(): number;
  record(call: Call): Promise<void>;
  /** In the order of sending; only the `newest` so many when that is given. */
  list(newest?: number): Promise<readonly Call[]>;
  find(seq: number): Promise<Call | null>;
  /** The first call that named an order; null when none did. */
  firstOf(orderId: string): Promise<Call | null>;
  clear(): Promise<void>;
}

/** The calls made, kept in the database. */
export async function openJournal(em: () => SqlEntityManager): Promise<Journal> {
  const [latest] = await em().find(MarketCall, {}, { orderBy: { seq: 'desc' }, limit: 1 });
  let seq = latest?.seq ?? 0;
  return {
    next: () => (seq += 1),
    async record({ answer: _answer, resultCode: _code, ...call }) {
      const { verb, orderId, instanceId, body, text } = call;
      const texts = { verb: storable(verb), orderId: storableOrNull(orderId), instanceId: storableOrNull(instanceId), body: storable(body), text: storable(withoutPasswords(text)) };
      await em().insert(MarketCall, { ...call, ...texts });
    },
    async list(newest) {
      const rows = await em().find(MarketCall, {}, { orderBy: { seq: 'desc' }, ...(newest === undefined ? {} : { limit: newest }) });
      return rows.toReversed().map(fromRow);
    },
    async find(wanted) {
      const row = await em().findOne(MarketCall, { seq: wanted });
      return row === null ? null : fromRow(row);
    },
    async firstOf(orderId) {
      const [row] = await em().find(MarketCall, { orderId }, { orderBy: { seq: 'asc' }, limit: 1 });
      return row === undefined ? null : fromRow(row);
    },
    async clear() {
      await em().nativeDelete(MarketCall, {});
    },
  };
}

/** The buyer's password is shown to the buyer who asks for it and kept nowhere: the marketplace asks the seller every time (saas.md §3.3). */
export function withoutPasswords(text: string): string {
  return text.replace(/("password"\s*:\s*)"(?:[^"\\]|\\.)*"/g, '$1"***"');
}

/** Bodies may hold anything, but MikroORM writes values into the SQL text, which ends at a NUL. */
function storable(text: string): string {
  return text.replaceAll('\0', '\uFFFD');
}

function storableOrNull(text: string | null): string | null {
  return text === null ? null : storable(text);
}

function fromRow(row: CallRow): Call {
  const { seq, at, ms, verb, kind, orderId, instanceId, query, body, status, contentType, text, failure, verdict, trouble } = row;
  const answer = jsonObject(text);
  return { seq, at, ms, verb, kind, orderId, instanceId, query, body, status, contentType, text, answer, resultCode: textMember(answer, 'resultCode'), failure, verdict, trouble };
}
