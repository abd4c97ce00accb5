import { readFile } from 'node:fs/promises';

import { CommandError } from './command-error.ts';
import { EXIT } from './exit-code.ts';

/** The text of a file that a flag names; `-` is standard input. */
export async function readInput(file: string): Promise<string> {
  if (file === '-') {
    let text = '';
    for await (const chunk of process.stdin) text += String(chunk);
    return text;
  }
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new CommandError('NO_SUCH_FILE', `${file} cannot be read: ${why}`, EXIT.badInput);
  }
}
