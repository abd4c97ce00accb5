import { jsonObject, textMember, type Call } from '../simulator/call.ts';
import type { PlatformRule } from '../simulator/platform/rules.ts';
import type { PlatformEvent } from '../simulator/platform/standing.ts';
import type { EngineAct } from './history.ts';
import type { Look } from './look.ts';
import type { ClockAct } from './own-clock.ts';
import type { Who } from './steps.ts';

export const DAY = 24 * 60 * 60_000;

/** What is to be seen of the instance once everything that happened at one instant is done. */
export type After = Pick<Look, 'phase' | 'frozenFor' | 'needsPerson' | 'tenant' | 'paidUntil'>;

/** One line of the timeline. Instants are UTC ms. */
export interface Line {
  readonly at: number;
  /** Since the purchase. */
  readonly day: number;
  readonly who: Who;
  readonly what: string;
  /** Result code of a call, or how an effect ended; '' where there is neither. */
  readonly result: string;
  readonly note: string;
  /** Of the engine's own clock: when it was due, and how much later it acted, ms. */
  readonly due: number | null;
  readonly lateMs: number | null;
  /** On the last line of an instant; null on the others, and where nothing is promised yet. */
  readonly after: After | null;
  readonly ok: boolean;
}

export interface Happened {
  readonly boughtAt: number;
  /** Who began it. */
  readonly who: Who;
  readonly step: { readonly index: number; readonly note: string | null; readonly failed: string | null } | null;
  readonly stepName?: string;
  readonly calls: readonly Call[];
  readonly events: readonly PlatformEvent[];
  readonly acts: readonly EngineAct[];
  readonly own: readonly ClockAct[];
  readonly before: Look | null;
  readonly now: Look;
}

/** What the calls say by themselves. */
const SEEN_IN_CALLS: readonly PlatformRule[] = ['freeze', 'release', 'unfreeze', 'case-saved'];

type Draft = Omit<Line, 'day' | 'after'>;

const PLAIN = { result: '', note: '', due: null, lateMs: null, ok: true } as const;

/** The lines of what happened between two looks, in the order in which it happened; empty when nothing did. */
export function linesOf({ boughtAt, who, step, stepName = '', calls, events, acts, own, before, now }: Happened): Line[] {
  const drafts: Draft[] = [
    ...(step !== null && (step.note !== null || step.failed !== null) ? [{ ...PLAIN, at: now.at, who, what: stepName, result: step.failed === null ? '' : 'cannot be done', note: step.failed ?? step.note ?? '', ok: step.failed === null }] : []),
    ...calls.map((call) => lineOfCall(call, who, events)),
    ...events.filter(({ rule }) => !SEEN_IN_CALLS.includes(rule)).map(({ at, rule, text }): Draft => ({ ...PLAIN, at, who: 'platform', what: rule, note: text })),
    ...own.map(({ clock, due, at }): Draft => ({ ...PLAIN, at, who: 'engine', what: clock, result: 'own clock', due, lateMs: due === null ? null : at - due })),
    ...together(acts),
  ];
  const ordered = drafts.map((draft, index) => ({ draft, index })).toSorted((a, b) => rank(a.draft) - rank(b.draft) || a.draft.at - b.draft.at || a.index - b.index);
  const after: After | null = now.phase === null ? null : { phase: now.phase, frozenFor: now.frozenFor, needsPerson: now.needsPerson, tenant: now.tenant, paidUntil: now.paidUntil };
  const changed = before === null || JSON.stringify(told(before)) !== JSON.stringify(told(now));
  const lines = ordered.map(({ draft }, index): Line => ({ ...draft, day: (draft.at - boughtAt) / DAY, after: index === ordered.length - 1 ? after : null }));
  return lines.length > 0 || !changed || before === null ? lines : [{ ...PLAIN, at: now.at, day: (now.at - boughtAt) / DAY, who: 'engine', what: 'state', after }];
}

/** A scenario's own line comes first, and what a call brings about after it: their clocks differ by milliseconds. */
function rank({ who }: Draft): number {
  return who === 'scenario' || who === 'person' ? 0 : who === 'engine' ? 2 : 1;
}

function told({ phase, frozenFor, needsPerson, tenant }: Look): unknown {
  return [phase, frozenFor, needsPerson, tenant];
}

function lineOfCall(call: Call, who: Who, events: readonly PlatformEvent[]): Draft {
  const { at, verb, kind, body, resultCode, failure, verdict, trouble } = call;
  const members = jsonObject(body);
  const word = textMember(members, 'scene') ?? textMember(members, 'status');
  const ends = textMember(members, 'expireTime');
  const cause = events.find(({ rule }) => (rule === 'freeze' && word === 'FREEZE') || (rule === 'unfreeze' && word === 'UNFREEZE') || (rule === 'release' && verb === 'releaseInstance'));
  const notes = [
    ...(cause === undefined ? [] : [cause.text]),
    ...(ends === null ? [] : [`to ${ends.slice(0, 4)}-${ends.slice(4, 6)}-${ends.slice(6, 8)}`]),
    ...(verdict.ok || failure !== null ? [] : [verdict.reason]),
    ...(trouble === null ? [] : [`[${trouble}]`]),
  ];
  // What follows by itself from what somebody did is the platform's.
  const by = cause === undefined ? (kind === 'test' && who !== 'market' ? 'platform' : who) : 'platform';
  return { ...PLAIN, at, who: by === 'engine' || by === 'scenario' ? 'platform' : by, what: `${word ?? verb}${kind === 'test' ? ' (test)' : ''}`, result: resultCode ?? failure ?? 'no answer', note: notes.join(', '), ok: verdict.ok };
}

/** An effect that fails round after round takes one line. */
function together(acts: readonly EngineAct[]): Draft[] {
  const lines: Draft[] = [];
  let rounds = 0;
  for (const [index, { activity, notice, begunAt, end, message, attempts }] of acts.entries()) {
    const what = notice === null ? activity : `notify ${notice}`;
    const following = acts[index + 1];
    rounds += 1;
    if (end === 'failed' && following?.activity === activity && following.end === 'failed') continue;
    const note = end === 'failed' ? `${message}${rounds > 1 ? ` (${rounds} rounds)` : ''}` : attempts > 1 ? `at attempt ${attempts}` : '';
    lines.push({ ...PLAIN, at: begunAt, who: 'engine', what, result: end ?? 'under way', note, ok: end !== 'failed' });
    rounds = 0;
  }
  return lines;
}
