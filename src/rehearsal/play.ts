import { MarketError } from '../simulator/errors.ts';
import { unmet, type Expectation } from './expectation.ts';
import { readHistory } from './history.ts';
import { watchInvariants, type Invariant } from './invariants.ts';
import { look, type Look } from './look.ts';
import { followClocks, nextOwn, type ClockAct } from './own-clock.ts';
import type { Bought, Scenario, Step } from './scenario.ts';
import { passTo, settle } from './settle.ts';
import type { Stage } from './stage.ts';
import { StepRefused, stepKind, type Played, type Who } from './steps.ts';
import { DAY, linesOf, type Line } from './timeline.ts';

/** What is not as the scenario says it must be. */
export interface Failure {
  /** `steps[3]`, or `expect` for the end. */
  readonly path: string;
  readonly text: string;
}

export interface Story {
  readonly boughtAt: number;
  readonly endedAt: number;
  readonly lines: readonly Line[];
  readonly clockActs: readonly ClockAct[];
  readonly invariants: readonly Invariant[];
  readonly failures: readonly Failure[];
  readonly last: Look;
}

export interface PlayOptions {
  readonly stage: Stage;
  readonly scenario: Scenario;
  readonly buy: Bought & { readonly skuCode: string; readonly productId: string };
  readonly seed: number;
  readonly tell: (line: Line) => void;
  readonly signal: AbortSignal;
}

/** The scenario goes on and on: something is due again and again at the same instant, or for far too long. */
export class StoryEndless extends Error {
  override readonly name = 'StoryEndless';
  readonly code = 'STORY_ENDLESS';
  constructor() {
    super(`nothing came to an end within ${MOST_STOPS} stops: give the scenario an earlier until, or no probes`);
  }
}

const MOST_STOPS = 3_000;
/** How long the story goes on after its last step while something is still due. */
const AFTERWARDS = 366 * DAY;

