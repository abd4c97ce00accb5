/**
 * A JSON reader for signed bodies. It differs from `JSON.parse` in what a signature check needs: numbers keep their spelling and
 * members their order (both are part of the signed text, saas.md 4.4.5), and what two readers could understand differently is refused.
 */

/** A number as it was written: `1.0` and `1` are equal values but different signed texts. */
export class SpelledNumber {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type JsonValue = null | boolean | string | SpelledNumber | readonly JsonValue[] | JsonObject;

/** A Map, because a plain object would move members with integer names to the front. */
export interface JsonObject extends ReadonlyMap<string, JsonValue> {}

/** The text is not JSON as we accept it. `reason` is ASCII and holds no value of the text; `position` counts UTF-16 units from 0. */
export class JsonRefused extends Error {
  override readonly name = 'JsonRefused';
  readonly code = 'JSON_REFUSED';
  readonly reason: string;
  readonly position: number;
  constructor(reason: string, position: number) {
    super(`${reason} at position ${position}`);
    this.reason = reason;
    this.position = position;
  }
}

export interface JsonLimits {
  /** Deepest nesting of objects and arrays; the outermost one counts as 1. Default 32. */
  readonly depth?: number;
}

interface Cursor {
  readonly text: string;
  readonly deepest: number;
  at: number;
  depth: number;
}

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const BLANK = /[ \t\n\r]*/y;
const WORDS = [['null', null], ['true', true], ['false', false]] as const;
const PRINTABLE_NAME = /^[A-Za-z0-9_.-]{1,64}$/;

/**
 * Reads one JSON value from UTF-8 bytes or text. Throws JsonRefused for bytes that are not UTF-8 (position 0), anything that is not JSON,
 * a byte order mark, duplicate or `__proto__` members at any level, too deep nesting and text after the value.
 */
export function readJson(source: Uint8Array | string, limits: JsonLimits = {}): JsonValue {
  const cursor: Cursor = { text: typeof source === 'string' ? source : decode(source), deepest: limits.depth ?? 32, at: 0, depth: 0 };
  const value = readValue(cursor);
  skipBlank(cursor);
  if (cursor.at < cursor.text.length) throw new JsonRefused('text after the JSON value', cursor.at);
  return value;
}

export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return value instanceof Map;
}

/**
 * The text KooGallery signs: compact, top-level members ascending by UTF-16 code unit, top-level nulls left out; spellings of numbers,
 * non-ASCII characters and the order inside nested values kept. saas.md 4.4.3-4.4.5,
 * https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649476.html
 */
export function canonical(object: JsonObject): string {
  const members = [...object.entries()].filter(([, value]) => value !== null).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return writeMembers(members);
}

function writeMembers(members: Iterable<readonly [string, JsonValue]>): string {
  return `{${Array.from(members, ([name, value]) => `${JSON.stringify(name)}:${writeValue(value)}`).join(',')}}`;
}

function writeValue(value: JsonValue): string {
  if (value instanceof SpelledNumber) return value.text;
  if (Array.isArray(value)) return `[${value.map(writeValue).join(',')}]`;
  if (isJsonObject(value)) return writeMembers(value);
  return JSON.stringify(value);
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new JsonRefused('bytes that are not UTF-8', 0);
  }
}

function skipBlank(cursor: Cursor): void {
  BLANK.lastIndex = cursor.at;
  BLANK.exec(cursor.text);
  cursor.at = BLANK.lastIndex;
}

/** Steps over `character` and the blanks before it; says whether it was there. */
function take(cursor: Cursor, character: string): boolean {
  skipBlank(cursor);
  if (cursor.text[cursor.at] !== character) return false;
  cursor.at += 1;
  return true;
}

function expect(cursor: Cursor, character: string): void {
  if (!take(cursor, character)) throw new JsonRefused(`expected ${character}`, cursor.at);
}

function readValue(cursor: Cursor): JsonValue {
  skipBlank(cursor);
  const first = cursor.text[cursor.at];
  if (first === undefined) throw new JsonRefused('text ends too early', cursor.at);
  if (first === '"') return readString(cursor);
  if (first === '{' || first === '[') {
    cursor.depth += 1;
    if (cursor.depth > cursor.deepest) throw new JsonRefused(`nesting deeper than ${cursor.deepest}`, cursor.at);
    cursor.at += 1;
    const value = first === '{' ? readMembers(cursor) : readElements(cursor);
    cursor.depth -= 1;
    return value;
  }
  for (const [word, value] of WORDS) {
    if (cursor.text.startsWith(word, cursor.at)) {
      cursor.at += word.length;
      return value;
    }
  }
  NUMBER.lastIndex = cursor.at;
  const number = NUMBER.exec(cursor.text);
  if (number === null) throw new JsonRefused('expected a JSON value', cursor.at);
  cursor.at = NUMBER.lastIndex;
  return new SpelledNumber(number[0]);
}

function readMembers(cursor: Cursor): JsonObject {
  const members = new Map<string, JsonValue>();
  if (take(cursor, '}')) return members;
  do {
    skipBlank(cursor);
    const start = cursor.at;
    if (cursor.text[start] !== '"') throw new JsonRefused('expected a member name', start);
    const name = readString(cursor);
    if (name === '__proto__') throw new JsonRefused('member __proto__', start);
    if (members.has(name)) throw new JsonRefused(`duplicate member${PRINTABLE_NAME.test(name) ? ` ${name}` : ''}`, start);
    expect(cursor, ':');
    members.set(name, readValue(cursor));
  } while (take(cursor, ','));
  expect(cursor, '}');
  return members;
}

function readElements(cursor: Cursor): readonly JsonValue[] {
  const elements: JsonValue[] = [];
  if (take(cursor, ']')) return elements;
  do elements.push(readValue(cursor));
  while (take(cursor, ','));
  expect(cursor, ']');
  return elements;
}

function readString(cursor: Cursor): string {
  const start = cursor.at;
  let end = start + 1;
  while (end < cursor.text.length && cursor.text[end] !== '"') end += cursor.text[end] === '\\' ? 2 : 1;
  if (end >= cursor.text.length) throw new JsonRefused('text ends inside a string', cursor.text.length);
  cursor.at = end + 1;
  try {
    return String(JSON.parse(cursor.text.slice(start, cursor.at)));
  } catch {
    throw new JsonRefused('string with a bad escape or a control character', start);
  }
}
