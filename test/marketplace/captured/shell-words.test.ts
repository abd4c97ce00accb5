import { execFileSync } from 'node:child_process';
import { describe, expect, it, test } from 'vitest';
import { shellWords } from '../../../src/marketplace/captured/shell-words.ts';

/** What a real shell makes of the same text. */
function byShell(command: string): string[] {
  const output = execFileSync('bash', ['--norc', '-c', `printf '%s\\0' ${command}`], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], env: { LC_ALL: 'C.UTF-8', PATH: process.env['PATH'] } });
  return output.split('\0').slice(0, -1);
}

describe('a command line', () => {
  test.each([
    'plain words  apart',
    `'single \\ "quoted"'`,
    `"double \\" \\\\ \\x 'quoted'"`,
    `a'b'"c"d`,
    `one \\\n two\\\nthree`,
    `$'a\\'b\\n\\t\\u5b9e\\x41\\101\\\\'`,
    `'' "" x`,
    `back\\ slash \\'quote`,
    `"line\\\nbreak"`,
  ])('is split as bash splits it: %s', (command) => {
    expect(shellWords(command)).toEqual(byShell(command));
  });

  it('joins the two halves of a character as browsers escape it', () => {
    expect(shellWords(`$'\\ud83d\\ude00'`)).toEqual(['😀']);
  });

  it('expands nothing', () => {
    expect(shellWords('"$HOME" `date` $(x)')).toEqual(['$HOME', '`date`', '$(x)']);
  });

  test.each([`'open`, `"open`, `$'open`])('must be whole: %s', (command) => {
    expect(() => shellWords(command)).toThrow(expect.objectContaining({ code: 'NOT_SHELL' }));
  });
});
