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

export interface Trouble {
  /** Null ends it. */
  readonly orderQuery: OrderQueryTrouble | null;
  /** How many of the next queries it hits; all of them when left out. */
  readonly times?: number;
}

export interface Troubles {
  set(trouble: Trouble): void;
  /** The trouble of the query that has just come in, used up by it. */
  take(): OrderQueryTrouble | null;
}

export function createTroubles(): Troubles {
  let current: OrderQueryTrouble | null = null;
  let left = 0;
  return {
    set({ orderQuery, times = Number.POSITIVE_INFINITY }) {
      current = orderQuery;
      left = times;
    },
    take() {
      if (left <= 0) return null;
      left -= 1;
      return current;
    },
  };
}
