import { setTimeout as delay } from 'node:timers/promises';
import type { LifeState } from '../../src/lifecycle/state.ts';
import type { Engine } from '../support/engine.ts';
import type { Ledger } from './ledger.ts';
import { createMarketplace, endOf, type Call, type Line } from './marketplace.ts';
import { firstReading, queryCode, readings, RULES, unique, wanted, type Facts, type Reading } from './model.ts';
import type { Schedule, Step } from './schedule.ts';

export interface Lane {
  play(): Promise<void>;
  /** Once all is carried out. */
  check(world: (instanceId: string) => 'open' | 'suspended' | 'absent'): Promise<void>;
  readonly instanceIds: readonly string[];
}

export interface LaneDeps {
  readonly engine: Engine;
  readonly ledger: Ledger;
  readonly schedule: Schedule;
  readonly name: string;
  readonly lines: readonly Line[];
  readonly probeId: (orderLineKey: string) => string;
  readonly estimate: number;
  /** Ends and starts a process of the seller, for all lanes alike. */
  restart(what: 'api' | 'worker'): Promise<void>;
}

/** No pause is longer here than this, ms: the clock is the real one. */
const LONGEST_PAUSE = 150;
const FRESH: Facts = { tenant: 'none', refusal: null, released: false, ordered: true, lapsed: false };

/**
 * One schedule, over HTTP against a real server: its calls, repeats and probes, and the restarts of API and worker. What needs a simulated
 * clock (outages of days, expiry, grace) or a network of our own (late stamps, lost rings) stays with the simulation. Where the simulation
 * knows what was stored at the instant of a call, here it is read before and after it, and either may have been what the door saw.
 */
