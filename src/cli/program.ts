import { Command, Option } from 'commander';

import { didYouMean } from '../config/nearest.ts';
import type { CliCommand } from './command.ts';
import { FORMATS } from './output.ts';

/** A row of the table in main.ts. */
export interface CommandRow {
  /** One word, or a group and its verb: `serve`, `config show`. */
  readonly name: string;
  readonly summary: string;
  /** The verb that its group alone means: `market` is `market start`. */
  readonly isDefault?: true;
  /** Loaded only when this command, or its help, is asked for. */
  readonly module: () => Promise<{ readonly command: CliCommand }>;
}

type Run = (loaded: CliCommand, flags: Readonly<Record<string, unknown>>, args: readonly string[]) => Promise<void>;

/**
 * Builds commander's tree from the table. A command's module is imported in the hook just before commander parses that command's own
 * flags, so the general help loads none of them.
 */
export function buildProgram(rows: readonly CommandRow[], version: string, run: Run): Command {
  const program = new Command('kookeeper')
    .description("The seller's side of KooGallery (华为云云商店).")
    .version(version, '--version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .helpCommand(false)
    .addOption(new Option('--output <format>', 'form of the result; github is for check').choices(FORMATS).default('text'))
    .addOption(new Option('--color <when>', 'colours on stdout').choices(['auto', 'always', 'never']).default('auto'))
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('after', '\nExit codes: 0 ok, 1 something failed, 2 bad input or configuration, 3 incomplete.');

  const modules = new Map<Command, CommandRow['module']>();
  const define = async (parent: Command, command: Command): Promise<void> => {
    const module = modules.get(command);
    if (!module) return;
    const loaded = (await module()).command;
    // A mistyped verb goes to the verb that its group alone means, which would only say that it takes no argument.
    const [verb] = parent.args;
    if (verb !== undefined && verb !== command.name() && !verb.startsWith('-') && loaded.arguments.length === 0 && parent !== program) {
      parent.error(`error: unknown command '${verb}'${didYouMean(verb, parent.commands.map((each) => each.name()))}`, { code: 'commander.unknownCommand' });
    }
    complete(command, loaded, run);
  };
  program.hook('preSubcommand', define);

  const groups = new Map<string, Command>();
  for (const { name, summary, module, isDefault = false } of rows) {
    const [first = '', verb] = name.split(' ');
    let parent = program;
    if (verb !== undefined) {
      parent = groups.get(first) ?? program.command(first).helpCommand(false).hook('preSubcommand', define);
      groups.set(first, parent);
    }
    const command = parent.command(verb ?? first, { isDefault }).description(summary);
    modules.set(command, module);
  }
  for (const [name, group] of groups) {
    const verbs = rows.filter((row) => row.name.startsWith(`${name} `));
    // Every summary of a large group would bury the others in the general help.
    const [first, ...more] = verbs;
    group.description(more.length < 3 ? verbs.map(({ summary }) => summary).join('; ') : `${first?.summary}; ${more.map((row) => row.name.slice(name.length + 1)).join(', ')}`);
  }
  return program;
}

/** `maxAge` is `--max-age` on the command line. */
export function flagName(name: string): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function complete(command: Command, loaded: CliCommand, run: Run): void {
  for (const { name, summary } of loaded.arguments) command.argument(name, summary);
  for (const [name, flag] of Object.entries(loaded.flags)) {
    const long = flagName(name);
    const option =
      'parse' in flag
        ? new Option(`${long} <${flag.value}>`, flag.summary).argParser((text, before) => flag.parse(text, before)).default(flag.fallback, flag.fallbackText)
        : new Option(long, flag.summary).default(false);
    // `--no-access` is a flag of its own here, not the opposite of `--access`.
    option.negate = false;
    command.addOption(option);
  }
  const examples = loaded.examples.map((line) => `  $ ${line}`).join('\n');
  command.addHelpText('after', `\nExample${loaded.examples.length > 1 ? 's' : ''}:\n${examples}`);
  command.action(async () => run(loaded, command.opts(), command.args));
}
