import { stripVTControlCharacters } from 'node:util';

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Takes two columns: CJK letters and their punctuation, full-width forms, emoji (Unicode TR 11, classes W and F). */
const wide =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\p{Emoji_Presentation}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]|\ufe0f/u;

/** Takes no column: marks that join the letter before them, and invisible format characters. */
const invisible = /^[\p{Mark}\p{Format}\p{Control}]+$/u;

/** Columns that a terminal gives this text; colour codes count nothing. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const { segment } of graphemes.segment(stripVTControlCharacters(text))) {
    if (!invisible.test(segment)) width += wide.test(segment) ? 2 : 1;
  }
  return width;
}

/** Fills with spaces to the width; longer text stays as it is. */
export function pad(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const filling = ' '.repeat(Math.max(0, width - displayWidth(text)));
  return align === 'left' ? text + filling : filling + text;
}

/**
 * Makes text from outside safe on a terminal: control characters and those that turn the writing direction appear as `\u001b` and the
 * like, so a stored call can neither move the cursor nor forge a line.
 */
export function visible(text: string): string {
  return text.replaceAll(
    /[\p{Control}\u2028-\u202e\u2066-\u2069]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
