import { expect, test } from 'vitest';
import { read } from '../architecture/source.ts';
import { run } from '../cli/run.ts';
import { namedCommands, type NamedCommand } from './named.ts';
import { pages } from './pages.ts';

const scripts: Readonly<Record<string, string>> = JSON.parse(read('package.json')).scripts;

/** What is wrong with a command line as written, by the program's own help; null when it could be typed. */
async function fault({ program, words }: NamedCommand): Promise<string | null> {
  const end = words.findIndex((word) => !/^[a-z-]+$/.test(word) || word.startsWith('-'));
  const asked = end < 0 ? words : words.slice(0, end);
  if (program === 'npm') {
    const script = asked[0] === 'run' ? (asked[1] ?? '') : (asked[0] ?? '');
    const line = scripts[script];
    if (line === undefined) return ['ci', 'install', 'pack'].includes(script) ? null : `npm knows no ${script}`;
    const after = words.includes('--') ? words.slice(words.indexOf('--') + 1) : [];
    return line.startsWith('node bin/kookeeper.js ') ? fault({ program: 'kookeeper', words: [...line.split(' ').slice(2), ...after] }) : null;
  }
  const help = await helpOf(asked.slice(0, 2));
  if (help === null) return `there is no kookeeper ${asked.join(' ')}`;
  const flags = words.filter((word) => /^--[a-z]/.test(word)).map((word) => word.replace(/=.*$/, ''));
  const strangers = flags.filter((flag) => !new RegExp(`^ +(?:-\\w, )?${flag}(?: |$)`, 'm').test(help));
  return strangers.length === 0 ? null : `kookeeper ${asked.join(' ')} knows no ${strangers.join(', ')}`;
}

/** Help of the command that the words begin with: two of them (`calls list`), one (`check`), or none for the program itself. Null when there is none. */
async function helpOf(words: readonly string[]): Promise<string | null> {
  // A group alone shows its verbs, but for `market`, which means `market start`.
  for (const name of words.join(' ') === 'market' ? [['market', 'start']] : [words, words.slice(0, 1)]) {
    const { code, stdout } = await run([...name, '--help'], {}, '.');
    const isGroup = stdout.startsWith(`Usage: kookeeper ${name.join(' ')} [options] [command]`);
    if (code === 0 && stdout.startsWith(['Usage: kookeeper', ...name, '['].join(' ')) && !(isGroup && words.length > name.length)) return stdout;
  }
  return null;
}

const written = pages().flatMap((page) => namedCommands(page).map((command) => ({ page: page.path, command })));

test('every command that a page names exists, with the flags that it is given', async () => {
  expect(written.length).toBeGreaterThan(200);
  const faults = await Promise.all(written.map(async ({ page, command }) => ({ page, fault: await fault(command) })));
  expect(faults.filter((found) => found.fault !== null)).toEqual([]);
});

test.each([
  ['npx kookeeper nonsense', 'there is no kookeeper nonsense'],
  ['npx kookeeper market haggle <order>', 'there is no kookeeper market haggle'],
  ['npx kookeeper check <url> --haste', 'kookeeper check knows no --haste'],
  ['instance list --needs-a-person', 'kookeeper instance list knows no --needs-a-person'],
  ['npm run nonsense', 'npm knows no nonsense'],
  ['npm run demo -- --twice', 'kookeeper demo knows no --twice'],
  ['KOOKEEPER_DATA=./x npx kookeeper market --seller <url>', null],
])('%s is judged so', async (line, verdict) => {
  const [command] = namedCommands({ path: 'page.md', text: `\`${line}\`` });
  expect(command && (await fault(command))).toBe(verdict);
});
