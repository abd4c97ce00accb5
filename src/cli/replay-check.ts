import { randomBytes } from 'node:crypto';
import { languageOf } from '../config/language.ts';
import { loadConfig } from '../config/load.ts';
import { didYouMean } from '../config/nearest.ts';
import type { Check } from '../conformance/check.ts';
import type { KeptFailure } from '../conformance/failure.ts';
import { KITS } from '../conformance/kits.ts';
import { inLanguage } from '../conformance/phrases.ts';
import type { Item, Report } from '../conformance/report.ts';
import { runChecks } from '../conformance/run.ts';
import { HAND_KITS } from '../simulator/by-hand/kits.ts';
import { keysFor } from './call-by-hand.ts';
import { CommandError } from './command-error.ts';
import type { Context } from './command.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { keptFailureOf, keptIds } from './kept-failures.ts';
import { liveWith } from './live-market.ts';
import { printRecord } from './output.ts';
import { checksOf, detailsOf, titleOf } from './report/details.ts';
import { headings } from './report/words.ts';
import { pad, visible } from './width.ts';

const OUTCOMES = { fixed: EXIT.ok, failed: EXIT.failed, error: EXIT.incomplete } as const satisfies Readonly<Record<string, ExitCode>>;
type Outcome = keyof typeof OUTCOMES;

/** Asks a person whether what makes instances may be sent. Rejects when not. */
export type Ask = (question: string) => Promise<void>;

/**
 * Makes a check again that `kookeeper check` found something with: the same bodies to the same address, or to `to`, signed afresh, judged by the same
 * check, with what it builds on. A check of `--live` cannot have its order back: it buys a new one.
 */
export async function replayCheck(context: Context, id: string, to: string | null, ask: Ask): Promise<ExitCode> {
  const { env, cwd } = context;
  const { dataFolder, openApi, keys: all } = await loadConfig({ env, cwd, need: 'show' });
  const kept = await keptFailureOf(dataFolder, id);
  if (kept === null) {
    throw new CommandError('NO_SUCH_FINDING', `no finding ${id} is kept in ${dataFolder}${didYouMean(id, await keptIds(dataFolder)) || ': run `kookeeper check` again, with the same KOOKEEPER_DATA'}`, EXIT.badInput);
  }
  const check = checkOf(kept);
  const url = to ?? kept.url;
  const { keys: [key] } = await keysFor(context, HAND_KITS[kept.kit]);
  const secrets = [...Object.values(all).flat(), ...[openApi.ak, openApi.sk].filter((secret) => secret !== null)];
  if (check.needs === 'live') await ask(`${kept.check} needs an instance: a new order is bought at ${url}, and released at the end. Go on?`);
  const interrupt = new AbortController();
  const stop = (): void => interrupt.abort();
  process.once('SIGINT', stop).once('SIGTERM', stop);
  const live = check.needs === 'live' ? await liveWith(context, url, key, kept.live ?? NOT_LIVE) : null;
  try {
    const { kit, seed, at: namedAt, timeLimit } = kept;
    const report = await runChecks({ kit, url, key, secrets, now: Date.now, random: randomBytes, seed, namedAt, timeLimit, fetch: globalThis.fetch, closing: interrupt.signal, live, wanted: (each) => each.id === check.id, baseline: new Map(), progress: () => undefined });
    return print(context, id, kept, report);
  } finally {
    await live?.market.close();
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}

/** Kept of a run whose purchase is not known any more: `liveWith` says what is needed. */
const NOT_LIVE = { sku: null, product: null, ready: 0, openApiPort: 0 } as const;

function checkOf({ kit, check: id }: KeptFailure): Check {
  const checks: readonly Check[] = KITS[kit];
  const check = checks.find((each) => each.id === id);
  if (check === undefined) throw new CommandError('NO_SUCH_CHECK', `this version has no check ${id} any more`, EXIT.badInput);
  return check;
}

function print({ output, env }: Context, id: string, kept: KeptFailure, report: Report): ExitCode {
  const item = checksOf(report).find((each) => each.id === kept.check);
  if (item === undefined) throw new TypeError(`the run left out ${kept.check}`);
  const outcome = outcomeOf(report, item);
  const now = item.finding ?? item.skip;
  if (output.format !== 'text') printRecord(output, { id, check: kept.check, url: report.url, outcome, before: kept.finding, now, left: report.left, item });
  else {
    const language = languageOf(env);
    const word = headings(language);
    output.line(`${output.paint('bold', kept.check)} ${titleOf(kept.kit, item, language)} · ${visible(report.url)}`);
    const details = detailsOf(item, language).filter(([heading]) => heading !== 'again' && (outcome === 'failed' || heading === 'sent' || heading === 'got'));
    for (const [heading, text] of details) output.line(`  ${pad(word(heading), 6)} ${visible(text)}`);
    if (report.left.length > 0) output.line(output.paint('red', `${word('left')}: ${report.left.map(visible).join(', ')}`));
    const told = now === null ? '' : `: ${visible(inLanguage(now, language))}`;
    output.line(`${output.paint(outcome === 'fixed' ? 'green' : 'red', outcome.toUpperCase())}${told}`);
  }
  return OUTCOMES[outcome];
}

/** A check that was not made, because the address is gone, something it builds on fails now, or a person stopped it, says neither. */
function outcomeOf({ status }: Report, { finding, skip, got }: Item): Outcome {
  if (status === 'unreachable' || status === 'interrupted' || skip !== null) return 'error';
  if (finding === null) return 'fixed';
  return got !== null && got.status === null && got.failure !== 'timed out' ? 'error' : 'failed';
}
