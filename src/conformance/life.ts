import type { Call } from '../simulator/call.ts';
import { textMember } from '../simulator/call.ts';
import type { Purchase } from '../simulator/actions/create.ts';
import type { Market } from '../simulator/market.ts';
import type { Pace } from '../simulator/repeat.ts';

export interface LiveOptions {
  /** Serves the order query that the seller must be pointed at; knows the seller's address. */
  readonly market: Market;
  readonly url: string;
  /** What is bought; a product that the seller knows. */
  readonly purchase: Purchase;
  /** How often and how long a new instance is asked for. */
  readonly pace: Pace;
}

/** An order, and everything that was said about it. */
export interface Bought {
  readonly orderId: string;
  readonly call: Call;
  readonly instanceId: string | null;
}

/** Nothing listens on this port, so what is sent there is lost. */
const NOWHERE = 'http://127.0.0.1:9/lost';

/** One subscription played for the checks: bought when the first of them asks, released at the end whatever happened. */
export interface Life {
  readonly market: Market;
  readonly pace: Pace;
  /** The order of most checks; bought once. */
  bought(): Promise<Bought>;
  /** Another order, whose first call was lost on its way. */
  lost(): Promise<string>;
  /** Remembers an instance to release at the end. */
  made(call: Call): void;
  /** Releases all that was made. Returns the ids that the seller would not release. */
  cleanUp(): Promise<readonly string[]>;
}

export function createLife({ market, url, purchase, pace }: LiveOptions): Life {
  const made = new Set<string>();
  let first: Promise<Bought> | null = null;
  const note = ({ answer }: Call): void => {
    const id = textMember(answer, 'instanceId');
    if (id !== null) made.add(id);
  };
  const buy = async (): Promise<Bought> => {
    const { order, call } = await market.buy(purchase);
    note(call);
    return { orderId: order.orderId, call, instanceId: textMember(call.answer, 'instanceId') };
  };
  return {
    market,
    pace,
    bought: () => (first ??= buy()),
    async lost() {
      market.setSeller(NOWHERE);
      try {
        return (await market.buy(purchase)).order.orderId;
      } finally {
        market.setSeller(url);
      }
    },
    made: note,
    async cleanUp() {
      const left: string[] = [];
      for (const id of made) {
        const { resultCode } = await market.release(id, { unsubscribe: true });
        // Unknown is as good as released: nothing is there.
        if (resultCode !== '000000' && resultCode !== '000003') left.push(id);
      }
      return left;
    },
  };
}
