import { randomBytes, randomInt } from 'node:crypto';
import { parseDuration } from '../../config/duration.ts';
import { languageOf } from '../../config/language.ts';
import { loadConfig } from '../../config/load.ts';
import { didYouMean } from '../../config/nearest.ts';
import { awaitSeller } from '../../conformance/await-seller.ts';
import { readBaseline } from '../../conformance/baseline.ts';
import { KIT_NAMES, KITS, type Kit } from '../../conformance/kits.ts';
import type { Item, Report } from '../../conformance/report.ts';
import { runChecks, type RunOptions } from '../../conformance/run.ts';
import { namesOf, select } from '../../conformance/select.ts';
import { LANGUAGES } from '../../conformance/words.ts';
import { printReport } from '../check-report.ts';
import { headings } from '../check-words.ts';
import { CommandError } from '../command-error.ts';
import { defineCommand, invalid, type Context, type ValueFlag } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { choiceFlag, textFlag } from '../flags.ts';
import type { Output } from '../output.ts';
import { readInput } from '../read-input.ts';

const LONGEST_SEED = 1_000_000;

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
    seed: seedFlag(),
    all: { summary: 'a line for passed and skipped checks too' },
  },
  examples: ['kookeeper check https://isv.example.cn/koogallery/saas', 'kookeeper check http://localhost:8080/koogallery/saas --only auth,query.hundred-ids --output json'],
  run: async (context, { kit: named, only, skip, timeout, wait, failOn, baseline, lang, seed: given, all }, [url = '']) => {
    const { output, env } = context;
    const kit = named ?? 'saas-v2';
    const language = lang ?? languageOf(env);
    const seed = given ?? randomInt(LONGEST_SEED);
    requireAddress(url);
    const wanted = wantedOf(kit, only, skip);
    const expected = baseline === null ? new Map() : await baselineOf(baseline, kit);
    const { key, from } = await keyOf(context);
    const interrupt = new AbortController();
    const stop = (): void => interrupt.abort();
    process.once('SIGINT', stop).once('SIGTERM', stop);
    try {
      const word = headings(language);
      if (output.format === 'text') output.line(`kit ${kit} · key: ${from} · seed ${seed} · ${word('probesOnly')}\n`);
      if (wait > 0 && !(await awaitSeller(url, wait, globalThis.fetch, interrupt.signal)) && !interrupt.signal.aborted) {
        throw new CommandError('UNREACHABLE', `${url} did not answer within the time of --wait`, EXIT.incomplete);
      }
      const report = await runChecks({ kit, url, key, now: Date.now, random: randomBytes, seed, timeLimit: timeout, fetch: globalThis.fetch, closing: interrupt.signal, live: false, wanted, baseline: expected, progress: progressTo(output) });
      printReport(output, report, { language, all });
      return exitCodeOf(report, failOn === 'warning');
    } finally {
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

function seedFlag(): ValueFlag<number | null> {
  return {
    value: 'n',
    summary: 'names the orders and instances of the calls: the same number, the same bodies',
    fallback: null,
    fallbackText: 'random',
    parse: (text) => {
      if (!/^[0-9]{1,9}$/.test(text)) throw invalid('give a whole number of at most nine digits');
      return Number(text);
    },
  };
}
