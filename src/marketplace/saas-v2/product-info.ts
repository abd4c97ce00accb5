import { z } from 'zod';
import type { ChangeTarget } from '../dialect.ts';
import { isJsonObject, readJson, type JsonValue } from '../json.ts';
import { optional, spelling } from './members.ts';

const LONGEST_TEXT = 4096;
const WRONG_SHAPE = 'must be one product as an object, an array of one, or either as JSON text';

/**
 * The pages do not print the members of `productInfo`; these are the order query's (saas.md §3.8), none of them demanded, so that a probe
 * with other names still passes.
 */
const members = z.object({
  productId: optional(64),
  skuCode: optional(64),
  linearValue: optional(10).pipe(
    z
      .string()
      .regex(/^[0-9]+$/, 'must be a whole number')
      .transform(Number)
      .nullable(),
  ),
});

/** Arrives as an object, as an array of one, or as either in JSON text. */
export const productInfo = z.custom<JsonValue | undefined>().transform((value, context): ChangeTarget => {
  const object = value === undefined ? undefined : target(value);
  if (object !== undefined && isJsonObject(object) && object.size > 0) {
    const result = members.safeParse(Object.fromEntries([...object].map(([name, member]) => [name, spelling(member)])));
    if (result.success) return result.data;
    for (const issue of result.error.issues) context.addIssue({ code: 'custom', message: issue.message, path: issue.path });
    return z.NEVER;
  }
  context.addIssue({ code: 'custom', message: value === undefined ? 'is missing or empty' : WRONG_SHAPE });
  return z.NEVER;
});

function target(value: JsonValue): JsonValue | undefined {
  const read = typeof value === 'string' ? fromText(value) : value;
  return Array.isArray(read) && read.length === 1 ? read[0] : read;
}

function fromText(text: string): JsonValue | undefined {
  if (text.length > LONGEST_TEXT) return undefined;
  try {
    return readJson(text);
  } catch {
    return undefined;
  }
}
