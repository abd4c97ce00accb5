import { CommanderError } from 'commander';
import { expect, test } from 'vitest';

import { defineCommand, invalid } from '../../src/cli/command.ts';
import { EXIT } from '../../src/cli/exit-code.ts';
import { buildProgram } from '../../src/cli/program.ts';

/** A program with one command that has every sort of flag, and what that command was given. */
function sample() {
  const seen = { loads: 0, flags: {} as Readonly<Record<string, unknown>>, args: [] as readonly string[], help: '', error: '' };
  const command = defineCommand({
    arguments: [{ name: '[id...]', summary: 'ids to list' }],
    flags: {
      maxAge: {
        value: 'n',
        summary: 'oldest to list, in days',
        fallback: 7,
        parse: (text) => {
          if (!/^\d+$/.test(text)) throw invalid('Give a whole number of days.');
          return Number(text);
        },
      },
      all: { summary: 'also closed ones' },
    },
    examples: ['kookeeper thing list --max-age 3'],
    run: async (_context, flags, args) => {
      const age: number = flags.maxAge;
      const all: boolean = flags.all;
      seen.flags = { age, all };
      seen.args = args;
      return EXIT.ok;
    },
  });
  const module = async () => {
    seen.loads += 1;
    return { command };
  };
  const context = { stdout: { write: () => {} }, stderr: { write: () => {} }, env: {}, cwd: '/', output: { format: 'text' as const, line: () => {}, progress: () => {}, paint: (_style: unknown, text: string) => text } };
  const program = buildProgram([{ name: 'thing list', summary: 'list things', module }], '9.9.9', async (loaded, flags, args) => {
    await loaded.run(context, flags, args);
  });
  for (const each of [program, ...program.commands, ...program.commands.flatMap((group) => group.commands)]) {
    each.exitOverride().configureOutput({ writeOut: (text) => void (seen.help += text), writeErr: (text) => void (seen.error += text) });
  }
  return { seen, parse: (args: readonly string[]) => program.parseAsync(args, { from: 'user' }) };
}

test('flags reach the command parsed, under their camel-case names, beside its arguments', async () => {
  const { seen, parse } = sample();
  await parse(['thing', 'list', 'a', '--max-age', '3', '--all', 'b']);
  expect([seen.flags, seen.args]).toEqual([{ age: 3, all: true }, ['a', 'b']]);
});

test('flags that are not given stand at their defaults', async () => {
  const { seen, parse } = sample();
  await parse(['thing', 'list']);
  expect([seen.flags, seen.args]).toEqual([{ age: 7, all: false }, []]);
});

test('a value that the flag refuses is a usage error with its reason', async () => {
  const { seen, parse } = sample();
  await expect(parse(['thing', 'list', '--max-age', 'x'])).rejects.toBeInstanceOf(CommanderError);
  expect(seen.error).toContain("option '--max-age <n>' argument 'x' is invalid. Give a whole number of days.");
});

test("the general help and a group's help load no command", async () => {
  for (const args of [['--help'], ['thing', '--help'], ['--version']]) {
    const { seen, parse } = sample();
    await expect(parse(args)).rejects.toMatchObject({ exitCode: 0 });
    expect(seen.loads).toBe(0);
  }
});

test("a command's own help shows its flags, their defaults and its example", async () => {
  const { seen, parse } = sample();
  await expect(parse(['thing', 'list', '-h'])).rejects.toMatchObject({ exitCode: 0 });
  expect(seen.help).toMatch(/Usage: kookeeper thing list \[options\] \[id\.\.\.\]/);
  expect(seen.help).toMatch(/--max-age <n> +oldest to list, in days \(default: 7\)/);
  expect(seen.help).toContain('Example:\n  $ kookeeper thing list --max-age 3');
});
