import { randomBytes, randomInt } from 'node:crypto';
import { parseDuration } from '../../config/duration.ts';
import { languageOf } from '../../config/language.ts';
import { loadConfig } from '../../config/load.ts';
import { didYouMean } from '../../config/nearest.ts';
import { awaitSeller } from '../../conformance/await-seller.ts';
import { readBaseline } from '../../conformance/baseline.ts';
import { KIT_NAMES, KITS, type Kit } from '../../conformance/kits.ts';
import type { Item, Report } from '../../conformance/report.ts';
import type { LiveOptions } from '../../conformance/life.ts';
import { runChecks, type RunOptions } from '../../conformance/run.ts';
import { namesOf, select } from '../../conformance/select.ts';
import { LANGUAGES } from '../../conformance/words.ts';
import { startMarket } from '../../simulator/market.ts';
import { printReport } from '../check-report.ts';
import { headings } from '../check-words.ts';
import { CommandError } from '../command-error.ts';
import { defineCommand, invalid, type Context, type ValueFlag } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { choiceFlag, textFlag } from '../flags.ts';
import type { Output } from '../output.ts';
import { readInput } from '../read-input.ts';

const LARGEST_SEED = 1_000_000;
/** Pause between two queries for a new instance, ms. The real one's is not published (saas.md §6.4). */
const POLL = 1_000;

export const command = defineCommand({
  arguments: [{ name: '<url>', summary: "the seller's production address, with its path" }],
  flags: {
    kit: choiceFlag('which interface the address serves; default saas-v2', KIT_NAMES),
    only: listFlag('only these checks and groups, and what they build on'),
    skip: listFlag('leave these checks and groups out'),
    timeout: timeFlag('a call is given up after this time', 20_000, '20s'),
    wait: timeFlag('wait until the address answers by HTTP at all, at most this long', 0, '0s'),
    failOn: choiceFlag('what ends with exit code 1; default failure', ['failure', 'warning']),
    baseline: textFlag('file', 'expected failures: JSON of { "<id>": { "reason": "…", "until": "2026-12-31" } }; - for standard input'),
    lang: choiceFlag('language of the report; default by KOOKEEPER_LANG, LC_ALL, LC_MESSAGES, LANG', LANGUAGES),
    live: { summary: 'also what creates instances: buys, renews, freezes and releases with the simulator, whose order query the seller must use' },
    openApiPort: numberFlag('n', "with --live: loopback port of the simulator's open API", 8092, 65_535),
    sku: textFlag('code', 'with --live: skuCode of what is bought'),
    product: textFlag('id', 'with --live: productId of what is bought'),
    ready: timeFlag('with --live: how long an instance may take until its access data come', 300_000, '5m'),
    seed: numberFlag('n', 'names the orders and instances of the probes: the same number, the same bodies', null, 999_999_999),
    all: { summary: 'a line for passed and skipped checks too' },
  },
  examples: ['kookeeper check https://isv.example.cn/koogallery/saas', 'kookeeper check http://localhost:8080/koogallery/saas --only auth,query.hundred-ids --output json'],
  run: async (context, { kit: named, only, skip, timeout, wait, failOn, baseline, lang, seed: given, all, ...how }, [url = '']) => {
    const { output, env } = context;
    const kit = named ?? 'saas-v2';
    const language = lang ?? languageOf(env);
    const seed = given ?? randomInt(LARGEST_SEED);
    requireAddress(url);
    const wanted = wantedOf(kit, only, skip);
    const expected = baseline === null ? new Map() : await baselineOf(baseline, kit);
    const { key, from } = await keyOf(context);
    const interrupt = new AbortController();
    const stop = (): void => interrupt.abort();
    let live: LiveOptions | null = null;
    process.once('SIGINT', stop).once('SIGTERM', stop);
    try {
      const word = headings(language);
      if (output.format === 'text') output.line(`kit ${kit} · key: ${from} · seed ${seed} · ${word(how.live ? 'live' : 'probesOnly')}\n`);
      live = how.live ? await liveWith(context, url, key, how) : null;
      if (wait > 0 && !(await awaitSeller(url, wait, globalThis.fetch, interrupt.signal)) && !interrupt.signal.aborted) {
        throw new CommandError('UNREACHABLE', `${url} did not answer within the time of --wait`, EXIT.incomplete);
      }
      const report = await runChecks({ kit, url, key, now: Date.now, random: randomBytes, seed, timeLimit: timeout, fetch: globalThis.fetch, closing: interrupt.signal, live, wanted, baseline: expected, progress: progressTo(output) });
      printReport(output, report, { language, all });
      return exitCodeOf(report, failOn === 'warning');
    } finally {
      await live?.market.close();
      process.off('SIGINT', stop).off('SIGTERM', stop);
    }
  },
});

/** 3 when nothing can be said, whatever the parts that were made say. */
export function exitCodeOf({ status, counts }: Pick<Report, 'status' | 'counts'>, onWarning: boolean): ExitCode {
  if (status !== 'finished') return EXIT.incomplete;
  return counts.failed > 0 || (onWarning && counts.warning > 0) ? EXIT.failed : EXIT.ok;
}

