import { readFile } from 'node:fs/promises';

import { CommandError } from './command-error.ts';
import { EXIT } from './exit-code.ts';

/** The text of a file that a flag names; `-` is standard input. */
export async function readInput(file: string): Promise<string> {
  return (await readBytes(file)).toString();
}

/** The same as the bytes that stand there. */
export async function readBytes(file: string): Promise<Buffer> {
  if (file === '-') return Buffer.concat(await process.stdin.toArray());
  try {
    return await readFile(file);
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new CommandError('NO_SUCH_FILE', `${file} cannot be read: ${why}`, EXIT.badInput);
  }
}
