import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { bundleToReplay } from './replay.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** The workflow code with one passage changed, as somebody might change it. Throws when the passage is not there exactly once. */
export async function bundleWith(file: string, passage: string, instead: string): Promise<WorkflowBundleWithSourceMap> {
  const folder = mkdtempSync(join(tmpdir(), 'kookeeper-changed-'));
  try {
    for (const room of ['lifecycle', 'workflows', 'activities']) cpSync(join(ROOT, 'src', room), join(folder, 'src', room), { recursive: true });
    writeFileSync(join(folder, 'package.json'), readFileSync(join(ROOT, 'package.json')));
    symlinkSync(realpathSync(join(ROOT, 'node_modules')), join(folder, 'node_modules'), 'junction');
    const path = join(folder, file);
    const parts = readFileSync(path, 'utf8').split(passage);
    if (parts.length !== 2) throw new Error(`${file} holds ${parts.length - 1} times: ${passage}`);
    writeFileSync(path, parts.join(instead));
    return await bundleToReplay(join(folder, 'src/workflows/index.ts'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
