import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import type { WorkflowBundleOption } from '@temporalio/worker';

export interface BundleSource {
  /** Entry file or folder of the workflows; default is ours. */
  readonly workflowsPath?: string;
  /**
   * A file to keep the bundle in: used as it is when it exists, written when not. Default `KOOKEEPER_WORKFLOW_BUNDLE`.
   * Nobody looks whether it is older than the sources: give a new path per build. It must come from the same `@temporalio/worker` version.
   */
  readonly codePath?: string;
}

/** `index.ts` among the sources, `index.js` in the emitted package. */
const ourWorkflows = fileURLToPath(new URL(`../workflows/index${extname(import.meta.url)}`, import.meta.url));

/** Builds the workflow code: 1–2 s. It keeps its inline source map, without which workers refuse it (temporal.md §7). */
export const bundleWorkflows = async ({ workflowsPath = ourWorkflows }: Pick<BundleSource, 'workflowsPath'> = {}): Promise<{ code: string }> => {
  const { code } = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('WARN') });
  return { code };
};

/**
 * The workflow code as workers and replays take it. Building takes a moment: do it once and hand the result around,
 * or give a file to keep it in.
 */
export const workflowBundle = async ({ workflowsPath, codePath = process.env['KOOKEEPER_WORKFLOW_BUNDLE'] }: BundleSource = {}): Promise<WorkflowBundleOption> => {
  if (codePath && existsSync(codePath)) return { codePath };
  const bundle = await bundleWorkflows(workflowsPath === undefined ? {} : { workflowsPath });
  if (!codePath) return bundle;
  await mkdir(dirname(codePath), { recursive: true });
  const unfinished = `${codePath}.${process.pid}`;
  try {
    await writeFile(unfinished, bundle.code);
    await rename(unfinished, codePath);
  } finally {
    await rm(unfinished, { force: true });
  }
  return { codePath };
};
