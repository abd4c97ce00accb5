import { z } from 'zod';
import type { Refusal } from '../dialect.ts';
import { SpelledNumber, type JsonObject, type JsonValue } from '../json.ts';
import { storable } from '../text.ts';
import { readExpireTime } from '../times.ts';

/**
 * The members of V2.0 bodies as zod schemas. Every value is a JSON string on the wire (saas.md §3.1), so a number or boolean is read as its
 * spelling, and a null or blank member counts as absent. Lengths are UTF-16 units.
 */

/** An M member of the page's table. */
export function required(max: number) {
  return z
    .string({ error: ({ input }) => (input === undefined ? 'is missing or empty' : 'must be text') })
    .max(max, `is longer than ${max} characters`)
    .refine(storable, 'has control characters or broken text');
}

/** An O member; null when absent. */
export function optional(max: number) {
  return required(max)
    .optional()
    .transform((text) => text ?? null);
}

/** One of the words the page lists. */
export function word<const Words extends readonly [string, ...string[]]>(max: number, words: Words) {
  return required(max).pipe(z.enum(words, { error: `must be one of ${words.join(', ')}` }));
}

/** UTC ms. Declared as 14 digits, printed with 17 in the example (saas.md 8.7). */
export const expireTime = required(20).transform((text, context) => {
  const at = readExpireTime(text);
  if (at !== null) return at;
  context.addIssue({ code: 'custom', message: 'must be a real UTC time yyyyMMddHHmmss, with or without milliseconds' });
  return z.NEVER;
});

/** Largest number of ids in one query (saas.md §3.3). */
export const MOST_IDS = 100;

/**
 * Ids separated by commas, each once, in the order asked. The table's length of 100 contradicts its own 100 ids and is not enforced
 * (saas.md 8.6); an id longer than any of ours is simply unknown.
 */
export const instanceIds = required(Number.POSITIVE_INFINITY).transform((text, context) => {
  const ids = text.split(',').map((id) => id.trim());
  const problem = ids.includes('') ? 'has an empty id' : ids.length > MOST_IDS ? `has more than ${MOST_IDS} ids` : null;
  if (problem === null) return [...new Set(ids)];
  context.addIssue({ code: 'custom', message: problem });
  return z.NEVER;
});

/** As much of a zod object as reading needs. */
export interface MemberSchema<Members> {
  readonly shape: Readonly<Record<string, unknown>>;
  safeParse(value: unknown): z.ZodSafeParseResult<Members>;
}

export interface MembersRead<Members> {
  readonly refused: false;
  readonly members: Members;
}

/** Reads what the schema names out of a body, unknown members ignored; or the refusal naming the first member that breaks its rule. */
export function readMembers<Members>(schema: MemberSchema<Members>, body: JsonObject): MembersRead<Members> | Refusal {
  const wanted = Object.keys(schema.shape).map((name) => [name, spelling(body.get(name))]);
  const result = schema.safeParse(Object.fromEntries(wanted));
  if (result.success) return { refused: false, members: result.data };
  const [issue] = result.error.issues;
  return { refused: true, code: '000002', message: `${issue?.path.join('.') ?? 'body'} ${issue?.message ?? 'is not acceptable'}` };
}

/** A member's value as the schemas expect it: text, undefined for absent, or the object or array as it was read. */
export function spelling(value: JsonValue | undefined): string | undefined | readonly JsonValue[] | JsonObject {
  if (value === undefined || value === null) return undefined;
  if (value instanceof SpelledNumber) return value.text;
  if (typeof value === 'boolean') return String(value);
  return typeof value === 'string' && value.trim() === '' ? undefined : value;
}
