import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { createLog } from '../../processes/log.ts';
import { untilStopped } from '../../processes/until-stopped.ts';
import { DEFAULT_SCENARIO } from '../../rehearsal/default-scenario.ts';
import { NotAtRest } from '../../rehearsal/settle.ts';
import { StoryEndless } from '../../rehearsal/play.ts';
import { rehearsedOf, startSkippingServer } from '../../rehearsal/prepare.ts';
import { ProductNotListed, rehearse, type Rehearsal, type RehearsalOptions } from '../../rehearsal/rehearse.ts';
import { parseScenario, type Bought, type Scenario } from '../../rehearsal/scenario.ts';
import { ScenarioInvalid } from '../../rehearsal/scenario-invalid.ts';
import { TimeNotSkipped } from '../../rehearsal/time-skipping.ts';
import { LEVELS } from '../../simulator/platform/levels.ts';
import { asBadInput } from '../bad-input.ts';
import { CommandError } from '../command-error.ts';
import { defineCommand, invalid, type ValueFlag } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { choiceFlag, textFlag } from '../flags.ts';
import { readInput } from '../read-input.ts';
import { linePrinter, printCast, printEnd } from '../rehearsal-text.ts';
import type { Output } from '../output.ts';

export const command = defineCommand({
  arguments: [{ name: '[scenario]', summary: 'JSON file with the story to play (docs/reference/rehearsal-scenarios.md), - for standard input; without it a whole subscription' }],
  flags: {
    config: { ...textFlag('file', 'configuration whose products and clocks are rehearsed, and of which nothing else is read'), fallbackText: 'KOOKEEPER_CONFIG, else the defaults' },
    sku: { ...textFlag('code', 'SKU that is bought'), fallbackText: 'the first that the configuration lists' },
    product: { ...textFlag('id', 'product that is bought'), fallbackText: 'the one listed with the SKU' },
    level: { ...choiceFlag("customer level: sets the marketplace's grace and retention", LEVELS), fallbackText: "the scenario's, else V3" },
    months: wholeFlag('bought for so many months', 1, 120),
    period: { ...choiceFlag('bought for one of these', ['year', 'month', 'day'] as const), fallbackText: "the scenario's, else month" },
    seed: wholeFlag('the same seed brings the same trouble', 0, Number.MAX_SAFE_INTEGER),
    keep: { summary: 'keep the folder with the database and the tenants, and say where it is' },
  },
  examples: ['kookeeper rehearse', 'kookeeper rehearse --config kookeeper.config.ts --sku team --level V1', 'kookeeper rehearse examples/rehearsals/never-renewed.json --output json'],
  run: async ({ env, cwd, output }, { config, sku, product, level, months, period, seed, keep }, [named]) => {
    const scenario = named === undefined ? DEFAULT_SCENARIO : await readScenario(named, cwd);
    const rehearsed = await rehearsedOf({ file: config, env, cwd });
    const bought: Bought = {
      ...(sku === null ? {} : { skuCode: sku }),
      ...(product === null ? {} : { productId: product }),
      ...(months !== null ? { periodType: 'month' as const, periodNumber: months } : period !== null ? { periodType: period, periodNumber: 1 } : {}),
    };
    const stopped = untilStopped(new Promise<never>(() => undefined));
    const interrupt = new AbortController();
    const printer = linePrinter(output);
    const begun = performance.now();
    const playing = inFolder(output, { env, keep }, (options) =>
      rehearse({
        ...options,
        scenario,
        rehearsed,
        bought,
        level,
        seed,
        signal: interrupt.signal,
        begin: (cast) => {
          if (output.format === 'text') printCast(output, cast);
        },
        tell: (line) => {
          if (interrupt.signal.aborted) return;
          if (output.format === 'text') printer.line(line);
          if (output.format === 'jsonl') output.line(JSON.stringify({ line }));
        },
      }),
    );
    const rehearsal = await Promise.race([playing, stopped.then(() => null)]).catch(explained);
    if (rehearsal === null) {
      interrupt.abort();
      output.progress('interrupted: stopping everything');
      await playing.catch(() => undefined);
      return EXIT.incomplete;
    }
    printer.end();
    report(output, rehearsal, (performance.now() - begun) / 1000);
    return rehearsal.ok ? EXIT.ok : EXIT.failed;
  },
});

async function readScenario(file: string, cwd: string): Promise<Scenario> {
  const text = await readInput(file === '-' ? file : resolve(cwd, file));
  return asBadInput([ScenarioInvalid], () => parseScenario(parseJson(text, file)));
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new CommandError('SCENARIO_INVALID', `${file} is not JSON: ${error instanceof Error ? error.message : String(error)}`, EXIT.badInput);
  }
}

interface Ground {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly keep: boolean;
}

/** A folder and a Temporal server for one rehearsal; both are gone afterwards, unless the folder is worth a look. */
async function inFolder(output: Output, { env, keep }: Ground, play: (options: Pick<RehearsalOptions, 'folder' | 'temporal' | 'log'>) => Promise<Rehearsal>): Promise<Rehearsal> {
  const folder = await mkdtemp(join(tmpdir(), 'kookeeper-rehearsal-'));
  try {
    output.progress('starting Temporal, API, worker and market in a temporary folder: tenants are files there, and no system of yours is touched');
    const temporal = await startSkippingServer(folder, (text) => output.progress(text));
    try {
      const level = env['KOOKEEPER_LOG_LEVEL'] === 'debug' ? 'debug' : 'fatal';
      return await play({ folder, temporal: temporal.target, log: createLog(level, 'rehearse') });
    } finally {
      await temporal.stop();
    }
  } finally {
    if (keep) output.progress(`kept: KOOKEEPER_DATA=${join(folder, 'data')} kookeeper instance list`);
    else await rm(folder, { recursive: true, force: true });
  }
}

/** What could not be played to its end says nothing of the configuration. */
function explained(error: unknown): never {
  if (error instanceof ProductNotListed) throw new CommandError(error.code, error.message, EXIT.badInput);
  if (error instanceof NotAtRest || error instanceof StoryEndless || error instanceof TimeNotSkipped) throw new CommandError(error.code, error.message, EXIT.incomplete);
  throw error;
}

function report(output: Output, rehearsal: Rehearsal, seconds: number): void {
  if (output.format === 'text') return printEnd(output, rehearsal, seconds);
  const { last, lines, ...told } = rehearsal;
  const { state: _state, ...end } = last;
  if (output.format === 'json') return output.line(JSON.stringify({ ...told, end, lines }, null, 2));
  output.line(JSON.stringify({ rehearsal: { ...told, end } }));
}

function wholeFlag(summary: string, least: number, most: number): ValueFlag<number | null> {
  return {
    value: 'n',
    summary,
    fallback: null,
    fallbackText: "the scenario's",
    parse: (text) => {
      const number = Number(text);
      if (!Number.isSafeInteger(number) || number < least || number > most) throw invalid(`give a whole number from ${least} to ${most}`);
      return number;
    },
  };
}