function requireAddress(url: string): void {
  const address = URL.canParse(url) ? new URL(url) : null;
  if (address !== null && address.username + address.password !== '') throw new CommandError('BAD_ADDRESS', 'the address holds a user name or password: the marketplace sends none', EXIT.badInput);
  if (address?.protocol !== 'http:' && address?.protocol !== 'https:') throw new CommandError('BAD_ADDRESS', `${url} is no address: give the whole one, like https://isv.example.cn/koogallery/saas`, EXIT.badInput);
}

function wantedOf(kit: Kit, only: readonly string[], skip: readonly string[]): RunOptions['wanted'] {
  const { wanted, unknown } = select(KITS[kit], only, skip);
  const [name] = unknown;
  if (name !== undefined) throw new CommandError('NO_SUCH_CHECK', `no check or group ${name}${didYouMean(name, namesOf(KITS[kit]))}`, EXIT.badInput);
  return wanted;
}

async function baselineOf(file: string, kit: Kit): Promise<RunOptions['baseline']> {
  const read = readBaseline(await readInput(file));
  if (typeof read === 'string') throw new CommandError('BAD_BASELINE', `${file} is no baseline: ${read}`, EXIT.badInput);
  const known = KITS[kit].map(({ id }) => id);
  const stranger = [...read.keys()].find((id) => !known.includes(id));
  if (stranger !== undefined) throw new CommandError('BAD_BASELINE', `${file}: no check ${stranger}${didYouMean(stranger, known)}`, EXIT.badInput);
  return read;
}

/** The key comes from the environment or a file named there, never from the command line, which every process of the machine can read. */
async function keyOf({ env, cwd }: Context): Promise<{ readonly key: string; readonly from: string }> {
  const { keys, origin } = await loadConfig({ env, cwd, need: 'show' });
  const [key] = keys.base;
  if (key === undefined) throw new CommandError('NO_KEY', 'set KOOGALLERY_BASE_KEY, the access key of the base interface: without it no call can be signed', EXIT.badInput);
  return { key, from: origin['keys.base'] ?? 'environment' };
}

interface How {
  readonly openApiPort: number;
  readonly sku: string | null;
  readonly product: string | null;
  readonly ready: number;
}

/** The market that plays the buyer. Its order query is what the seller must ask, with the same AK/SK. */
async function liveWith({ env, cwd, output }: Context, sellerUrl: string, base: string, { openApiPort, sku, product, ready }: How): Promise<LiveOptions> {
  const { openApi } = await loadConfig({ env, cwd, need: 'show' });
  if (openApi.ak === null || openApi.sk === null || sku === null || product === null) {
    throw new CommandError('LIVE_NEEDS', '--live needs KOOGALLERY_AK and KOOGALLERY_SK, which the seller signs its order query with, and --sku and --product of something that it sells', EXIT.badInput);
  }
  const market = await startMarket({ sellerUrl, keys: { base }, ak: openApi.ak, sk: openApi.sk, port: openApiPort, now: Date.now, random: randomBytes });
  output.progress(`the order query is served at ${market.openApiUrl}: the seller must use it instead of KooGallery's`);
  return { market, url: sellerUrl, purchase: { skuCode: sku, productId: product, linearValue: 1 }, pace: { every: POLL, limit: ready } };
}

/** On stderr, one line a group as it begins, and every finding as it is made. */
function progressTo({ progress }: Output): RunOptions['progress'] {
  let group = '';
  return ({ id, status, finding }: Item, done, total) => {
    const [name = ''] = id.split('.');
    if (name !== group) progress(`${done}/${total} ${name} …`);
    group = name;
    if (status === 'failed' || status === 'warning') progress(`  ${id}: ${finding}`);
  };
}

function listFlag(summary: string): ValueFlag<readonly string[]> {
  return { value: 'ids', summary: `${summary}; separated by commas`, fallback: [], fallbackText: 'none', parse: (text) => text.split(',').map((id) => id.trim()).filter((id) => id !== '') };
}

function timeFlag(summary: string, fallback: number, fallbackText: string): ValueFlag<number> {
  return {
    value: 'time',
    summary: `${summary}, for example 30s`,
    fallback,
    fallbackText,
    parse: (text) => {
      const time = parseDuration(text);
      if (time === null) throw invalid('give a length of time like 30s or 500ms');
      return time;
    },
  };
}

function numberFlag<F extends number | null>(value: string, summary: string, fallback: F, most: number): ValueFlag<number | F> {
  return {
    value,
    summary,
    fallback,
    ...(fallback === null ? { fallbackText: 'random' } : {}),
    parse: (text) => {
      if (!/^[0-9]{1,9}$/.test(text) || Number(text) > most) throw invalid(`give a whole number of at most ${most}`);
      return Number(text);
    },
  };
}
