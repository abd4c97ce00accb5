import type { Source } from '../architecture/source.ts';

/** One line that a reader could type, without prompt, variables before it, redirection or comment. */
export interface NamedCommand {
  readonly program: 'kookeeper' | 'npm';
  readonly words: readonly string[];
}

const FENCE = /^```(\w*)\n([\s\S]*?)^```$/gm;
const PROGRAM = /^(?:npx kookeeper|kookeeper|node bin\/kookeeper\.js|(npm))(?:\s+|$)/;
/** First words of commands that have verbs: `instance list --needs-person` says enough in a sentence. */
const GROUPS = ['instance', 'calls', 'market', 'config'];

export function codeSpans({ text }: Source): string[] {
  return Array.from(text.replaceAll(FENCE, '').matchAll(/`([^`\n]+)`/g), ([, span = '']) => span);
}

/** Lines of the code blocks as they are indented in lists too; diagrams are pictures. */
export function codeLines({ text }: Source): string[] {
  const blocks = Array.from(text.replaceAll(/^ +/gm, '').matchAll(FENCE)).filter(([, language]) => language !== 'mermaid');
  return blocks.flatMap(([, , body = '']) => body.split('\n')).filter((line) => line !== '');
}

export function namedCommands(page: Source): NamedCommand[] {
  return [...codeLines(page).flatMap((line) => typed(line)), ...codeSpans(page).flatMap((span) => [...typed(span), ...shortened(span)])];
}

function typed(line: string): NamedCommand[] {
  return line
    .replace(/^\$ /, '')
    .split(/ && |; | \| /)
    .flatMap((part) => {
      const command = part.replace(/^(?:export )?(?:[A-Z_]+=\S* +)*/, '').replace(/\s+(?:#|\d?>).*$/, '').trim();
      const found = PROGRAM.exec(command);
      return found === null ? [] : [{ program: found[1] === undefined ? 'kookeeper' : 'npm', words: wordsOf(command.slice(found[0].length)) } as const];
    });
}

function shortened(span: string): NamedCommand[] {
  const words = wordsOf(span);
  return words.length > 1 && GROUPS.includes(words[0] ?? '') ? [{ program: 'kookeeper', words }] : [];
}

function wordsOf(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '' && word !== '…');
}
