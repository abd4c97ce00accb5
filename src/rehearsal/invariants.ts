import { Call as CallRecord, Instance } from '../store/entities.ts';
import { listCommands } from '../store/mailbox.ts';
import type { Call } from '../simulator/call.ts';
import type { Look } from './look.ts';
import { overdue, type ClockAct } from './own-clock.ts';
import type { Stage } from './stage.ts';

/** One rule of the architecture's section 7, judged by what this run has shown. */
export interface Invariant {
  readonly id: number;
  readonly rule: string;
  /** `not-applicable`: nothing happened that could have broken it. */
  readonly verdict: 'held' | 'broken' | 'not-applicable';
  /** How many times it was looked at. */
  readonly checked: number;
  /** What broke it, or why it does not apply. */
  readonly notes: readonly string[];
}

export interface Watch {
  /** After everything that happened at one instant is done. */
  saw(look: Look): void;
  acted(act: ClockAct): void;
  /** The worker or the run was changed. */
  interrupted(): void;
  /** At the end. */
  judge(last: Look): Promise<readonly Invariant[]>;
}

/** The server's own timers may fire so much late, ms; an act that is due within it is not overdue. */
const SLACK = 5_000;

const RULES = {
  1: 'at most one live instance per order line',
  2: 'an accepted create ends ready, failed with a reason, or waiting for a person',
  3: 'never removed while paid for, never usable while frozen',
  4: 'removed exactly once at the provisioner',
  5: 'the same call twice is answered the same',
  6: 'a failure outlives no retry that could succeed',
  7: 'every metered minute is pushed exactly once',
  8: 'every accepted call is on record with its signature; every promise is kept or waits for a person',
  9: 'timers fire at their original instant',
  10: 'probes and live data never meet',
} as const;
type Id = keyof typeof RULES;

interface Finding {
  checked: number;
  readonly broken: string[];
  readonly why: string;
}

/** Watches a run as it happens. */
export function watchInvariants(stage: Stage): Watch {
  const found = new Map<Id, Finding>();
  const checks = (id: Id, why: string): Finding => {
    const finding = found.get(id) ?? { checked: 0, broken: [], why };
    found.set(id, finding);
    return finding;
  };
  const check = (id: Id, holds: boolean, otherwise: string): void => {
    const finding = checks(id, '');
    finding.checked += 1;
    if (!holds && !finding.broken.includes(otherwise)) finding.broken.push(otherwise);
  };
  let interruptions = 0;
  let clockActs = 0;

  return {
    saw(seen) {
      const { phase, tenant, at } = seen;
      if (phase === 'frozen' || phase === 'released') check(3, tenant !== 'open', `the tenant is open although the instance is ${phase}, ${day(stage, at)}`);
      if (phase === 'active') check(3, tenant === 'open', `the tenant is ${tenant} although the instance is active, ${day(stage, at)}`);
      for (const name of overdue(seen, SLACK)) check(9, false, `${name} has passed, and nothing happened, ${day(stage, at)}`);
    },
    acted({ clock, due, at }) {
      // What was due the moment it came up has no earlier instant to keep.
      if (due === null) return;
      clockActs += 1;
      check(9, at >= due, `${clock} came ${due - at} ms early, ${day(stage, at)}`);
    },
    interrupted: () => void (interruptions += 1),
    async judge(last) {
      const rows = await stage.store.em().find(Instance, {});
      const { deeds } = stage.tenants;
      check(1, rows.length <= 1, `${rows.length} instances for one order line`);
      const built = deeds.filter(({ verb, found: before }) => verb === 'create' && before === 'absent').length;
      check(1, built <= 1, `the tenant was built ${built} times`);

      const [row] = rows;
      const commands = row === undefined ? [] : await listCommands(stage.store.em(), row.id);
      for (const { instruction, outcome } of commands.filter((command) => command.instruction.kind === 'create')) {
        check(2, outcome !== null || last.needsPerson.length > 0, `${instruction.kind} has no outcome, and no person is told`);
      }
      for (const { at, verb } of deeds.filter((deed) => deed.verb === 'remove' && deed.found !== 'absent')) {
        const released = last.state?.desired.released ?? null;
        const releasedAt = released?.at ?? null;
        const over = released?.by === 'person' || last.standing === 'released' || (last.paidUntil !== null && last.paidUntil <= at);
        check(3, releasedAt !== null && releasedAt <= at && over, `${verb} ${day(stage, at)}, and the marketplace has it as ${last.standing}`);
      }
      const removals = deeds.filter(({ verb, found: before }) => verb === 'remove' && before !== 'absent').length;
      if (last.state?.actual.tenant === 'removed' && built > 0) check(4, removals === 1 && last.tenant === 'absent', `removed ${removals} times; the tenant is ${last.tenant}`);
      else if (built > 0) check(4, removals === 0 && last.tenant !== 'absent', `the data are gone, and nobody had them removed`);

      for (const [first, copy] of copies(stage.calls)) check(5, first.resultCode === copy.resultCode, `${first.verb} was answered ${first.resultCode}, its copy ${copy.resultCode}`);
      for (const [failed, retried] of retries(stage.calls)) {
        if (retried.verdict.ok) check(6, true, '');
        else checks(6, `${failed.verb} was refused to its last repeat (${retried.resultCode ?? retried.failure}): whether it could have succeeded is not known`);
      }
      await judgeRecords(stage, check);
      for (const { seq, instruction, outcome } of commands) {
        const open = outcome === null && last.needsPerson.length === 0 && last.state?.trouble === null;
        check(8, !open, `command ${seq}, ${instruction.kind}, has no outcome, and no person is told`);
      }
      const probes = stage.calls.filter(({ kind }) => kind === 'test');
      if (probes.length > 0) check(10, (await stage.store.em().count(CallRecord, { kind: 'test', seq: { $ne: null } })) === 0 && rows.length <= 1, 'a probe has left a command or an instance');

      const why: Readonly<Partial<Record<Id, string>>> = {
        4: 'nothing was built',
        2: 'no create was accepted',
        3: 'nothing was built',
        5: 'no call came twice: give the scenario trouble such as duplicate',
        6: 'nothing was refused and then repeated',
        7: 'kookeeper does not meter yet',
        9: 'the own clock had nothing to do',
        10: 'nobody probed: give the scenario a probe step',
      };
      return (Object.keys(RULES).map(Number) as Id[]).map((id) => {
        const finding = found.get(id);
        const { checked, broken } = finding ?? { checked: 0, broken: [] };
        const verdict = broken.length > 0 ? 'broken' : checked > 0 ? 'held' : 'not-applicable';
        const reason = finding?.why || why[id] || '';
        const notes = verdict === 'broken' ? broken : verdict === 'not-applicable' ? [reason] : id === 9 ? [`${clockActs} of the own clock${interruptions > 0 ? `, over ${interruptions} new workers or runs` : ''}`] : [];
        return { id, rule: RULES[id], verdict, checked, notes };
      });
    },
  };
}

