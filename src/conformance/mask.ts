import { literally } from './literally.ts';

const MASKED = '***';

/** Members whose values are a buyer's access data (saas.md §3.3), or sound like a secret of the seller. */
const NAMES = String.raw`(?:frontEndUrl|adminUrl|userName|memo|[^"\\]*(?:passw|pwd|secret|token|access_?key|private_?key|licen[cs]e)[^"\\]*)`;
/** In JSON, in JSON that stands as text within JSON, and where the text was cut off in the middle of a value. */
const MEMBERS = new RegExp(String.raw`(\\*"${NAMES}\\*"\s*:\s*)(?:"(?:[^"\\]|\\.)*(?:"|\\?$)|\\+"[^"\\]*(?:\\+"|\\*$)|[^\s",{}[\]\\]+)`, 'gis');

/**
 * Takes secrets out of text that goes into a report: these, however they are spelled (escaped for JSON, a URL or HTML, as base64, in other case). A
 * seller may echo what it knows in an error.
 */
export function maskOf(secrets: readonly string[]): (text: string) => string {
  const spellings = [...new Set(secrets.flatMap(spellingsOf))].filter((text) => text !== '').toSorted((a, b) => b.length - a.length);
  if (spellings.length === 0) return (text) => text;
  const known = new RegExp(spellings.map((text) => literally(text)).join('|'), 'gi');
  return (text) => text.replace(known, MASKED);
}

/** Takes access data and what is named like a secret out of an answer. Their names stay, so that a reader sees that they are there. */
export function withoutAccessData(text: string): string {
  return text.replace(MEMBERS, `$1"${MASKED}"`);
}

function spellingsOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  const inJson = JSON.stringify(secret).slice(1, -1);
  return [secret, inJson, JSON.stringify(inJson).slice(1, -1), encodeURIComponent(secret), escaped(secret), bytes.toString('base64'), bytes.toString('base64url'), bytes.toString('hex')];
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
