import type { CliCommand, Flags } from './command.ts';
import { FORMATS } from './output.ts';
import { flagName, type CommandRow } from './program.ts';

export interface Suggestion {
  readonly value: string;
  /** What a shell may show beside it; may be empty. */
  readonly says: string;
}

const GLOBAL: Flags = {
  output: { value: 'format', summary: 'form of the result on stdout', fallback: 'text', choices: FORMATS, parse: (text) => text },
  color: { value: 'when', summary: 'colours on stdout', fallback: 'auto', choices: ['auto', 'always', 'never'], parse: (text) => text },
  help: { summary: 'show help' },
};

/**
 * What may stand in place of the last word: commands, flags, and the words that flags and arguments take. `words` is the command line without the
 * program's name, the last word as far as it is typed. Nothing is suggested where only the shell can know, such as a file's name. Only the module of
 * the command that is typed is loaded.
 */
export async function suggest(rows: readonly CommandRow[], words: readonly string[]): Promise<readonly Suggestion[]> {
  const before = words.slice(0, -1);
  const typed = words.at(-1) ?? '';
  const { row, path, rest } = find(rows, before);
  if (row === null) {
    const alone = typed.startsWith('-') ? rows.find(({ name, isDefault }) => isDefault && name.startsWith(`${path} `)) : undefined;
    if (alone !== undefined) return suggestFor((await alone.module()).command, [], typed);
    return among(typed.startsWith('-') ? flagsOf(GLOBAL) : verbsOf(rows, path), typed);
  }
  return suggestFor((await row.module()).command, rest, typed);
}

interface Found {
  /** null while the command is not whole yet. */
  readonly row: CommandRow | null;
  readonly path: string;
  /** What stands behind the command. */
  readonly rest: readonly string[];
}

function find(rows: readonly CommandRow[], words: readonly string[]): Found {
  let path = '';
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    if (word.startsWith('-')) {
      // A flag in front of the command is one of all commands'; its value is no command. Bash makes a word of the = as well.
      if (takesValue(GLOBAL, word)) index += words[index + 1] === '=' ? 2 : 1;
      continue;
    }
    path = path === '' ? word : `${path} ${word}`;
    const row = rows.find(({ name }) => name === path);
    if (row !== undefined) return { row, path, rest: words.slice(index + 1) };
  }
  return { row: null, path, rest: [] };
}

function verbsOf(rows: readonly CommandRow[], path: string): readonly Suggestion[] {
  const depth = path === '' ? 0 : path.split(' ').length;
  const within = rows.filter(({ name }) => path === '' || name.startsWith(`${path} `));
  const named = new Map<string, string>();
  for (const { name, summary } of within) {
    const parts = name.split(' ');
    const [verb = ''] = parts.slice(depth);
    if (!named.has(verb)) named.set(verb, parts.length === depth + 1 ? summary : '');
  }
  return [...named].map(([value, says]) => ({ value, says }));
}

function suggestFor({ flags: own, arguments: taken, formats }: CliCommand, rest: readonly string[], typed: string): readonly Suggestion[] {
  const flags: Flags = { ...own, ...GLOBAL, output: { ...GLOBAL['output'], choices: formats } as Flags[string] };
  const operandsOnly = rest.includes('--');
  // Bash splits `--only=a` in three; the others hand it over whole, and want it back whole.
  const last = rest.at(-1) ?? '';
  const split = typed === '=' ? last : last === '=' ? (rest.at(-2) ?? '') : null;
  if (!operandsOnly && split !== null && takesValue(flags, split)) return valuesOf(flags, split, typed === '=' ? '' : typed);
  if (!operandsOnly && takesValue(flags, last) && rest.at(-2) !== '=') return valuesOf(flags, last, typed);
  const whole = /^(--[^=]+)=(.*)$/s.exec(typed);
  if (!operandsOnly && whole) return valuesOf(flags, whole[1] ?? '', whole[2] ?? '').map(({ value, says }) => ({ value: `${whole[1]}=${value}`, says }));
  if (!operandsOnly && typed.startsWith('-')) return among(flagsOf(flags), typed);
  const position = operandsOf(flags, rest).length;
  const argument = taken[position] ?? (taken.at(-1)?.name.includes('...') ? taken.at(-1) : undefined);
  return among((argument?.choices ?? []).map((value) => ({ value, says: '' })), typed);
}

function operandsOf(flags: Flags, words: readonly string[]): readonly string[] {
  const operands: string[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    if (word === '--') return [...operands, ...words.slice(index + 1)];
    if (!word.startsWith('-')) operands.push(word);
    else if (takesValue(flags, word)) index += words[index + 1] === '=' ? 2 : 1;
  }
  return operands;
}

function takesValue(flags: Flags, word: string): boolean {
  const flag = flagOf(flags, word);
  return flag !== undefined && 'parse' in flag;
}

function flagOf(flags: Flags, word: string): Flags[string] | undefined {
  return Object.entries(flags).find(([name]) => flagName(name) === word)?.[1];
}

function flagsOf(flags: Flags): readonly Suggestion[] {
  return Object.entries(flags).map(([name, { summary }]) => ({ value: flagName(name), says: summary }));
}

function valuesOf(flags: Flags, word: string, typed: string): readonly Suggestion[] {
  const flag = flagOf(flags, word);
  if (flag === undefined || !('parse' in flag)) return [];
  const choices = flag.choices ?? [];
  if (flag.list !== true) return among(choices.map((value) => ({ value, says: '' })), typed);
  const given = typed.split(',').slice(0, -1);
  const start = given.map((name) => `${name},`).join('');
  return among(choices.filter((choice) => !given.includes(choice)).map((choice) => ({ value: start + choice, says: '' })), typed);
}

function among(suggestions: readonly Suggestion[], typed: string): readonly Suggestion[] {
  return suggestions.filter(({ value }) => value.startsWith(typed));
}