/** Every call that was accepted has its record, with the signature it came with. */
async function judgeRecords({ store, calls }: Stage, check: (id: Id, holds: boolean, otherwise: string) => void): Promise<void> {
  for (const { resultCode, query, verb, kind } of calls) {
    if (kind === 'test' || (resultCode !== '000000' && resultCode !== '000004')) continue;
    const record = await store.em().findOne(CallRecord, { nonce: query['nonce'] ?? '' });
    // Questions leave no promise, and no record.
    if (record === null && verb === 'queryInstance') continue;
    check(8, record?.evidence.signature.toUpperCase() === query['signature']?.toUpperCase(), `${verb} was answered ${resultCode} without a record of its signature`);
  }
}

/** A call and the same bytes again. A `ready` after a `not yet` is no other answer: only what was promised is given again. */
function copies(calls: readonly Call[]): (readonly [Call, Call])[] {
  return calls.flatMap((copy, index) => {
    const first = calls.slice(0, index).find(({ query, body }) => query['nonce'] === copy.query['nonce'] && body === copy.body);
    return first !== undefined && first.verb !== 'queryInstance' && (first.resultCode === '000000' || first.resultCode === '000004') && copy.resultCode !== null ? [[first, copy] as const] : [];
  });
}

/** A call that was refused, and the last of its repeats. */
function retries(calls: readonly Call[]): (readonly [Call, Call])[] {
  const told = (call: Call): string => `${call.verb} ${call.orderId ?? ''} ${call.instanceId ?? ''} ${/"status":"([A-Z]+)"/.exec(call.body)?.[1] ?? ''}`;
  const failed = calls.filter(({ verdict, kind, verb }, index) => !verdict.ok && kind === 'live' && verb !== 'queryInstance' && calls.findIndex((call) => told(call) === told(calls[index]!)) === index);
  return failed.flatMap((first) => {
    const last = calls.findLast((call) => told(call) === told(first));
    return last !== undefined && last !== first ? [[first, last] as const] : [];
  });
}

function day(stage: Stage, at: number): string {
  return `day ${((at - stage.order().createdAt) / 86_400_000).toFixed(1)}`;
}
