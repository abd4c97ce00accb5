import { didYouMean } from '../../config/nearest.ts';
import { CommandError } from '../command-error.ts';
import { defineCommand, type Context } from '../command.ts';
import { suggest } from '../completion.ts';
import { SCRIPTS, SHELLS } from '../completion-scripts.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { commands } from '../main.ts';
import { printRecord } from '../output.ts';

export const command = defineCommand({
  arguments: [
    { name: '<shell>', summary: 'bash, zsh or fish: prints what the shell reads; `words` is what that asks for', choices: SHELLS },
    { name: '[words...]', summary: 'with `words`, after --: the command line so far, its last word as far as it is typed' },
  ],
  flags: {},
  examples: [
    'eval "$(kookeeper completion bash)"                                   # in ~/.bashrc',
    'eval "$(kookeeper completion zsh)"                                    # in ~/.zshrc, after compinit',
    'kookeeper completion fish > ~/.config/fish/completions/kookeeper.fish',
  ],
  run: async (context, _flags, [shell = '', ...words]) => {
    if (shell === 'words') return printWords(context, words);
    const known = SHELLS.find((each) => each === shell);
    if (known === undefined) throw new CommandError('NO_SUCH_SHELL', `there is no completion for ${shell}${didYouMean(shell, SHELLS) || `: give one of ${SHELLS.join(', ')}`}`, EXIT.badInput);
    if (context.output.format === 'text') context.output.line(SCRIPTS[known]);
    else printRecord(context.output, { shell: known, script: SCRIPTS[known] });
    return EXIT.ok;
  },
});

/** A word a line, with what it means behind a tab. */
async function printWords({ output }: Context, words: readonly string[]): Promise<ExitCode> {
  const found = await suggest(commands, words);
  if (output.format === 'text') for (const { value, says } of found) output.line(says === '' ? value : `${value}\t${says}`);
  else printRecord(output, { words: found });
  return EXIT.ok;
}
