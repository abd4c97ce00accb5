import { readFileSync } from 'node:fs';

import { CommanderError } from 'commander';

import { ConfigError, formatConfigError } from '../config/config-error.ts';
import { CommandError } from './command-error.ts';
import type { Io } from './command.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { createOutput, type ColorChoice, type Format } from './output.ts';
import { buildProgram, type CommandRow } from './program.ts';
import { annotation } from './report/annotation.ts';

const byHand = () => import('./commands/instance-hand.ts');
const inMarket = () => import('./commands/market-actions.ts');
const ofMarket = () => import('./commands/market-look.ts');

/**
 * Every command. To add one: write `commands/<name>.ts` (for `calls list`: `commands/calls-list.ts`) that exports
 * `command = defineCommand({ flags, examples, run })` (the simplest of a person's actions share one file), and put a row here with its name, a summary of a few words and its module.
 * The import stays inside the arrow: Temporal, the database and the rest are loaded when the command runs, not for `--help`.
 */
export const commands: readonly CommandRow[] = [
  { name: 'serve', summary: 'everything in one process: API, worker, demo app, Temporal for development', module: () => import('./commands/serve.ts') },
  { name: 'demo', summary: 'one subscription from purchase to release, against a simulated KooGallery', module: () => import('./commands/demo.ts') },
  { name: 'rehearse', summary: 'what a configuration of clocks will do: years of one subscription in a minute, with a simulated KooGallery', module: () => import('./commands/rehearse.ts') },
  { name: 'api', summary: "answer the marketplace's calls", module: () => import('./commands/api.ts') },
  { name: 'worker', summary: 'run workflows and activities', module: () => import('./commands/worker.ts') },
  { name: 'migrate', summary: 'bring the database schema up to date', module: () => import('./commands/migrate.ts') },
  { name: 'check', summary: "what would fail at any seller's production address: the conformance report", module: () => import('./commands/check.ts') },
  { name: 'calls list', summary: 'the journal of calls, newest first', module: () => import('./commands/calls-list.ts') },
  { name: 'calls show', summary: 'the whole record of one call', module: () => import('./commands/calls-show.ts') },
  { name: 'explain', summary: 'why a signature was refused: tries every known mistake, here and now, and prints no key', module: () => import('./commands/explain.ts') },
  { name: 'sign', summary: 'make one signed call and show each step of its signature', module: () => import('./commands/sign.ts') },
  { name: 'send', summary: 'sign one call, send it, and judge the answer as the marketplace does', module: () => import('./commands/send.ts') },
  { name: 'verify', summary: 'check the signature of a pasted call, step by step', module: () => import('./commands/verify.ts') },
  { name: 'replay', summary: 'send a call of the journal, or of a finding of `check`, again, signed afresh', module: () => import('./commands/replay.ts') },
  { name: 'vectors', summary: 'test vectors of the signature, as JSON for other languages', module: () => import('./commands/vectors.ts') },
  { name: 'instance list', summary: 'instances and their phases', module: () => import('./commands/instance-list.ts') },
  { name: 'instance show', summary: 'everything known of one instance', module: () => import('./commands/instance-show.ts') },
  { name: 'instance retry', summary: 'try now what is failing, and put away what was only told', module: async () => ({ command: (await byHand()).retry }) },
  { name: 'instance complete', summary: 'say that you have done by hand what keeps failing', module: () => import('./commands/instance-complete.ts') },
  { name: 'instance abandon', summary: 'give up an order that cannot be provisioned', module: () => import('./commands/instance-abandon.ts') },
  { name: 'instance hold', summary: 'keep the data, whatever asks for their removal', module: async () => ({ command: (await byHand()).hold }) },
  { name: 'instance unhold', summary: 'take a hold back', module: async () => ({ command: (await byHand()).unhold }) },
  { name: 'instance freeze', summary: 'stop access, keep the data', module: async () => ({ command: (await byHand()).freeze }) },
  { name: 'instance unfreeze', summary: "take back a person's freeze, or our own clock's", module: async () => ({ command: (await byHand()).unfreeze }) },
  { name: 'instance release', summary: "end access, and remove the data after the product's keep time", module: () => import('./commands/instance-release.ts') },
  { name: 'instance cancel-release', summary: 'take a release back while the data are there', module: async () => ({ command: (await byHand()).cancelRelease }) },
  { name: 'instance revive', summary: 'start a lost life again from its stored state', module: () => import('./commands/instance-revive.ts') },
  { name: 'market start', summary: 'a simulated KooGallery on this machine, for a seller in any language; `market` alone means it too', module: () => import('./commands/market-start.ts'), isDefault: true },
  { name: 'market buy', summary: 'a customer buys', module: async () => ({ command: (await inMarket()).buy }) },
  { name: 'market renew', summary: 'a customer renews', module: async () => ({ command: (await inMarket()).renew }) },
  { name: 'market renew-change', summary: 'a customer renews with another specification or size', module: async () => ({ command: (await inMarket()).renewChange }) },
  { name: 'market to-formal', summary: 'a trial becomes formal', module: async () => ({ command: (await inMarket()).toFormal }) },
  { name: 'market refund', summary: "a renewal is refunded, by the renewal's order", module: async () => ({ command: (await inMarket()).refund }) },
  { name: 'market upgrade', summary: 'a customer buys another specification or size', module: async () => ({ command: (await inMarket()).upgrade }) },
  { name: 'market unsubscribe', summary: 'a customer unsubscribes', module: async () => ({ command: (await inMarket()).unsubscribe }) },
  { name: 'market expire', summary: 'the validity ends now, and the freeze follows', module: async () => ({ command: (await inMarket()).expire }) },
  { name: 'market violate', summary: 'frozen for a violation', module: async () => ({ command: (await inMarket()).violate }) },
  { name: 'market lift', summary: 'the freeze is lifted', module: async () => ({ command: (await inMarket()).lift }) },
  { name: 'market arrears', summary: 'the bill of an on-demand instance is not paid: frozen after the grace', module: async () => ({ command: (await inMarket()).arrears }) },
  { name: 'market pay', summary: 'the bill is paid, and what the arrears froze is lifted', module: async () => ({ command: (await inMarket()).pay }) },
  { name: 'market release', summary: 'released after the retention', module: async () => ({ command: (await inMarket()).release }) },
  { name: 'market open', summary: 'a customer opens the resource details', module: async () => ({ command: (await inMarket()).open }) },
  { name: 'market restart', summary: "the console's restart button: the call of an order once more", module: async () => ({ command: (await inMarket()).restart }) },
  { name: 'market probe', summary: "the console's debugging (调测): what succeeds is saved and replayed twice a day", module: async () => ({ command: (await inMarket()).probe }) },
  { name: 'market sell', summary: 'back on sale after frozen trading or delisting', module: async () => ({ command: (await inMarket()).sell }) },
  { name: 'market trouble', summary: 'what goes wrong from now on, between the market and the seller; without arguments nothing', module: () => import('./commands/market-trouble.ts') },
  { name: 'market rotate-key', summary: 'another access key signs the calls from now on', module: () => import('./commands/market-rotate-key.ts') },
  { name: 'market orders', summary: 'what was bought, oldest first', module: async () => ({ command: (await ofMarket()).orders }) },
  { name: 'market calls', summary: 'the last calls to the seller', module: async () => ({ command: (await ofMarket()).calls }) },
  { name: 'market waiting', summary: 'calls that the platform repeats, or has left to a person', module: async () => ({ command: (await ofMarket()).waiting }) },
  { name: 'market usage', summary: 'the usage records (话单) that the seller pushed, the bad ones with what is wrong', module: async () => ({ command: (await ofMarket()).usage }) },
  { name: 'market events', summary: 'what the platform did by itself', module: async () => ({ command: (await ofMarket()).events }) },
  { name: 'market gauge', summary: 'failed orders, probe days, and whether the product is on sale', module: async () => ({ command: (await ofMarket()).gauge }) },
  { name: 'config show', summary: 'list every setting and where it came from', module: () => import('./commands/config-show.ts') },
  { name: 'completion', summary: 'for bash, zsh and fish: commands, flags and their words, ids of checks too', module: () => import('./commands/completion.ts') },
];