export function createLane({ engine, ledger, schedule, name, lines, probeId, estimate, restart }: LaneDeps): Lane {
  const start = Date.now();
  const key = engine.config.keys.base[0];
  const marketplace = createMarketplace({ instanceId: (line) => line, probeId }, { key, lines, start, name });
  const promised = new Map<number, Reading[]>(lines.map((_, line) => [line, [{ ...firstReading(start), ordered: true, end: estimate }, firstReading(start)]]));
  const sent: Call[] = [];
  /** What was sent first under a nonce, and what was put on record as its answer. */
  const nonces = new Map<string, { readonly hash: string; readonly code: string }>();

  const rows = <T extends object>(sql: string, ...values: readonly string[]): Promise<T[]> => engine.store.em().getConnection().execute<T[]>(sql, [...values]);
  const factsOf = async (line: number): Promise<Facts> => {
    const [row] = await rows<{ state: string }>('select state from instance where id = ?', lines[line]?.instanceId ?? '');
    if (!row) return FRESH;
    const { actual, desired } = JSON.parse(row.state) as LifeState;
    return { tenant: actual.tenant, refusal: actual.refusal, released: desired.released !== null, ordered: true, lapsed: false };
  };

  const post = async ({ raw, body }: Call): Promise<Record<string, unknown> | null> => {
    try {
      const answer = await fetch(`http://127.0.0.1:${engine.api.port}/koogallery/saas?${new URLSearchParams(raw.query).toString()}`, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
      return (await answer.json()) as Record<string, unknown>;
    } catch {
      return null;
    }
  };

  const deliver = async (call: Call): Promise<void> => {
    const before = await factsOf(call.line);
    const other = await factsOf(1 - call.line);
    const earlier = nonces.get(call.nonce);
    const answer = await post(call);
    const after = await factsOf(call.line);
    const code = answer === null ? null : String(answer['resultCode']);
    if (call.forged || (earlier && earlier.hash !== call.hash)) {
      if (code !== null) ledger.check(5, code === '000001', () => `${name}: answered ${code} to ${call.forged ? 'a forged call' : 'other bytes under a used nonce'}`);
      return;
    }
    const [record] = await rows<{ kind: string; result_code: string; evidence: string; seq: number | null }>('select kind, result_code, evidence, seq from call where nonce = ? order by received_at desc', call.nonce);
    if (code !== null && code !== '000005') ledger.check(8, record?.evidence.includes(JSON.stringify(call.raw.query['signature'])) === true, () => `${name}: answered ${code} without its record`);
    if (!record || code === '000005') return;
    if (!earlier) nonces.set(call.nonce, { hash: call.hash, code: record.result_code });
    if (call.probe !== 'no') {
      ledger.check(10, (code === null || code === '000000') && record.kind === 'test' && record.seq === null, () => `${name}: a probe was answered ${code}, recorded as ${record.kind}`);
      return;
    }
    if (earlier && call.asked.kind !== 'query' && ['000000', '000004'].includes(earlier.code)) {
      if (code !== null) ledger.check(5, code === earlier.code, () => `${name}: the same bytes were answered ${code} after ${earlier.code}`);
      return;
    }
    judge(call, code, [before, after], other);
    if (answer?.['instanceId'] !== undefined) ledger.check(1, answer['instanceId'] === lines[call.line]?.instanceId, () => `${name}: the id changed to ${String(answer['instanceId'])}`);
  };

  const judge = ({ asked, line, key: order, at }: Call, code: string | null, seen: readonly Facts[], other: Facts): void => {
    const known = promised.get(line) ?? [];
    if (asked.kind === 'change') return;
    if (asked.kind === 'query') {
      // Its other line may move at any moment; what it says alone is compared.
      if (asked.both || code === null) return;
      ledger.check(8, seen.some((facts) => queryCode([facts]) === code), () => `${name}: a query was answered ${code}: ${JSON.stringify([...seen, other])}`);
      return;
    }
    const end = 'days' in asked ? endOf(asked.days, start) : null;
    // Between two readings of the row it may have been built and refused: at most the tenant is in doubt.
    const possible = seen.flatMap((facts) => readings(known, facts, estimate, Date.now()).flatMap((reading) => RULES[asked.kind](reading, { asked, key: order, at, now: at, end }, facts)));
    const left = possible.filter((one) => code === null || one.code === code);
    ledger.check(8, left.length > 0, () => `${name}: ${asked.kind} was answered ${code}; promised before: ${JSON.stringify(known)}, stored ${JSON.stringify(seen)}`);
    const next = left.map(({ reading }) => reading);
    promised.set(line, unique(code === null ? [...next, ...known] : next));
  };

  const take = async (step: Step): Promise<void> => {
    const now = Date.now();
    const send = async (call: Call, times = 1): Promise<void> => {
      sent.push(call);
      for (let time = 0; time < times; time += 1) await deliver(call);
    };
    switch (step.do) {
      case 'call': {
        // What a change's order holds, the server here cannot be told.
        if (step.asked.kind === 'change' || step.asked.kind === 'renewChange') break;
        const call = marketplace.call(step.line, step.asked, step.probe, now);
        await send(call);
        if (step.lost) await send(marketplace.anew(call, Date.now()));
        break;
      }
      case 'repeat': {
        const call = sent.at(-1 - step.of);
        if (!call) break;
        await send({ 'same bytes': () => call, 'same bytes twice at once': () => call, 'new nonce': () => marketplace.anew(call, now), 'other bytes': () => marketplace.altered(call, now), forged: () => marketplace.forged(call, now) }[step.how](), step.how === 'same bytes twice at once' ? 2 : 1);
        break;
      }
      case 'kill api':
        await restart('api');
        break;
      case 'kill worker':
        await restart('worker');
        break;
      case 'down':
      case 'person':
      case 'tell':
      case 'lose answers':
        break;
    }
  };

  return {
    instanceIds: lines.map(({ instanceId }) => instanceId),
    async play() {
      for (const step of schedule.steps) {
        await delay(Math.min(step.after, LONGEST_PAUSE));
        await take(step);
      }
    },
    async check(world) {
      for (const [line, { instanceId }] of lines.entries()) {
        const facts = await factsOf(line);
        const known = readings(promised.get(line) ?? [], facts, estimate, Date.now(), true);
        const is = world(instanceId);
        const wants = [...new Set(known.map((reading) => wanted(reading, facts, Date.now())))];
        ledger.check(is === 'open' || is === 'absent' ? 3 : 8, wants.includes(is), () => `${name}: the tenant is ${is}, promised was ${JSON.stringify(promised.get(line))}, stored ${JSON.stringify(facts)}`);
        const [row] = await rows<{ phase: string; taken: number; last_seq: number; n: number }>('select phase, taken, last_seq, (select count(*) from command where instance_id = instance.id) as n from instance where id = ?', instanceId);
        ledger.check(2, row !== undefined && row.phase !== 'creating', () => `${name}: still creating`);
        ledger.check(8, row !== undefined && row.taken === row.last_seq && row.n === row.last_seq, () => `${name}: ${JSON.stringify(row)}`);
      }
    },
  };
}
