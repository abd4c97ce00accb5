import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { KeysUnusable } from '../errors.ts';
import type { RandomBytes } from '../ids.ts';
import { newKeys, type MarketKeys } from '../keys.ts';

const keys = z.object({ base: z.string().min(1), ak: z.string().min(1), sk: z.string().min(1) });

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
  const made = newKeys(random);
  await write(file, made);
  return made;
}

/** Keeps another base key from now on; gives the file. Throws KeysUnusable. */
export async function keepBaseKey(folder: string, base: string, random: RandomBytes): Promise<string> {
  const file = join(folder, FILE);
  const others = await keysOf(folder, random);
  // Whole or not at all: the AK/SK in it must outlive a rotation that is cut.
  await write(`${file}.new`, { ...others, base });
  await rename(`${file}.new`, file);
  return file;
}

async function write(file: string, kept: MarketKeys): Promise<void> {
  await writeFile(file, `${JSON.stringify(kept, null, 2)}\n`, { mode: 0o600 });
  await chmod(file, 0o600);
}
