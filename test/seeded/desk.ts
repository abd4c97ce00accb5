import type { Reply } from '../../src/marketplace/dialect.ts';
import type { Bench } from './bench.ts';
import type { Ledger } from './ledger.ts';
import { byHand, type Said } from './hand.ts';
import { changeKey, endOf, skuOf, type Call, type Marketplace } from './marketplace.ts';
import { firstReading, isBuilt, mayClean, queryCode, readings, refusalIn, removalAt, RULES, unique, type Asking, type Facts, type Reading } from './model.ts';
import { MINUTE, type ByHand } from './schedule.ts';
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
  readonly before: Before;
}

/** What stood when the call arrived: a change is answered later, when other things have happened. */
export interface Before {
  readonly used: Used | null;
  readonly change: Change | null;
}

interface Used {
  readonly hash: string;
  readonly id: unknown;
  readonly command: boolean;
  readonly until: number;
  code: string | null;
}

/** `waits`: it is let in, or was before, and the caller waits for its end. */
interface Change {
  readonly is: 'done' | 'waits' | 'unknown' | 'later';
  readonly appends: boolean;
  /** When the attempt was let in. */
  readonly since: number;
}

const FRESH = MINUTE;
const NONCE_LIFE = 10 * MINUTE;
const SUCCESS = ['000000', '000004'];

