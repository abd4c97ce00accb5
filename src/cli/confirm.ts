import { createInterface } from 'node:readline/promises';

/** Asks a person at a terminal; anything but y or yes, the end of the input included, is a no. */
export async function confirm(question: string, { input, output }: { readonly input: NodeJS.ReadableStream; readonly output: NodeJS.WritableStream }): Promise<boolean> {
  const lines = createInterface({ input, output });
  // Ctrl-C and Ctrl-D close the interface, and the question would stay open for ever.
  const closed = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
  try {
    const answer = await Promise.race([lines.question(`${question} [y/N] `).catch(() => ''), closed]);
    return /^\s*y(es)?\s*$/i.test(answer);
  } finally {
    lines.close();
  }
}
