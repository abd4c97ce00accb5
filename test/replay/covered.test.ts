import { describe, expect, it } from 'vitest';
import { covered, digestOf, unconfirmed, workflowCode, workflowFiles } from './digest.ts';

const WHAT_TO_DO = [
  'Workflow code has changed since it was last confirmed that the histories cover it. Customers run it: see docs/guides/changing-the-workflow.md.',
  '1. Every history must replay: vitest run test/replay. If one does not, put the change behind patched() or into new rules.',
  '2. A path that no history takes: add a scene, and capture it: vitest run --config test/replay/capture.config.ts -t "<scene>".',
  "3. Confirm: node test/replay/confirm.ts '<which path covers the change>', and commit covered.json with it.",
].join('\n');

describe('the workflow code', () => {
  it('is the code that was confirmed to be covered by the histories', () => {
    const changed = unconfirmed(covered(), workflowCode());
    expect(changed.length === 0 ? '' : `${WHAT_TO_DO}\nChanged: ${changed.join(', ')}`).toBe('');
  });

  it('is all that a workflow runs, and nothing of what it only knows by type', () => {
    const files = workflowFiles();
    expect(files).toContain('src/workflows/effects.ts');
    expect(files).toContain('src/lifecycle/apply.ts');
    expect(files.filter((path) => !/^src\/(?:workflows|lifecycle)\//.test(path))).toEqual([]);
  });

  it('counts as changed by what it does, not by comments, layout or types', () => {
    const code = `export function later(at: number): number {\n  return at + 1000;\n}\n`;
    expect(digestOf(`/** Adds. */\nexport function later(at: number) {\n\n    return at + 1000; // ms\n}`)).toBe(digestOf(code));
    expect(digestOf(code.replace('1000', '1001'))).not.toBe(digestOf(code));
    expect(digestOf(`const text = 'a // b';`)).not.toBe(digestOf(`const text = 'a // c';`));
  });

  it('is not confirmed when a file is changed, new or gone', () => {
    const confirmed = { a: ['1', ''], b: ['2', ''], c: ['3', ''] } as const;
    expect(unconfirmed(confirmed, { a: '1', b: '9', d: '4' })).toEqual(['b', 'c', 'd']);
  });
});
