import { z } from 'zod';

import { didYouMean } from './nearest.ts';
import { duration, text, word } from './schemas.ts';
import type { Clocks, ProvisionerKind } from './types.ts';

/** A product as the file gives it, checked; its clocks are still laid over the general ones, its secrets still unread. */
export interface ProductRow {
  readonly productId: string | null;
  readonly skuCode: string | null;
  readonly provisioner: { readonly kind: ProvisionerKind; readonly options: Readonly<Record<string, unknown>> };
  readonly plan: Readonly<Record<string, unknown>>;
  readonly clocks: { readonly [K in keyof Clocks]?: Clocks[K] | undefined };
}

export const onExpiry = word(['freeze', 'tell']);
export const onRetention = word(['hold', 'release']);
export const onFailing = word(['retry', 'wait']);

const clocks = {
  warn: duration,
  graceStated: duration,
  graceEstimated: duration,
  retention: duration,
  keep: duration,
  createWindow: duration,
  onExpiry,
  onRetention,
  onFailing,
} satisfies Record<keyof Clocks, z.ZodType>;

/** What each clock is for, as errors say it. */
export const clockMend: Readonly<Record<keyof Clocks, string>> = {
  warn: 'How long before the expiry the seller is told; leave it out for 7d.',
  graceStated: 'From a stated expiry until kookeeper freezes by itself; leave it out for 8d.',
  graceEstimated: 'From an estimated expiry until kookeeper freezes by itself; leave it out for 30d.',
  retention: 'From that freeze until onRetention; leave it out for 15d.',
  keep: 'From a release until the data are removed; leave it out for 3d.',
  createWindow: 'From the first create call until the marketplace refunds; leave it out for 3h.',
  onExpiry: 'What happens when the grace is over; leave it out for freeze.',
  onRetention: 'What happens when the retention is over; leave it out for hold.',
  onFailing:
    'Whether a provisioning that keeps failing is tried until the create window ends (retry) or waits for a person after three rounds (wait); leave it out for retry.',
};

const provisioner = {
  kind: word(['sqlite-tenant', 'postgres-tenant']),
  options: record('is not an object of options').default({}),
};

const product = {
  productId: text.optional(),
  skuCode: text.optional(),
  provisioner: strict(provisioner),
  plan: record('is not an object').default({}),
  clocks: strict(withoutRequired(clocks)).default({}),
};

const productRow = strict(product)
  .refine((row) => row.productId !== undefined || row.skuCode !== undefined, 'names neither productId nor skuCode')
  .transform((row): ProductRow => ({ ...row, productId: row.productId ?? null, skuCode: row.skuCode ?? null }));

const notProducts = "is neither a list nor the word 'any'";

/** `'any'`, or rows of which no two answer for the same pair of ids. */
export const productsFile: z.ZodType<'any' | readonly ProductRow[]> = z.unknown().transform((value, context) => {
  if (value === 'any') return 'any';
  const rows = z.array(productRow, notProducts).safeParse(value);
  if (!rows.success) {
    for (const { message, path } of rows.error.issues) context.addIssue({ code: 'custom', message, path });
    return z.NEVER;
  }
  const seen = new Map<string, number>();
  for (const [index, row] of rows.data.entries()) {
    const ids = JSON.stringify([row.productId, row.skuCode]);
    const first = seen.get(ids);
    if (first !== undefined) context.addIssue({ code: 'custom', message: `has the same ids as products[${first}]`, path: [index] });
    seen.set(ids, index);
  }
  return rows.data;
});

function record(message: string) {
  return z.record(z.string(), z.unknown(), message);
}

/** An object in which every unknown key is an error that says which known one it resembles. */
function strict<Shape extends z.ZodRawShape>(shape: Shape) {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== 'unrecognized_keys') return issue.input === undefined ? 'is missing' : 'is not an object';
      return (issue.keys ?? []).map((key) => `holds an unknown key, ${JSON.stringify(key)}${didYouMean(key, known)}`).join('; ');
    },
  });
}

function withoutRequired<Shape extends Record<string, z.ZodType>>(shape: Shape): { [K in keyof Shape]: z.ZodOptional<Shape[K]> } {
  return z.object(shape).partial().shape;
}
