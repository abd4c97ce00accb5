import { describe, expect, it } from 'vitest';
import { read, sources } from './source.ts';

const code = sources('src', 'test', 'bench', 'bin').filter(({ path }) => /\.(?:ts|js)$/.test(path));

describe('the files', () => {
  it('are no longer than 300 lines', () => {
    const long = code.map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 })).filter(({ lines }) => lines > 300);
    expect(long).toEqual([]);
  });

  it('leave nothing marked as unfinished', () => {
    const marked = code.flatMap(({ path, text }) =>
      text.split('\n').flatMap((line, index) => (/\b(?:TO(?:DO)|FIX(?:ME))\b/.test(line) ? [`${path}:${index + 1}`] : [])),
    );
    expect(marked).toEqual([]);
  });

  it('are named for what they hold, not utils, helpers or manager', () => {
    const names = code.map(({ path }) => path).filter((path) => /(?:^|[/-])(?:utils?|helpers?|managers?)(?:[/.-]|$)/.test(path));
    expect(names).toEqual([]);
  });

  it('of src are TypeScript only, for tsc alone makes the package', () => {
    expect(sources('src').map(({ path }) => path).filter((path) => !/(?<!\.d)\.ts$/.test(path))).toEqual([]);
  });

  it('of src name no sibling by its .ts name outside an import, for the package holds .js', () => {
    const named = sources('src').filter(({ text }) => /new URL\(\s*['"`][^'"`]*\.ts['"`]/.test(text));
    expect(named.map(({ path }) => path)).toEqual([]);
  });
});

describe('the dependencies', () => {
  const manifest: Record<string, Record<string, string>> = JSON.parse(read('package.json'));
  const lock: { packages: Record<string, { resolved?: string; dependencies?: Record<string, string> }> } = JSON.parse(read('package-lock.json'));

  it('are pinned exactly', () => {
    const all = { ...manifest['dependencies'], ...manifest['devDependencies'], ...manifest['optionalDependencies'] };
    expect(Object.entries(all).filter(([, version]) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version))).toEqual([]);
  });

  it('come from whatever registry npm is set to: the lockfile names none', () => {
    const entries = Object.entries(lock.packages);
    expect(entries.length).toBeGreaterThan(100);
    expect(entries.filter(([, entry]) => entry.resolved !== undefined).map(([path]) => path)).toEqual([]);
  });
});
