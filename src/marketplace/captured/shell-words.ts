/** The command line cannot be taken apart. Holds nothing of its text. */
export class NotShell extends Error {
  override readonly name = 'NotShell';
  readonly code = 'NOT_SHELL';
}

const ANSI_C: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', a: '\u0007', b: '\b', e: '\u001b', f: '\f', v: '\v' };
const ANSI_CODE = /^(?:x([0-9A-Fa-f]{1,2})|u([0-9A-Fa-f]{1,4})|U([0-9A-Fa-f]{1,8})|([0-7]{1,3}))/;

interface Piece {
  readonly text: string;
  readonly end: number;
}

/**
 * Splits one command as a POSIX shell or bash would: blanks, quotes of three kinds (`$'…'` as browsers copy it), backslashes and continued
 * lines. Nothing is expanded: `$NAME` stays as it is. Throws NotShell for a quote without end.
 */
export function shellWords(text: string): string[] {
  const words: string[] = [];
  let word: string | null = null;
  let at = 0;
  while (at < text.length) {
    const rest = text.slice(at, at + 3);
    const blank = /^(?:\\\r?\n|[ \t\r\n])/.exec(rest)?.[0];
    if (blank !== undefined) {
      // A continued line joins what stands on both its sides; blanks end a word.
      if (!blank.startsWith('\\') && word !== null) {
        words.push(word);
        word = null;
      }
      at += blank.length;
      continue;
    }
    const piece = nextPiece(text, at);
    word = (word ?? '') + piece.text;
    at = piece.end;
  }
  if (word !== null) words.push(word);
  return words;
}

function nextPiece(text: string, at: number): Piece {
  if (text.startsWith("$'", at)) return ansiC(text, at + 2);
  const first = text[at];
  if (first === "'") {
    const end = text.indexOf("'", at + 1);
    if (end < 0) throw new NotShell('a single quote has no end');
    return { text: text.slice(at + 1, end), end: end + 1 };
  }
  if (first === '"') return doubleQuoted(text, at + 1);
  if (first === '\\') return { text: text.slice(at + 1, at + 2), end: at + 2 };
  return { text: first ?? '', end: at + 1 };
}

/** Only four characters and a line end can be escaped here; before others the backslash stands for itself. */
function doubleQuoted(text: string, start: number): Piece {
  let value = '';
  for (let at = start; at < text.length; at += 1) {
    const one = text[at] ?? '';
    if (one === '"') return { text: value, end: at + 1 };
    const escaped = one === '\\' ? /^[$`"\\\n]/.exec(text.slice(at + 1))?.[0] : undefined;
    if (escaped !== undefined) at += 1;
    value += escaped === '\n' ? '' : (escaped ?? one);
  }
  throw new NotShell('a double quote has no end');
}

function ansiC(text: string, start: number): Piece {
  let value = '';
  let at = start;
  while (at < text.length) {
    const one = text[at] ?? '';
    if (one === "'") return { text: value, end: at + 1 };
    if (one !== '\\') {
      value += one;
      at += 1;
      continue;
    }
    const code = ANSI_CODE.exec(text.slice(at + 1, at + 10));
    const [whole, hex, unit, long, octal] = code ?? [];
    if (whole === undefined) {
      const letter = text[at + 1] ?? '';
      value += ANSI_C[letter] ?? letter;
      at += 2;
      continue;
    }
    const point = octal === undefined ? Number.parseInt(hex ?? unit ?? long ?? '0', 16) : Number.parseInt(octal, 8);
    if (point > 0x10ffff) throw new NotShell('an escape names no character');
    // Browsers write characters outside the first plane as two \u escapes.
    value += unit === undefined ? String.fromCodePoint(point) : String.fromCharCode(point);
    at += 1 + whole.length;
  }
  throw new NotShell("a quote that began with $' has no end");
}
