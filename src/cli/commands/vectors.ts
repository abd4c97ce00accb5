import { writeFile } from 'node:fs/promises';

import { kitFlag } from '../call-by-hand.ts';
import { CommandError } from '../command-error.ts';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { textFlag } from '../flags.ts';

export const command = defineCommand({
  flags: { kit: kitFlag, file: { ...textFlag('path', 'writes them there instead of to stdout'), fallbackText: 'stdout' } },
  examples: ['kookeeper vectors --file signatures.json', 'kookeeper vectors --output jsonl'],
  run: async ({ output }, { kit, file }) => {
    const made = kit.vectors();
    // The result is a JSON document in any format; a line of its own for each vector is easier on streams.
    const text = output.format === 'jsonl' ? made.signatures.map((vector) => JSON.stringify(vector)).join('\n') : JSON.stringify(made, null, 2);
    if (file === null) output.line(text);
    else {
      await writeFile(file, `${text}\n`).catch((error: NodeJS.ErrnoException) => {
        throw new CommandError('NOT_WRITTEN', `${file} cannot be written: ${error.code ?? error.message}`, EXIT.badInput);
      });
      output.progress(`${made.signatures.length} signatures and ${made.bodySign.length} answers are in ${file}`);
    }
    return EXIT.ok;
  },
});
