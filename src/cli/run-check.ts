import { randomBytes, randomInt } from 'node:crypto';
import { appendFile } from 'node:fs/promises';
import { languageOf } from '../config/language.ts';
import { loadConfig } from '../config/load.ts';
import { didYouMean } from '../config/nearest.ts';
import { awaitSeller } from '../conformance/await-seller.ts';
import { readBaseline } from '../conformance/baseline.ts';
import { KITS, type Kit } from '../conformance/kits.ts';
import type { LiveOptions } from '../conformance/life.ts';
import { inLanguage } from '../conformance/phrases.ts';
import type { Item, Report } from '../conformance/report.ts';
import { runChecks, type RunOptions } from '../conformance/run.ts';
import { namesOf, select } from '../conformance/select.ts';
import type { Language } from '../conformance/words.ts';
import type { checkFlags } from './check-flags.ts';
import { CommandError } from './command-error.ts';
import type { Context, FlagValues } from './command.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { failuresOf, keepFailures, type Made } from './kept-failures.ts';
import { liveWith } from './live-market.ts';
import type { Output } from './output.ts';
import { readInput } from './read-input.ts';
import { reportFolder, writeReports } from './report/files.ts';
import { annotations, stepSummary } from './report/github.ts';
import { printReport } from './report/text.ts';
import { headings } from './report/words.ts';
import { visible } from './width.ts';

const LARGEST_SEED = 1_000_000;

/** `kookeeper check`: makes the checks, keeps what was found for `replay`, and prints and writes the report. Throws CommandError, ConfigError. */
export async function runCheck(context: Context, { kit: named, only, skip, timeout, wait, failOn, baseline, lang, seed: given, all, report: kinds, reportDir, ...how }: FlagValues<typeof checkFlags>, url: string): Promise<ExitCode> {
  const { output, env, cwd } = context;
  const kit = named ?? 'saas-v2';
  const language = lang ?? languageOf(env);
  const seed = given ?? randomInt(LARGEST_SEED);
  requireAddress(url);
  const wanted = wantedOf(kit, only, skip);
  const expected = baseline === null ? new Map() : await baselineOf(baseline, kit);
  const { key, from, secrets, dataFolder } = await keyOf(context);
  const folder = kinds.length === 0 ? null : await reportFolder(cwd, reportDir);
  const interrupt = new AbortController();
  const stop = (): void => interrupt.abort();
  let live: LiveOptions | null = null;
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    const word = headings(language);
    if (output.format === 'text') output.line(`kit ${kit} · key: ${from} · seed ${seed} · ${word(how.live ? 'live' : 'probesOnly')}\n`);
    live = how.live ? await liveWith(context, url, key, how) : null;
    if (wait > 0 && !(await awaitSeller(url, wait, globalThis.fetch, interrupt.signal)) && !interrupt.signal.aborted) {
      output.progress(`${url} did not answer within the time of --wait`);
    }
    const namedAt = Date.now();
    const report = await runChecks({ kit, url, key, secrets, now: Date.now, random: randomBytes, seed, namedAt, timeLimit: timeout, fetch: globalThis.fetch, closing: interrupt.signal, live, wanted, baseline: expected, progress: progressTo(output, language) });
    await keep(output, dataFolder, report, { timeLimit: timeout, namedAt, live: how.live ? how : null });
    const files = folder === null ? [] : await writeReports(folder, kinds, report, language);
    if (output.format === 'github') await printToGithub(context, report, language);
    else printReport(output, report, { language, all });
    for (const file of files) output.progress(file);
    return exitCodeOf(report, failOn === 'warning');
  } finally {
    await live?.market.close();
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}

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

interface Keyed {
  readonly key: string;
  readonly from: string;
  /** Everything secret that the configuration holds: none of it may stand in a report. */
  readonly secrets: readonly string[];
  readonly dataFolder: string;
}

/** The key comes from the environment or a file named there, never from the command line, which every process of the machine can read. */
async function keyOf({ env, cwd }: Context): Promise<Keyed> {
  const { keys, openApi, origin, dataFolder } = await loadConfig({ env, cwd, need: 'show' });
  const [key] = keys.base;
  if (key === undefined) throw new CommandError('NO_KEY', 'set KOOGALLERY_BASE_KEY, the access key of the base interface: without it no call can be signed', EXIT.badInput);
  const secrets = [...Object.values(keys).flat(), ...[openApi.ak, openApi.sk].filter((secret) => secret !== null)];
  return { key, from: origin['keys.base'] ?? 'environment', secrets, dataFolder };
}

/** What `kookeeper replay` needs of each finding. The report stands without it, so a folder that cannot be written is told and no more. */
async function keep({ progress }: Output, dataFolder: string, report: Report, how: Made): Promise<void> {
  await keepFailures(dataFolder, failuresOf(report, how)).catch(({ code, message }: NodeJS.ErrnoException) => {
    progress(`the findings cannot be kept in ${dataFolder} (${code ?? message}): \`kookeeper replay\` will not know them`);
  });
}

/** Annotations on stdout; the page of the run where GitHub names its file. */
async function printToGithub({ output, env }: Context, report: Report, language: Language): Promise<void> {
  for (const line of annotations(report, language)) output.line(line);
  const file = env['GITHUB_STEP_SUMMARY'];
  if (file === undefined || file === '') return;
  await appendFile(file, stepSummary(report, language)).catch(({ code, message }: NodeJS.ErrnoException) => output.progress(`the step summary cannot be written: ${code ?? message}`));
}

/** On stderr, one line a group as it begins, and every finding as it is made. */
function progressTo({ progress, format }: Output, language: Language): RunOptions['progress'] {
  let group = '';
  return ({ id, status, finding }: Item, done, total) => {
    const [name = ''] = id.split('.');
    if (name !== group) progress(`${done}/${total} ${name} …`);
    group = name;
    // The runner of GitHub reads commands from this stream too, and what was found may hold the seller's words: there annotations tell it.
    if ((status === 'failed' || status === 'warning') && format !== 'github') progress(`  ${id}: ${visible(inLanguage(finding ?? '', language))}`);
  };
}
