import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Report } from '../../conformance/report.ts';
import type { Language } from '../../conformance/words.ts';
import { CommandError } from '../command-error.ts';
import { EXIT } from '../exit-code.ts';
import { page } from './html.ts';
import { junit } from './junit.ts';
import { REPORT_FILES, type ReportKind } from './kinds.ts';

const RENDERED: Readonly<Record<ReportKind, (report: Report, language: Language) => string | Promise<string>>> = {
  html: page,
  junit,
  json: (report) => `${JSON.stringify(report, null, 2)}\n`,
};

/** Makes the folder before anything is sent, so that a run is not made for nothing. Returns its absolute path. Throws CommandError. */
export async function reportFolder(cwd: string, folder: string): Promise<string> {
  const path = resolve(cwd, folder);
  await mkdir(path, { recursive: true }).catch(refuse(path));
  return path;
}

/** Writes each report whole or not at all: a reader never finds half of one. Returns the files' paths. Throws CommandError. */
export async function writeReports(folder: string, kinds: readonly ReportKind[], report: Report, language: Language): Promise<readonly string[]> {
  const written: string[] = [];
  for (const kind of kinds) {
    const path = join(folder, REPORT_FILES[kind]);
    await writeWhole(path, await RENDERED[kind](report, language)).catch(refuse(path));
    written.push(path);
  }
  return written;
}

async function writeWhole(path: string, text: string): Promise<void> {
  const draft = `${path}.${process.pid}.part`;
  try {
    await writeFile(draft, text);
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

function refuse(path: string): (error: NodeJS.ErrnoException) => never {
  return (error) => {
    throw new CommandError('NOT_WRITTEN', `${path} cannot be written: ${error.code ?? error.message}`, EXIT.badInput);
  };
}
