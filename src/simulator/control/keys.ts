import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { KeysUnusable } from '../errors.ts';
import type { RandomBytes } from '../ids.ts';

/** What the seller must be given: the access key that signs our calls, and the AK/SK that sign its own. */
const keys = z.object({ base: z.string().min(1), ak: z.string().min(1), sk: z.string().min(1) });
export type MarketKeys = z.infer<typeof keys>;

const FILE = 'keys.json';

/** The keys of the market in this folder, made at the first start and kept. They open nothing but this market. Throws KeysUnusable when the file holds something else. */
export async function keysOf(folder: string, random: RandomBytes): Promise<MarketKeys> {
  const file = join(folder, FILE);
  await mkdir(folder, { recursive: true });
  try {
    return keys.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw new KeysUnusable(file, error);
  }
  const made: MarketKeys = { base: text(random, 24), ak: text(random, 10).toUpperCase(), sk: text(random, 20) };
  await writeFile(file, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600 });
  await chmod(file, 0o600);
  return made;
}

function text(random: RandomBytes, size: number): string {
  return Buffer.from(random(size)).toString('hex');
}
