import { z } from 'zod';
import { DISORDERS, type Disorder } from '../disorder.ts';
import type { Market } from '../market.ts';
import { ORDER_QUERY_TROUBLES, USAGE_PUSH_TROUBLES, type UsagePushTrouble } from '../open-api/trouble.ts';

const trouble = z.object({
  seed: z.int().default(1),
  chances: z.partialRecord(z.enum(Object.keys(DISORDERS) as [Disorder, ...Disorder[]]), z.number().min(0).max(1)).default({}),
  orderQuery: z.enum(ORDER_QUERY_TROUBLES).nullable().default(null),
  usagePush: z.enum(Object.keys(USAGE_PUSH_TROUBLES) as [UsagePushTrouble, ...UsagePushTrouble[]]).nullable().default(null),
  times: z.int().min(1).optional(),
});

/** Puts this trouble in the place of what there is; nothing named ends it. Throws ZodError. */
export function makeTrouble(market: Market, sent: unknown): z.infer<typeof trouble> {
  const wanted = trouble.parse(sent);
  const { seed, chances, orderQuery, usagePush, times } = wanted;
  market.disturb(Object.keys(chances).length === 0 ? null : { seed, chances });
  market.trouble({ orderQuery, usagePush, ...(times === undefined ? {} : { times }) });
  return wanted;
}
