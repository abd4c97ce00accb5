import { benchCarryOut } from './carry-out.ts';
import { benchCreate } from './create.ts';
import { BadArgument, HELP, readOptions, type BenchmarkName, type Options } from './options.ts';
import { benchQuery } from './query.ts';
import { asMarkdown, machineOf, type Findings, type Report } from './report.ts';
import { createSetting, type Setting } from './setting.ts';
import { benchSignature } from './signature.ts';

const BENCHES: Readonly<Record<BenchmarkName, (setting: Setting) => Promise<Findings>>> = {
  create: benchCreate,
  'carry-out': benchCarryOut,
  query: benchQuery,
  signature: benchSignature,
};

/** A signal came: what the benchmark fails with while its setting is taken away is no news. */
let ending = false;

const progress = (text: string): void => void process.stderr.write(`${text}\n`);

/** One benchmark in a setting of its own, which is gone afterwards, also when a signal ends the run. */
async function run(name: BenchmarkName, options: Options): Promise<Findings> {
  const setting = await createSetting(options, progress);
  const interrupted = (signal: NodeJS.Signals): void => {
    ending = true;
    progress(`${signal}: cleaning up`);
    void setting.stop().finally(() => process.exit(130));
  };
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  try {
    return await BENCHES[name](setting);
  } finally {
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
    await setting.stop();
  }
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (!options) return void process.stdout.write(HELP);
  const started = performance.now();
  const benchmarks: Record<string, Findings> = {};
  for (const name of options.only) benchmarks[name] = await run(name, options);
  const report: Report = { machine: machineOf(options), options, seconds: (performance.now() - started) / 1000, benchmarks };
  process.stdout.write(options.output === 'json' ? `${JSON.stringify(report, null, 2)}\n` : asMarkdown(report));
}

main().catch((error: unknown) => {
  if (ending) return;
  const wrong = error instanceof BadArgument;
  progress(wrong ? `${error.message}\n\n${HELP}` : error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exitCode = wrong ? 2 : 1;
});
