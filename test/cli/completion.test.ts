import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SHELLS } from '../../src/cli/completion-scripts.ts';
import { commands } from '../../src/cli/main.ts';
import { suggest } from '../../src/cli/completion.ts';
import { KITS } from '../../src/conformance/kits.ts';
import { run } from './run.ts';

const values = async (...words: readonly string[]) => (await suggest(commands, words)).map(({ value }) => value);

describe('the words that may stand where the cursor is', () => {
  it.each([
    ['a command', ['ch'], ['check']],
    ['a verb of a group', ['config', ''], ['show']],
    ['a command behind a flag of all commands', ['--output', 'json', 'calls', 's'], ['show']],
    ['nothing behind a command that does not exist', ['nonsense', ''], []],
    ['a flag', ['check', 'http://x', '--base'], ['--baseline']],
    ['a flag of all commands, at the front too', ['--col'], ['--color']],
    ['the words of a flag', ['check', '--fail-on', ''], ['failure', 'warning']],
    ['the formats of this command', ['check', '--output', 'g'], ['github']],
    ['and of another', ['config', 'show', '--output', ''], ['text', 'json', 'jsonl']],
    ['nothing for a flag that takes a file', ['check', '--baseline', ''], []],
    ['the flags of what a group alone means', ['market', '--sell'], ['--seller']],
    ['kinds of report, one after another', ['check', '--report', 'html,j'], ['html,junit', 'html,json']],
    ['kinds that are not named yet', ['check', '--report', 'html,'], ['html,junit', 'html,json']],
    ['a value behind =, as bash splits it', ['check', '--lang', '=', 'z'], ['zh']],
    ['and with nothing typed yet', ['check', '--lang', '='], ['en', 'zh']],
    ['and whole, as zsh and fish hand it over', ['check', '--lang=z'], ['--lang=zh']],
    ['an activity as the second argument', ['send', 'http://x', 'newI'], ['newInstance']],
    ['an activity behind a switch', ['sign', '--live', 'rel'], ['releaseInstance']],
    ['a shell', ['completion', 'z'], ['zsh']],
    ['no flag behind --', ['sign', '--', '--li'], []],
  ])('%s', async (_, words, expected) => {
    expect(await values(...words)).toEqual(expected);
  });

  it('are groups and ids of every check for --only and --skip', async () => {
    for (const flag of ['--only', '--skip']) {
      expect(await values('check', flag, 'auth.valid,que')).toEqual(['auth.valid,query', ...KITS['saas-v2'].filter(({ id }) => id.startsWith('query.')).map(({ id }) => `auth.valid,${id}`)]);
    }
    const all = await values('check', '--only', '');
    expect(KITS['saas-v2'].filter(({ id }) => !all.includes(id))).toEqual([]);
  });

  it('are all commands at first', async () => {
    expect(await values('')).toEqual([...new Set(commands.map(({ name }) => name.split(' ')[0]))]);
  });

  it('come as lines, what each means behind a tab, or as JSON', async () => {
    expect((await run(['completion', 'words', '--', 'check', '--li'], {}, '/')).stdout).toMatch(/^--live\talso what creates instances: .*\n$/);
    expect(JSON.parse((await run(['completion', 'words', '--output', 'json', '--', 'che'], {}, '/')).stdout)).toEqual({ words: [expect.objectContaining({ value: 'check' })] });
  });
});

describe('kookeeper completion', () => {
  it.each(SHELLS)('prints what %s reads', async (shell) => {
    expect(await run(['completion', shell], {}, '/')).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining(`# ${shell} completion for kookeeper\n`) });
    expect(JSON.parse((await run(['completion', shell, '--output', 'json'], {}, '/')).stdout)).toMatchObject({ shell });
  });

  it('refuses a shell that it does not know, and says in its help how to install', async () => {
    expect(await run(['completion', 'bahs'], {}, '/')).toMatchObject({ code: 2, stderr: expect.stringContaining('did you mean bash?') });
    expect((await run(['completion', '--help'], {}, '/')).stdout).toMatch(/eval "\$\(kookeeper completion bash\)" .* ~\/\.bashrc/);
  });
});

function present(shell: string): boolean {
  return spawnSync(shell, ['-c', 'exit 0']).status === 0;
}

describe('in a real shell', () => {
  let folder: string;
  let env: NodeJS.ProcessEnv;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'kookeeper-completion-'));
    mkdirSync(join(folder, 'bin'));
    symlinkSync(join(import.meta.dirname, '../../bin/kookeeper.js'), join(folder, 'bin/kookeeper'));
    writeFileSync(join(folder, 'a-baseline.json'), '{}');
    env = { ...process.env, HOME: folder, PATH: [join(folder, 'bin'), dirname(process.execPath), process.env['PATH']].join(delimiter) };
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const shell = (name: string, script: string): string => {
    const { stdout, stderr, status } = spawnSync(name, name === 'bash' ? ['--norc', '--noprofile', '-c', script] : ['-c', script], { cwd: folder, env, encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
    return stdout;
  };

  /** What readline does on TAB: the words of the line, split at its break characters, in COMP_WORDS. */
  const tab = (words: readonly string[]): readonly string[] => {
    const quoted = words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
    const script = `eval "$(kookeeper completion bash)"; eval "$(kookeeper completion bash)"; COMP_WORDS=(${quoted}); COMP_CWORD=$(( \${#COMP_WORDS[@]} - 1 )); $(complete -p kookeeper | sed 's/.*-F \\([^ ]*\\) .*/\\1/') kookeeper; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return shell('bash', script).split('\n').filter((line) => line !== '');
  };

  it.skipIf(!present('bash'))('bash completes commands, flags and ids of checks', { timeout: 60_000 }, () => {
    expect(tab(['kookeeper', 'che'])).toEqual(['check']);
    expect(tab(['kookeeper', 'check', '--only', 'auth.future'])).toEqual(['auth.future-stamp', 'auth.future-stamp-seconds']);
    expect(tab(['kookeeper', 'check', '--only', '=', 'body.prot'])).toEqual(['body.proto', 'body.proto-signature']);
    expect(tab(['kookeeper', 'check', '--bas'])).toEqual(['--baseline']);
    expect(tab(['kookeeper', 'check', '--baseline', 'a-'])).toEqual([]);
  });

  it.skipIf(!present('bash'))('bash never evaluates what is typed', { timeout: 60_000 }, () => {
    expect(tab(['kookeeper', 'check', '$(touch evaluated)', '`touch evaluated`', '; touch evaluated', '--li'])).toEqual(['--live']);
    expect(spawnSync('ls', { cwd: folder, encoding: 'utf8' }).stdout).not.toContain('evaluated');
  });

  it.skipIf(!present('zsh'))('zsh reads its script', { timeout: 60_000 }, () => {
    expect(shell('zsh', 'autoload -Uz compinit && compinit -u && eval "$(kookeeper completion zsh)" && print -r -- $_comps[kookeeper]')).toBe('_kookeeper\n');
  });

  it.skipIf(!present('fish'))('fish completes commands and ids of checks', { timeout: 60_000 }, () => {
    expect(shell('fish', 'kookeeper completion fish | source; complete -C "kookeeper check --only auth.future"')).toBe('auth.future-stamp\nauth.future-stamp-seconds\n');
  });
});
