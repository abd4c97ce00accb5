import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const FILE = 'control.json';
const address = z.object({ url: z.url({ protocol: /^http$/, hostname: /^127\.0\.0\.1$/ }) });

/** Says where the market of this folder listens; gone once it has ended. */
export async function publishAddress(folder: string, url: string): Promise<() => Promise<void>> {
  const file = join(folder, FILE);
  await writeFile(file, `${JSON.stringify({ url })}\n`);
  return () => rm(file, { force: true });
}

/** Where the market of this folder listens; null when none runs there. */
export async function publishedAddress(folder: string): Promise<string | null> {
  try {
    return address.parse(JSON.parse(await readFile(join(folder, FILE), 'utf8'))).url;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
