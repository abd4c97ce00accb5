/** What can be made to go wrong with the order query; the signature is checked first all the same. */
export const ORDER_QUERY_TROUBLES = [
  /** Answers rightly, but later than any caller should wait. */
  'slow',
  /** The marketplace's own internal error, HTTP 500. */
  '500',
  /** A page of a proxy in front, HTTP 502. */
  'html',
  'throttled',
  /** Success without products: an order paid a moment ago. */
  'no-products',
  /** Success with an order type and a charging mode that no page lists. */
  'unknown-words',
  /** Success with somebody else's order. */
  'other-order',
  /** The gateway refuses the good signature as bad. */
  'wrong-signature-reply',
] as const;
export type OrderQueryTrouble = (typeof ORDER_QUERY_TROUBLES)[number];

/** What can be made to go wrong with the usage push; the signature of AK/SK is checked first all the same. */
export const USAGE_PUSH_TROUBLES = {
  slow: 'keeps the records, and answers later than any caller should wait',
  '500': 'MKT.0999 with HTTP 500; nothing is kept',
  html: 'a page of a proxy in front, HTTP 502; nothing is kept',
  throttled: 'MKT.0250 with HTTP 406; nothing is kept',
  'wrong-signature-reply': 'the good signature is refused as bad; nothing is kept',
  'lost-answer': 'keeps the records, and breaks the connection before the answer',
  partial: 'every second good record is refused with 013',
  unlisted: 'bad records are not named in the answer: only the console shows them',
  'all-or-nothing': 'the first bad record refuses the push as a whole, with 9001, 9002, 9004 or 0150; nothing is kept',
  hundred: 'more than 100 records are refused with 9003, as older pages have it',
  'other-prefix': 'the codes begin with CBC. in place of MKT.',
} as const;
export type UsagePushTrouble = keyof typeof USAGE_PUSH_TROUBLES;

/** What goes wrong from now on; what is left out goes well. */
export interface Trouble {
  readonly orderQuery?: OrderQueryTrouble | null;
  readonly usagePush?: UsagePushTrouble | null;
  /** How many of the next calls of each kind it hits; all of them when left out. */
  readonly times?: number;
}

export interface Troubles {
  /** Replaces the trouble there is. */
  set(trouble: Trouble): void;
  /** The trouble of the query that has just come in, used up by it. */
  takeOrderQuery(): OrderQueryTrouble | null;
  takeUsagePush(): UsagePushTrouble | null;
}

export function createTroubles(): Troubles {
  let orderQuery = counted<OrderQueryTrouble>(null, 0);
  let usagePush = counted<UsagePushTrouble>(null, 0);
  return {
    set({ orderQuery: ofQueries = null, usagePush: ofPushes = null, times = Number.POSITIVE_INFINITY }) {
      orderQuery = counted(ofQueries, times);
      usagePush = counted(ofPushes, times);
    },
    takeOrderQuery: () => orderQuery(),
    takeUsagePush: () => usagePush(),
  };
}

function counted<T>(trouble: T | null, times: number): () => T | null {
  let left = times;
  return () => {
    if (left <= 0) return null;
    left -= 1;
    return trouble;
  };
}
