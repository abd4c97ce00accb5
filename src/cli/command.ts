import { InvalidArgumentError } from 'commander';

import type { ExitCode } from './exit-code.ts';
import type { Format, Output, TextStream } from './output.ts';

/** What a command may touch of the process that runs it. */
export interface Io {
  readonly stdout: TextStream;
  readonly stderr: TextStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

export interface Context extends Io {
  readonly output: Output;
}

/** A flag that takes a value: `value` names it in the help (`--limit <n>`), `parse` checks it and throws `invalid(…)`. */
export interface ValueFlag<T> {
  readonly value: string;
  readonly summary: string;
  readonly fallback: T;
  /** How the help writes the default where `String(fallback)` would not tell. */
  readonly fallbackText?: string;
  /** Words that it takes, for shell completion. */
  readonly choices?: readonly string[];
  /** Takes several of them, separated by commas. */
  readonly list?: true;
  /** `before` is what the flag was until now, for one that may be given several times: the fallback at first. */
  parse(text: string, before: T): T;
}

/** A flag that is there or not. */
export interface SwitchFlag {
  readonly summary: string;
}

/** By camel-case name: `maxAge` is `--max-age`. */
export type Flags = Readonly<Record<string, ValueFlag<unknown> | SwitchFlag>>;

export type FlagValues<F extends Flags> = { readonly [K in keyof F]: F[K] extends ValueFlag<infer T> ? T : boolean };

export interface Argument {
  /** `<id>` must be given, `[id]` may be, `<id...>` takes several. */
  readonly name: string;
  readonly summary: string;
  /** Words that it takes, for shell completion. */
  readonly choices?: readonly string[];
}

/** What every command prints in. */
const USUAL_FORMATS: readonly Format[] = ['text', 'json', 'jsonl'];

export interface Definition<F extends Flags> {
  readonly arguments?: readonly Argument[];
  readonly flags: F;
  /** Values of `--output` that it knows; by default text, json and jsonl. */
  readonly formats?: readonly Format[];
  /** Whole command lines, shown at the end of the help. */
  readonly examples: readonly [string, ...string[]];
  readonly run: (context: Context, flags: FlagValues<F>, args: readonly string[]) => Promise<ExitCode>;
}

/** A command as main.ts sees it, its flags' types closed over. */
export interface CliCommand {
  readonly arguments: readonly Argument[];
  readonly flags: Flags;
  readonly formats: readonly Format[];
  readonly examples: readonly string[];
  readonly run: (context: Context, flags: Readonly<Record<string, unknown>>, args: readonly string[]) => Promise<ExitCode>;
}

/** Declares a command: `run` receives its flags with the types that their `parse` returns. */
export function defineCommand<const F extends Flags>(definition: Definition<F>): CliCommand {
  return {
    arguments: definition.arguments ?? [],
    flags: definition.flags,
    formats: definition.formats ?? USUAL_FORMATS,
    examples: definition.examples,
    // Commander hands over exactly what the flags' own `parse` and `fallback` returned.
    run: (context, flags, args) => definition.run(context, flags as FlagValues<F>, args),
  };
}

/** What a flag's `parse` throws: the message reads on after "argument 'x' is invalid." */
export function invalid(message: string): Error {
  return new InvalidArgumentError(message);
}
