import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonical, isJsonObject, JsonRefused, readJson, SpelledNumber, type JsonObject, type JsonValue } from '../../src/marketplace/json.ts';

function readObject(text: string): JsonObject {
  const value = readJson(text);
  if (!isJsonObject(value)) throw new Error('not an object');
  return value;
}

/** What `JSON.parse` would have made of it. */
function plain(value: JsonValue): unknown {
  if (value instanceof SpelledNumber) return Number(value.text);
  if (isJsonObject(value)) return Object.fromEntries([...value].map(([name, member]) => [name, plain(member)]));
  return Array.isArray(value) ? value.map(plain) : value;
}

function refusal(source: string | Uint8Array): JsonRefused {
  try {
    readJson(source);
  } catch (error) {
    if (error instanceof JsonRefused) return error;
    throw error;
  }
  throw new Error('was accepted');
}

/** Any error other than JsonRefused is a bug and comes through. */
function accepted(text: string): boolean {
  try {
    readJson(text);
    return true;
  } catch (error) {
    if (error instanceof JsonRefused) return false;
    throw error;
  }
}

const json = fc.json({ maxDepth: 6 }).filter((text) => !text.includes('__proto__'));
const numberText = fc
  .tuple(fc.constantFrom('', '-'), fc.bigInt({ min: 0n, max: 10n ** 30n }), fc.stringMatching(/^(\.[0-9]{1,8})?$/), fc.stringMatching(/^([eE][+-]?[0-9]{1,3})?$/))
  .map(([sign, whole, fraction, exponent]) => `${sign}${whole}${fraction}${exponent}`);

describe('reading', () => {
  test('agrees with JSON.parse on whatever it accepts', () => {
    fc.assert(
      fc.property(json, (text) => {
        expect(plain(readJson(text))).toEqual(JSON.parse(text));
      }),
    );
  });

  test('accepts nothing that JSON.parse refuses', () => {
    const almost = fc.tuple(json, fc.nat(), fc.string({ maxLength: 2 })).map(([text, at, noise]) => {
      const cut = at % (text.length + 1);
      return text.slice(0, cut) + noise + text.slice(cut + 1);
    });
    fc.assert(
      fc.property(almost, (text) => {
        fc.pre(accepted(text));
        expect(() => JSON.parse(text)).not.toThrow();
      }),
      { numRuns: 300, maxSkipsPerRun: 1000 },
    );
  });

  test('keeps the spelling of every number', () => {
    fc.assert(
      fc.property(numberText, (text) => {
        expect(readJson(text)).toEqual(new SpelledNumber(text));
      }),
    );
  });

  test.each([
    ['text after the value', '{} x', 'text after the JSON value', 3],
    ['a byte order mark', '\uFEFF{}', 'expected a JSON value', 0],
    ['an early end', '{"a":', 'text ends too early', 5],
    ['an open string', '{"a', 'text ends inside a string', 3],
    ['a string that ends in a backslash', '"a\\', 'text ends inside a string', 3],
    ['a raw control character', '"a\nb"', 'string with a bad escape or a control character', 0],
    ['a bad escape', '"\\x41"', 'string with a bad escape or a control character', 0],
    ['a leading zero', '01', 'text after the JSON value', 1],
    ['a lone dot', '[.5]', 'expected a JSON value', 1],
    ['a trailing comma', '{"a":1,}', 'expected a member name', 7],
    ['NaN', 'NaN', 'expected a JSON value', 0],
    ['single quotes', "{'a':1}", 'expected a member name', 1],
    ['a duplicate member', '{"a":1,"a":1}', 'duplicate member a', 7],
    ['a duplicate by escape', '{"a":1,"\\u0061":1}', 'duplicate member a', 7],
    ['a duplicate deep inside', '[{"x":{"b":1,"b":2}}]', 'duplicate member b', 13],
    ['__proto__', '{"__proto__":{}}', 'member __proto__', 1],
    ['__proto__ deep inside, escaped', '{"a":[{"\\u005f_proto__":1}]}', 'member __proto__', 7],
  ])('refuses %s', (_name, text, reason, position) => {
    expect(refusal(text)).toMatchObject({ reason, position });
  });

  test('refuses a duplicate member without repeating a name that is not plain', () => {
    expect(refusal('{"商\\n":1,"商\\n":2}').message).toBe('duplicate member at position 9');
  });

  test('refuses bytes that begin with a byte order mark', () => {
    expect(refusal(Buffer.from('\uFEFF{}')).reason).toBe('expected a JSON value');
  });

  test('refuses bytes that are not UTF-8', () => {
    expect(refusal(Uint8Array.from([0x22, 0xc3, 0x28, 0x22])).reason).toBe('bytes that are not UTF-8');
    expect(refusal(Uint8Array.from([0x22, 0xed, 0xa0, 0x80, 0x22])).reason).toBe('bytes that are not UTF-8');
  });

  test('takes 32 levels and refuses the 33rd', () => {
    const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
    expect(() => readJson(nested(32))).not.toThrow();
    expect(refusal(nested(33))).toMatchObject({ reason: 'nesting deeper than 32', position: 32 });
    expect(refusal('{"a":'.repeat(100_000)).reason).toBe('nesting deeper than 32');
    expect(() => readJson(`[${'[],'.repeat(100)}[]]`)).not.toThrow();
  });
});

describe('canonical form', () => {
  test('is stable', () => {
    const object = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 4 })).map((value) => JSON.stringify(value)).filter((text) => !text.includes('__proto__'));
    fc.assert(
      fc.property(object, (text) => {
        const once = canonical(readObject(text));
        expect(canonical(readObject(once))).toBe(once);
      }),
    );
  });

  test('sorts the top level by UTF-16 code units and leaves nested order alone', () => {
    expect(canonical(readObject('{"b":{"z":1,"10":2,"9":null},"a":1,"B":2,"\u{1F600}":3,"\uFF21":4}'))).toBe('{"B":2,"a":1,"b":{"z":1,"10":2,"9":null},"\u{1F600}":3,"\uFF21":4}');
  });

  test('drops nulls of the top level only', () => {
    expect(canonical(readObject('{ "a" : null , "b" : [ null , { "c" : null } ] }'))).toBe('{"b":[null,{"c":null}]}');
  });

  test('keeps number spellings and does not escape what is not ASCII', () => {
    expect(canonical(readObject('{"n":1.00,"e":1E+2,"t":"\\u6d4b\\/","big":12345678901234567890}'))).toBe('{"big":12345678901234567890,"e":1E+2,"n":1.00,"t":"测/"}');
  });
});
