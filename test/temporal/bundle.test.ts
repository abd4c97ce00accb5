import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bundleWorkflows, workflowBundle } from '../../src/temporal/bundle.ts';

const workflowsPath = fileURLToPath(new URL('./fixtures/workflows/index.ts', import.meta.url));
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kookeeper-bundle-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('the bundle comes straight from TypeScript and keeps its inline source map', async () => {
  const { code } = await bundleWorkflows({ workflowsPath });
  expect(code).toContain('bothQueues');
  expect(code).toContain('sourceMappingURL=data:');
});

test('a bundle file is written once and then used as it is', async () => {
  const codePath = join(folder, 'deep', 'workflows.js');
  expect(await workflowBundle({ workflowsPath, codePath })).toEqual({ codePath });
  expect(readFileSync(codePath, 'utf8')).toContain('bothQueues');
  const written = statSync(codePath).mtimeMs;
  expect(await workflowBundle({ workflowsPath: join(folder, 'not-there.ts'), codePath })).toEqual({ codePath });
  expect(statSync(codePath).mtimeMs).toBe(written);
});