/**
 * Runs one command line (without the names of node and the script) and returns its exit code; it never ends the process itself.
 * Started by `bin/kookeeper.js`.
 */
export async function main(argv: readonly string[], io: Io = processIo()): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.ok;
  const program = buildProgram(commands, version(), async (command, flags, args) => {
    const { format, color } = globalFlags();
    if (!command.formats.includes(format)) throw new CommandError('NOT_THIS_FORMAT', `--output ${format} is for \`kookeeper check\` alone: give one of ${command.formats.join(', ')}`, EXIT.badInput);
    const output = createOutput({ ...io, format, color });
    exitCode = await command.run({ ...io, output }, flags, args);
  });
  const globalFlags = (): { format: Format; color: ColorChoice } => {
    const { output, color } = program.opts<{ output: Format; color: ColorChoice }>();
    return { format: output, color };
  };
  // Subcommands copied the settings they were created with, so each is told where to print.
  for (const command of [program, ...program.commands, ...program.commands.flatMap((group) => group.commands)]) {
    command.exitOverride().configureOutput({ writeOut: (text) => io.stdout.write(text), writeErr: (text) => io.stderr.write(text) });
  }
  try {
    await program.parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    return report(error, io, globalFlags().format);
  }
}

/** Text on stderr; with a JSON format also one `{ "error": … }` on stdout, so that a script reading it finds something. */
function report(error: unknown, io: Io, format: Format): ExitCode {
  const told = explain(error);
  if (told.exitCode === EXIT.ok) return EXIT.ok;
  if (told.text !== null) io.stderr.write(`${told.text}\n`);
  if (format === 'github') io.stdout.write(`${annotation('error', 'kookeeper', [String(told.error['message'])])}\n`);
  else if (format !== 'text') io.stdout.write(`${JSON.stringify({ error: told.error }, null, format === 'json' ? 2 : 0)}\n`);
  return told.exitCode;
}

