import { isActivity } from '../marketplace/saas-v2/verbs.ts';
import type { Call } from '../simulator/call.ts';
import { groupOf, type Check, type Outcome } from './check.ts';
import { VALID } from './checks/auth.ts';
import { createContext, type Target } from './context.ts';
import { debugging } from './debugging.ts';
import { failureId } from './failure.ts';
import { findMistakes } from './find-mistake.ts';
import { KITS, type Kit } from './kits.ts';
import { maskOf, withoutAccessData } from './mask.ts';
import type { Counts, Item, Report, Skip, Status } from './report.ts';
import { RULES } from './rules.ts';

/** An expected failure: why it is one, and until when, UTC ms. */
export interface Expected {
  readonly reason: string;
  readonly until: number;
}

export interface RunOptions extends Target {
  readonly kit: Kit;
  /** Besides the access key: what the seller may echo and no report may show. */
  readonly secrets: readonly string[];
  /** Whether a check is asked for. What it builds on is made too. */
  readonly wanted: (check: Check) => boolean;
  readonly baseline: ReadonlyMap<string, Expected>;
  /** Told of every check as it ends. */
  readonly progress: (item: Item, done: number, total: number) => void;
}

const SHOWN = 1_000;

/** Makes the checks one after another and reports. Never rejects for what the seller does. Ends early when `closing` is aborted. */
export async function runChecks(options: RunOptions): Promise<Report> {
  const { kit, wanted, baseline, closing, now, progress } = options;
  const contextOf = createContext(options);
  const context = contextOf('');
  const mask = maskOf([options.key, ...options.secrets]);
  const checks: readonly Check[] = KITS[kit];
  const needed = withGrounds(checks, wanted);
  const began = now();
  const items = new Map<string, Item>();
  let left: readonly string[] = [];
  try {
    for (const check of checks) {
      const skip = skipOf(check, needed, options, items);
      const outcome = skip === null ? await check.run(contextOf(check.id)).catch(unlessAborted(closing)) : null;
      // What the abort itself has broken off says nothing about the seller.
      const item = outcome === null || closing.aborted ? skipped(check, skip ?? 'interrupted') : made(check, outcome, options, began, mask);
      items.set(check.id, item);
      progress(item, items.size, checks.length);
    }
  } finally {
    // Also after an interruption: the market sends for itself, and nobody else knows what was made.
    left = (await context.life?.cleanUp()) ?? [];
  }
  const all = checks.flatMap((check) => items.get(check.id) ?? []);
  const counts = countOf(all);
  const status = statusOf(options, items);
  const tried = (activity: string): boolean => isActivity(activity) && items.get(`probe.${activity}`)?.skip === null;
  return {
    kit,
    url: options.url,
    seed: options.seed,
    at: began,
    live: options.live !== null,
    left: left.map(mask),
    status,
    verdict: status !== 'finished' ? null : counts.failed > 0 ? 'failed' : 'passed',
    ms: Math.max(0, Math.round(now() - began)),
    counts,
    mistakes: status === 'finished' && items.get(VALID.id)?.status !== 'passed' ? await findMistakes(context) : [],
    recovered: [...baseline.keys()].filter((id) => items.get(id)?.status === 'passed'),
    overdue: [...baseline].filter(([, { until }]) => until < began).map(([id]) => id),
    debugging: await debugging(context, tried),
    items: grouped(checks, all),
  };
}

/** An interruption ends what a check waits for; anything else that it throws is a fault of ours. */
const unlessAborted = (closing: AbortSignal) => (error: unknown): null => {
  if (closing.aborted) return null;
  throw error;
};

/** The checks asked for, those that they build on, and the gate: without it nothing says anything. */
function withGrounds(checks: readonly Check[], wanted: RunOptions['wanted']): ReadonlySet<string> {
  const needed = new Set([VALID.id]);
  for (const check of checks.toReversed()) {
    if (wanted(check) || needed.has(check.id)) for (const id of [check.id, ...(check.after ?? [])]) needed.add(id);
  }
  return needed;
}

function statusOf({ kit, wanted, closing }: RunOptions, items: ReadonlyMap<string, Item>): Report['status'] {
  if (closing.aborted) return 'interrupted';
  const gate = items.get(VALID.id);
  if (gate?.got?.status === null) return 'unreachable';
  const checks: readonly Check[] = KITS[kit];
  const looked = checks.some((check) => wanted(check) && items.get(check.id)?.skip === null);
  return looked || gate?.status !== 'passed' ? 'finished' : 'nothing checked';
}

function skipOf(check: Check, needed: ReadonlySet<string>, { live, closing }: RunOptions, before: ReadonlyMap<string, Item>): Skip | null {
  if (closing.aborted) return 'interrupted';
  if (!needed.has(check.id)) return 'filtered';
  if (check.needs === 'live' && live === null) return 'needs --live';
  if (check === VALID) return null;
  const blocking = [VALID.id, ...(check.after ?? [])].find((id) => before.get(id)?.status !== 'passed');
  return blocking === undefined ? null : `blocked by ${blocking}`;
}

function made(check: Check, { finding, call, rule = check.rule }: Outcome, { kit, url, baseline }: RunOptions, now: number, mask: (text: string) => string): Item {
  const expected = baseline.get(check.id);
  const failing: Status = expected !== undefined && expected.until >= now ? 'expected' : check.severity === 'must' ? 'failed' : 'warning';
  if (finding === null) return { ...blank(check), ...shown(call, mask), status: 'passed', finding };
  return { ...blank(check, rule), ...shown(call, mask), status: failing, finding: mask(finding).slice(0, SHOWN), replay: failureId(kit, url, check.id) };
}

function skipped(check: Check, skip: Skip): Item {
  return { ...blank(check), status: 'skipped', finding: null, skip };
}

function blank({ id, title, severity, want, rule: own }: Check, rule = own): Omit<Item, 'status' | 'finding'> {
  const { rule: says, mend, page, mark } = RULES[rule];
  return { id, name: title.en, severity, rule: says.en, source: { page, mark }, sent: null, got: null, want, mend: mend.en, skip: null, replay: null, items: [] };
}

/** The one place where a call enters the report, so the one place where it is masked. */
function shown(call: Call | null, mask: (text: string) => string): Pick<Item, 'sent' | 'got'> {
  if (call === null) return { sent: null, got: null };
  const { verb, query, body, status, contentType, text, failure, ms } = call;
  return {
    sent: { verb, query, body: mask(body).slice(0, SHOWN) },
    got: { status, contentType: contentType === null ? null : mask(contentType), text: mask(withoutAccessData(text)).slice(0, SHOWN), failure, ms },
  };
}

function countOf(items: readonly Item[]): Counts {
  const of = (wanted: Status): number => items.filter(({ status }) => status === wanted).length;
  return { passed: of('passed'), failed: of('failed'), warning: of('warning'), expected: of('expected'), skipped: of('skipped'), total: items.length };
}

function grouped(checks: readonly Check[], items: readonly Item[]): readonly Item[] {
  const names = [...new Set(checks.map(groupOf))];
  return names.map((name) => {
    const own = items.filter((item) => groupOf(item) === name);
    const worst = (['failed', 'warning', 'expected', 'passed'] as const).find((status) => own.some((item) => item.status === status));
    return { id: name, name, status: worst ?? 'skipped', severity: null, rule: null, source: null, sent: null, got: null, want: null, mend: null, finding: null, skip: null, replay: null, items: own };
  });
}
