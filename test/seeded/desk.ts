import type { Reply } from '../../src/marketplace/dialect.ts';
import type { Bench } from './bench.ts';
import type { Ledger } from './ledger.ts';
import { endOf, type Call, type Marketplace } from './marketplace.ts';
import { firstReading, isBuilt, queryCode, readings, RULES, unique, type Asking, type Facts, type Reading } from './model.ts';
import { MINUTE } from './schedule.ts';
import type { Tenants } from './tenants.ts';

/** One arrival of a call at the seller, and what came of it. */
export interface Arrival {
  readonly call: Call;
  readonly callId: string;
  readonly now: number;
  /** The door's transaction stands. */
  readonly committed: boolean;
  /** Null: nobody heard one. */
  readonly reply: Reply | null;
  /** The database was away while the call was served. */
  readonly unavailable: boolean;
}

const FRESH = MINUTE;
const NONCE_LIFE = 10 * MINUTE;
const SUCCESS = ['000000', '000004'];

/** Watches the door: compares every answer with the model, and keeps what the model says was promised. */
export function createDesk({ ledger, rows, marketplace, tenants, estimate, factsOf }: { ledger: Ledger; rows: Bench['rows']; marketplace: Marketplace; tenants: Tenants; estimate: number | null; factsOf: (line: number) => Facts }) {
  const promised = new Map<number, Reading[]>();
  const nonces = new Map<string, { hash: string; code: string | null; id: unknown; command: boolean; until: number }>();
  const ids = new Map<number, string>();
  const failed = new Set<string>();
  const told = (call: Call): string => `${call.nonce}/${call.hash}`;

  const judge = ({ call, now, committed, reply }: Arrival, rule: 6 | 8): void => {
    const { asked, line } = call;
    const facts = factsOf(line);
    const code = reply?.resultCode ?? null;
    if (asked.kind === 'query') {
      const named = asked.both ? [0, 1] : [line];
      const expected = queryCode(named.map((each) => (promised.has(each) ? factsOf(each) : null)));
      if (code !== null) ledger.check(rule, code === expected, () => `a query was answered ${code} where what is stored says ${expected}`);
      for (const { instanceId, appInfo } of (reply?.['info'] ?? []) as { instanceId: string; appInfo?: { password?: string } }[]) {
        if (appInfo?.password !== undefined) ledger.check(3, appInfo.password === `password-${tenants.builds(instanceId)}`, () => `a query shows access data of a tenant that is not there`);
      }
      return;
    }
    const known = promised.get(line);
    if (!known) {
      const expected = asked.kind === 'create' ? '000004' : '000003';
      if (code !== null) ledger.check(rule, code === expected, () => `the first ${asked.kind} was answered ${code}, not ${expected}`);
      if (asked.kind === 'create' && committed) promised.set(line, [firstReading(now)]);
      return;
    }
    const asking: Asking = { asked, key: call.key, at: call.at, now, end: 'days' in asked ? endOf(asked.days) : null };
    const possible = readings(known, facts, estimate, now).flatMap((reading) => RULES[asked.kind](reading, asking, facts));
    const left = code === null ? possible : possible.filter((one) => one.code === code);
    const allowed = [...new Set(possible.map((one) => one.code))].join(' or ');
    ledger.check(rule, left.length > 0, () => `${asked.kind} was answered ${code}; promised before: ${JSON.stringify(known)}, stored: ${JSON.stringify(facts)}, so ${allowed}`);
    if (asked.kind === 'create' && code === '000000' && !left.some(({ reading }) => reading.released)) {
      ledger.check(2, isBuilt(facts) && tenants.builds(marketplace.lines[line]?.instanceId ?? '') > 0, () => 'a create was answered 000000, but nothing was ever built');
    }
    if (committed) promised.set(line, unique(left.map(({ reading }) => reading)));
  };

  return {
    promised: (line: number): readonly Reading[] | null => promised.get(line) ?? null,
    keep(line: number, left: readonly Reading[]): void {
      promised.set(line, [...left]);
    },

    /** Checked at the instant: data that are gone do not come back. */
    removed(line: number, now: number): void {
      const due = (promised.get(line) ?? []).some(({ released }) => released !== null && released.removeAt !== null && released.removeAt <= now);
      ledger.check(3, due, () => `removed at ${new Date(now).toISOString()}, but promised was ${JSON.stringify(promised.get(line))}`);
    },

    /** A call was served, alone: nothing else happened meanwhile. */
    async arrived(arrival: Arrival): Promise<void> {
      const { call, callId, now, committed, reply, unavailable } = arrival;
      const code = reply?.resultCode ?? null;
      const [record] = await rows<{ kind: string; result_code: string; evidence: string; letters: number }>(
        'select kind, result_code, evidence, (select count(*) from command where call_id = call.id) as letters from call where id = ?',
        callId,
      );
      const letters = record ? record.letters : ((await rows<{ n: number }>('select count(*) as n from command where call_id = ?', callId))[0]?.n ?? 0);
      // The stamp is looked at before the signature (saas.md §4.7).
      const refused = Math.abs(now - call.at) > FRESH ? '000002' : call.forged ? '000001' : null;
      const seen = nonces.get(call.nonce);
      const used = seen && seen.until > now ? seen : null;
      const other = used && used.hash !== call.hash ? '000001' : null;
      if (refused || (other && !unavailable)) {
        if (code !== null) ledger.check(5, code === (refused ?? other), () => `answered ${code} instead of ${refused ?? other}: ${refused ? 'forged or stale' : 'a nonce used before with other bytes'}`);
        ledger.check(5, !record && letters === 0, () => 'a refused call left something');
        return;
      }
      ledger.check(8, (record !== undefined) === committed, () => `the call ${callId} has ${record ? 'a' : 'no'} record, though its transaction ${committed ? 'stands' : 'does not stand'}`);
      if (!committed) ledger.check(5, letters === 0, () => 'a call that was not accepted left a command');
      if (unavailable && !committed) {
        if (code === null) return;
        ledger.check(5, code === '000005', () => `answered ${code} without a database`);
        failed.add(told(call));
        return;
      }
      if (committed && record) {
        ledger.check(8, record.evidence.includes(JSON.stringify(call.raw.query['signature'])) && (code === null || record.result_code === code), () => `the record of ${callId} is not of what was asked and answered`);
      }
      // After a failure the same bytes are judged afresh.
      const rule = failed.has(told(call)) ? 6 : 8;
      if (!committed) {
        if (code !== null) ledger.check(rule, false, () => `answered ${code}, though nothing was in the way of a true answer`);
        return;
      }
      if (call.probe !== 'no') {
        ledger.check(10, (code === null || code === '000000') && record?.kind === 'test' && letters === 0, () => `a probe was answered ${code}, recorded as ${record?.kind}, with ${letters} commands`);
      } else if (used?.code && SUCCESS.includes(used.code) && used.command) {
        if (code !== null) ledger.check(5, code === used.code && reply?.['instanceId'] === used.id, () => `the same bytes were answered ${code} after ${used.code}`);
      } else {
        judge(arrival, rule);
      }
      if (code !== null && !SUCCESS.includes(code)) failed.add(told(call));
      if (!used) nonces.set(call.nonce, { hash: call.hash, code: record?.result_code ?? null, id: call.asked.kind === 'create' ? marketplace.lines[call.line]?.instanceId : undefined, command: call.asked.kind !== 'query', until: now + NONCE_LIFE });
      const id = reply?.['instanceId'];
      if (typeof id === 'string' && call.probe === 'no') {
        ledger.check(1, (ids.get(call.line) ?? id) === id, () => `one order line has the ids ${ids.get(call.line)} and ${id}`);
        ids.set(call.line, id);
      }
    },
  };
}

export type Desk = ReturnType<typeof createDesk>;
