import { benchCarryOut } from './carry-out.ts';
import { benchCreate } from './create.ts';
import { benchMemory } from './memory.ts';
import { BadArgument, HELP, readOptions, type BenchmarkName, type DatabaseKind, type Options } from './options.ts';
import { benchOutage } from './outage.ts';
import { benchQueryMany } from './query-many.ts';
import { benchQuery } from './query.ts';
import { asMarkdown, machineOf, type Findings, type Report } from './report.ts';
import { createSetting, type Setting } from './setting.ts';
import { benchSignature } from './signature.ts';
import { benchStopped } from './stopped.ts';

interface Benchmark {
  run(setting: Setting): Promise<Findings>;
  /** Where it is run when no `--database` chooses; `always` where it makes sense nowhere else. */
  readonly on: readonly DatabaseKind[];
  readonly always?: true;
}

const BOTH = ['sqlite', 'postgres'] as const;
const BENCHES: Readonly<Record<BenchmarkName, Benchmark>> = {
  create: { run: benchCreate, on: ['sqlite'] },
  'carry-out': { run: benchCarryOut, on: ['sqlite'] },
  query: { run: benchQuery, on: ['sqlite'] },
  signature: { run: benchSignature, on: ['sqlite'], always: true },
  stopped: { run: benchStopped, on: BOTH },
  // Loaded when it is asked for: nothing else needs the package.
  dbos: { run: async (setting) => (await import('./dbos.ts')).benchDbos(setting), on: ['postgres'], always: true },
  'query-many': { run: benchQueryMany, on: BOTH },
  memory: { run: benchMemory, on: ['sqlite'] },
  outage: { run: benchOutage, on: BOTH },
};

/** A signal came: what the benchmark fails with while its setting is taken away is no news. */
let ending = false;

const progress = (text: string): void => void process.stderr.write(`${text}\n`);

/** One benchmark in a setting of its own, which is gone afterwards, also when a signal ends the run. */
async function run(name: BenchmarkName, database: DatabaseKind, options: Options): Promise<Findings> {
  const setting = await createSetting(options, database, progress);
  const interrupted = (signal: NodeJS.Signals): void => {
    ending = true;
    // A call of the bench's own clients that is to be repeated finds its connection closed, in a timer where nobody catches it.
    process.on('uncaughtException', () => undefined);
    progress(`${signal}: cleaning up`);
    void setting.stop().finally(() => process.exit(130));
  };
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  try {
    return await BENCHES[name].run(setting);
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
  for (const name of options.only) {
    const { on, always } = BENCHES[name];
    for (const database of options.database === null || always ? on : [options.database]) benchmarks[`${name}, ${database}`] = await run(name, database, options);
  }
  const report: Report = { machine: machineOf(), options, seconds: (performance.now() - started) / 1000, benchmarks };
  process.stdout.write(options.output === 'json' ? `${JSON.stringify(report, null, 2)}\n` : asMarkdown(report));
}

main().catch((error: unknown) => {
  if (ending) return;
  const wrong = error instanceof BadArgument;
  progress(wrong ? `${error.message}\n\n${HELP}` : error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exitCode = wrong ? 2 : 1;
});