/** Buys, then goes from instant to instant at which a step, the platform or the engine's own clock is due, until nothing is left. */
export async function playStory({ stage, scenario, buy, seed, tell, signal }: PlayOptions): Promise<Story> {
  const { clock, market } = stage;
  const platform = market.platform;
  if (platform === null) throw new Error('this market has no platform');
  const watch = watchInvariants(stage);
  const history = readHistory(stage);
  const clocks = followClocks();
  const lines: Line[] = [];
  const acts: ClockAct[] = [];
  const failures: Failure[] = [];
  const told = { calls: 0, events: 0 };

  stage.tenants.breakVerbs(scenario.broken);
  if (scenario.trouble !== null) market.disturb({ seed, chances: scenario.trouble });
  const { order } = await market.buy(buy);
  stage.bought(order);
  const boughtAt = order.createdAt;
  const played: Played = { stage, seed, renewals: [], lastOrder: order.orderId, platformActs: true };
  let before: Look | null = null;

  /** Everything that happened since the last time, by whom it was begun. */
  async function observe(who: Who, step: { readonly index: number; readonly note: string | null; readonly failed: string | null } | null = null): Promise<Look> {
    const now = await look(stage);
    const done = now.state === null || now.state.taken === 0 ? [] : await history.read();
    const own = clocks(before, now, done);
    const fresh = linesOf({ boughtAt, who, step, stepName: step === null ? '' : nameOf(scenario.steps[step.index]), calls: stage.calls.slice(told.calls), events: stage.events.slice(told.events), acts: done, own, before, now });
    told.calls = stage.calls.length;
    told.events = stage.events.length;
    for (const act of own) watch.acted(act);
    acts.push(...own);
    watch.saw(now);
    lines.push(...fresh);
    fresh.forEach(tell);
    before = now;
    return now;
  }

  function expect(path: string, wanted: Expectation | null, now: Look): void {
    if (wanted === null) return;
    const answered = stage.calls.at(-1)?.resultCode ?? null;
    failures.push(...unmet(wanted, now, answered).map((text) => ({ path, text })));
  }

  async function playStep({ do: name, fields, expect: wanted }: Step, index: number): Promise<Look> {
    const { who, run } = stepKind(name);
    const path = `steps[${index}]`;
    let note: string | null = null;
    let failed: string | null = null;
    try {
      note = await run(played, fields);
    } catch (error) {
      if (!(error instanceof MarketError || error instanceof StepRefused)) throw error;
      failed = error.message;
      failures.push({ path, text: `${name} cannot be done: ${error.message}` });
    }
    if (name === 'restart-worker' || name === 'continue-as-new') watch.interrupted();
    await settle(stage);
    const now = await observe(who, { index, note: note ?? (who === 'scenario' || who === 'person' ? '' : null), failed });
    expect(path, wanted, now);
    return now;
  }

  await settle(stage);
  let now = await observe('buyer');
  let since = boughtAt;
  /** Since when the next step's turn has come; null while it waits for a phase. */
  let reached: number | null = null;
  /** Whether it had that phase, and lost it before its instant came. */
  let left = false;
  let next = 0;
  for (let stops = 0; ; stops += 1) {
    signal.throwIfAborted();
    if (stops === MOST_STOPS) throw new StoryEndless();
    const step = scenario.steps[next];
    if (step?.once && now.phase !== step.once) {
      left = reached !== null || left;
      reached = null;
    } else reached ??= Math.max(since, step?.once ? now.at : since);
    const stepAt = step === undefined || reached === null ? null : instantOf(step, { boughtAt, since: reached, paidUntil: now.paidUntil });
    const platformAt = played.platformActs ? await platform.nextDue() : null;
    const end = scenario.until === null ? (stepAt === null ? since + AFTERWARDS : null) : boughtAt + scenario.until;
    const due = [stepAt, platformAt, nextOwn(now)].filter((at): at is number => at !== null);
    const instant = due.length === 0 ? null : Math.min(...due);
    if (instant === null || (end !== null && instant > end)) {
      if (end !== null && scenario.until !== null && end > clock.now()) {
        await passTo(stage, end);
        now = await observe('scenario');
      }
      break;
    }
    await passTo(stage, Math.max(instant, clock.now()));
    now = await observe('engine');
    if (step !== undefined && stepAt !== null && stepAt <= clock.now() && (step.once === null || now.phase === step.once)) {
      since = Math.max(stepAt, since);
      reached = null;
      left = false;
      next += 1;
      now = await playStep(step, next - 1);
    } else if (platformAt !== null && platformAt <= clock.now()) {
      await platform.runDue();
      await settle(stage);
      now = await observe('platform');
    }
  }
  for (const [index, { do: name, once }] of scenario.steps.entries()) {
    const why = index > next ? '' : once !== null && reached === null ? `: the instance was not ${once}${left ? ' for long enough' : ''}` : now.paidUntil === null ? ': what was bought has no end' : '';
    if (index >= next) failures.push({ path: `steps[${index}]`, text: `${name} never came${why}` });
  }
  expect('expect', scenario.expect, now);
  return { boughtAt, endedAt: now.at, lines, clockActs: acts, invariants: await watch.judge(now), failures, last: now };
}

/** A person's step by what the person does. */
function nameOf(step: Step | undefined): string {
  const what = step?.do === 'person' ? step.fields['what'] : step?.do;
  return typeof what === 'string' ? what : '';
}

function instantOf({ when }: Step, { boughtAt, since, paidUntil }: { readonly boughtAt: number; readonly since: number; readonly paidUntil: number | null }): number | null {
  if (when === null) return since;
  if (when.kind === 'at') return boughtAt + when.ms;
  if (when.kind === 'after') return since + when.ms;
  // What has no end never comes near it.
  if (paidUntil === null) return null;
  return when.kind === 'beforeEnd' ? paidUntil - when.ms : paidUntil + when.ms;
}