interface Told {
  readonly exitCode: ExitCode;
  /** Null: commander has printed it. */
  readonly text: string | null;
  readonly error: Readonly<Record<string, unknown>>;
}

function explain(error: unknown): Told {
  if (error instanceof CommanderError) {
    // Help and version end this way too, with code 0; a group without its verb shows help with code 1.
    return { exitCode: error.exitCode === 0 ? EXIT.ok : EXIT.badInput, text: null, error: { code: 'USAGE', message: usage(error) } };
  }
  if (error instanceof ConfigError) {
    const { code, message, problems } = error;
    return { exitCode: EXIT.badInput, text: formatConfigError(error), error: { code, message, problems } };
  }
  if (error instanceof CommandError) {
    return { exitCode: error.exitCode, text: `kookeeper: ${error.message}`, error: { code: error.code, message: error.message } };
  }
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  const code = codeOf(error);
  // An error with a code of its own explains itself; anything else is a fault of ours, and its place helps to find it.
  const text = `kookeeper: ${code === null ? (stack ?? message) : message}`;
  return { exitCode: EXIT.failed, text, error: { code: code ?? 'UNEXPECTED', message } };
}

function usage(error: CommanderError): string {
  return error.code === 'commander.help' ? 'a command is missing' : error.message.replace(/^error: /, '');
}

function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}

function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  const { version: number }: { version: string } = JSON.parse(text);
  return number;
}

function processIo(): Io {
  // `kookeeper … | head` closes the pipe early; that is no fault, and what else runs goes on.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  return { stdout: process.stdout, stderr: process.stderr, env: process.env, cwd: process.cwd() };
}