/** Watches the door: compares every answer with the model, and keeps what the model says was promised. */
export function createDesk({ ledger, rows, marketplace, tenants, estimate, factsOf }: { ledger: Ledger; rows: Bench['rows']; marketplace: Marketplace; tenants: Tenants; estimate: number | null; factsOf: (line: number) => Facts }) {
  const promised = new Map<number, Reading[]>();
  const nonces = new Map<string, Used>();
  const ends = new Set<string>();
  const ids = new Map<number, string>();
  const failed = new Set<string>();
  const told = (call: Call): string => `${call.nonce}/${call.hash}`;

  const promise = (line: number, all: readonly Reading[]): void => {
    promised.set(line, unique(all));
    for (const { end } of all) ends.add(`${line} ${end}`);
  };

  /** Architecture §4, the column of the change. */
  const changeNow = async ({ asked, line }: Call, now: number): Promise<Change | null> => {
    const known = promised.get(line);
    if (asked.kind !== 'change' || !known) return null;
    const facts = factsOf(line);
    const id = marketplace.lines[line]?.instanceId ?? '';
    const [earlier] = await rows<{ outcome: string | null; since: number }>('select outcome, received_at as since from command where instance_id = ? and "key" = ? order by seq desc limit 1', id, changeKey(asked.order));
    if (earlier?.outcome === 'done') return { is: 'done', appends: false, since: earlier.since };
    if (earlier?.outcome === null) return { is: 'waits', appends: false, since: earlier.since };
    const none = { appends: false, since: now };
    if (known.every(({ released }) => released) || known.every((reading) => refusalIn(facts, reading))) return { is: 'unknown', ...none };
    return isBuilt(facts) ? { is: 'waits', appends: true, since: now } : { is: 'later', ...none };
  };

  const judgeChange = ({ call, reply, before: { change } }: Arrival, letters: number, rule: 6 | 8): void => {
    const { line, asked } = call;
    if (!change || asked.kind !== 'change') return;
    const id = marketplace.lines[line]?.instanceId ?? '';
    const code = reply?.resultCode ?? null;
    ledger.check(rule, letters === (change.appends ? 1 : 0), () => `a change that is ${change.is} left ${letters} commands`);
    if (code === null) return;
    const allowed = { done: ['000000'], unknown: ['000003'], later: ['000005'], waits: ['000000', '000005', ...(promised.get(line)?.some(({ released }) => released) ? ['000003'] : [])] }[change.is];
    ledger.check(rule, allowed.includes(code), () => `a change that is ${change.is} was answered ${code}`);
    const sku = skuOf(`CSX${asked.order}`);
    if (code === '000000') ledger.check(8, tenants.hadPlan(id, sku, change.since), () => `a change to ${sku} was answered 000000, but the tenant was never of it`);
  };

  const judge = (arrival: Arrival, letters: number, rule: 6 | 8): void => {
    const { call, now, committed, reply } = arrival;
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
      if (asked.kind === 'create' && committed) promise(line, [firstReading(now)]);
      return;
    }
    if (asked.kind === 'change') return judgeChange(arrival, letters, rule);
    const asking: Asking = { asked, key: call.key, at: call.at, now, end: 'days' in asked ? endOf(asked.days) : null };
    const possible = readings(known, facts, estimate, now).flatMap((reading) => RULES[asked.kind](reading, asking, facts));
    const left = code === null ? possible : possible.filter((one) => one.code === code);
    const allowed = [...new Set(possible.map((one) => one.code))].join(' or ');
    ledger.check(rule, left.length > 0, () => `${asked.kind} was answered ${code}; promised before: ${JSON.stringify(known)}, stored: ${JSON.stringify(facts)}, so ${allowed}`);
    if (asked.kind === 'create' && code === '000000' && !left.some(({ reading }) => reading.released)) {
      ledger.check(2, isBuilt(facts) && tenants.builds(marketplace.lines[line]?.instanceId ?? '') > 0, () => 'a create was answered 000000, but nothing was ever built');
    }
    if (committed) promise(line, left.map(({ reading }) => reading));
  };

  return {
    promised: (line: number): readonly Reading[] | null => promised.get(line) ?? null,
    keep(line: number, left: readonly Reading[]): void {
      promise(line, left);
    },
    /** Whether the end was ever promised. */
    isEnd: (line: number, instant: number): boolean => instant === estimate || ends.has(`${line} ${instant}`),

    /** A person has spoken. */
    person(line: number, does: ByHand, verdict: Said, now: number): void {
      const known = promised.get(line);
      if (!known) {
        ledger.check(8, verdict === 'no', () => `a person's ${does} of nothing was answered ${verdict}`);
        return;
      }
      const facts = factsOf(line);
      const possible = readings(known, facts, estimate, now).flatMap((reading) => byHand(does, reading, now, facts));
      const left = possible.filter(({ code }) => code === verdict);
      ledger.check(8, left.length > 0, () => `a person's ${does} was answered ${verdict}; promised before: ${JSON.stringify(known)}, stored: ${JSON.stringify(facts)}`);
      promise(line, left.map(({ reading }) => reading));
    },

    async before(call: Call, now: number): Promise<Before> {
      const seen = nonces.get(call.nonce);
      return { used: seen && seen.until > now ? seen : null, change: await changeNow(call, now) };
    },
    /** The call's transaction stands; it may be long until its answer. */
    committed(call: Call, now: number): void {
      const seen = nonces.get(call.nonce);
      if (seen && seen.until > now) return;
      const id = call.asked.kind === 'create' ? marketplace.lines[call.line]?.instanceId : undefined;
      nonces.set(call.nonce, { hash: call.hash, code: null, id, command: call.asked.kind !== 'query', until: now + NONCE_LIFE });
    },

    /** Checked at the instant: data that are gone do not come back. */
    removed(line: number, now: number): void {
      const facts = factsOf(line);
      const due = (promised.get(line) ?? []).some((reading) => mayClean(reading, facts) || (removalAt(reading) ?? Infinity) <= now);
      ledger.check(3, due, () => `removed at ${new Date(now).toISOString()}, but promised was ${JSON.stringify(promised.get(line))}`);
    },

    /** A call was served, alone: nothing else happened meanwhile. */
    async arrived(arrival: Arrival): Promise<void> {
      const { call, callId, now, committed, reply, unavailable, before: { used } } = arrival;
      const code = reply?.resultCode ?? null;
      const [record] = await rows<{ kind: string; result_code: string; evidence: string; letters: number }>(
        'select kind, result_code, evidence, (select count(*) from command where call_id = call.id) as letters from call where id = ?',
        callId,
      );
      const letters = record ? record.letters : ((await rows<{ n: number }>('select count(*) as n from command where call_id = ?', callId))[0]?.n ?? 0);
      // The stamp is looked at before the signature (saas.md §4.7).
      const refused = Math.abs(now - call.at) > FRESH ? '000002' : call.forged ? '000001' : null;
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
        judge(arrival, letters, rule);
      }
      if (code !== null && !SUCCESS.includes(code)) failed.add(told(call));
      const mine = nonces.get(call.nonce);
      if (!used && mine) mine.code = record?.result_code ?? null;
      const id = reply?.['instanceId'];
      if (typeof id === 'string' && call.probe === 'no') {
        ledger.check(1, (ids.get(call.line) ?? id) === id, () => `one order line has the ids ${ids.get(call.line)} and ${id}`);
        ids.set(call.line, id);
      }
    },
  };
}

export type Desk = ReturnType<typeof createDesk>;
