import { setTimeout as delay } from 'node:timers/promises';
import type { Purchase } from '../simulator/actions/create.ts';
import { textMember, type Call } from '../simulator/call.ts';
import type { Market } from '../simulator/market.ts';
import type { OpenApiCall } from '../simulator/open-api/server.ts';
import type { Pace } from '../simulator/repeat.ts';
import { infoOf } from './info.ts';

export interface LiveOptions {
  /** Serves the order query that the seller must be pointed at; knows the seller's address. */
  readonly market: Market;
  readonly url: string;
  /** What is bought; a product that the seller knows. */
  readonly purchase: Purchase;
  /** How often and how long a new instance is asked for. */
  readonly pace: Pace;
}

/** An order, and what was said to its first call. */
export interface Bought {
  readonly orderId: string;
  readonly call: Call;
  readonly instanceId: string | null;
}

/** An order whose first question to the order query failed. */
export interface Troubled {
  readonly orderId: string;
  /** Whether the seller was told of the trouble. */
  readonly wasAsked: boolean;
  readonly first: Call;
  /** The same bytes again, if the first was no success; else the first. */
  readonly again: Call;
}

/** Nothing listens on this port, so what is sent there is lost. */
const NOWHERE = 'http://127.0.0.1:9/lost';
/** A release at the end is tried so often: an instance still being made may ask for patience. */
const TRIES = 3;
const ACCEPTED = ['000000', '000004'];
export const COPIES = 5;

/** The subscriptions played for the checks: each bought when the first check asks for it, all released at the end whatever happened. */
export interface Life {
  readonly market: Market;
  readonly purchase: Purchase;
  readonly pace: Pace;
  /** The order of most checks; bought once. */
  bought(): Promise<Bought>;
  /** A trial of the same product; bought once. */
  trial(): Promise<Bought>;
  /** An order that is unsubscribed before it is ready; bought once. */
  unwanted(): Promise<Bought>;
  /** A second order of it, whose first call was lost on its way and then came in several copies at once; the first one's answer, and those of all. */
  copied(): Promise<Bought & { readonly copies: readonly Call[] }>;
  /** The order that the checks of a failing order query look at; made once. */
  troubled(make: () => Promise<Troubled>): Promise<Troubled>;
  /** A new order, whose first call was lost on its way. */
  lost(): Promise<string>;
  /** Remembers what a create's answer gave, to release it at the end. */
  made(call: Call): void;
  /** What the market has sent to the seller since the run began. */
  calls(): Promise<readonly Call[]>;
  /** What the seller has asked of the open API since the run began. */
  asked(): readonly OpenApiCall[];
  /** Releases all that was made, at most three times each. Returns what may be left at the seller: ids that it would not release, and orders whose create brought no answer. */
  cleanUp(): Promise<readonly string[]>;
}

export function createLife({ market, url, purchase, pace }: LiveOptions, now: () => number): Life {
  const began = now();
  const made = new Set<string>();
  /** Orders for which an instance may have been made whose id nobody told. */
  const silent = new Set<string>();
  const note = (call: Call): void => {
    const id = textMember(call.answer, 'instanceId');
    if (id !== null) made.add(id);
    else if (call.orderId !== null && (call.failure === 'timed out' || ACCEPTED.includes(call.resultCode ?? ''))) silent.add(call.orderId);
    if (id !== null && call.orderId !== null) silent.delete(call.orderId);
  };
  const buy = async (what: Purchase): Promise<Bought> => {
    const { order, call } = await market.buy(what);
    note(call);
    return { orderId: order.orderId, call, instanceId: textMember(call.answer, 'instanceId') };
  };
  let bought: Promise<Bought> | null = null;
  let trial: Promise<Bought> | null = null;
  let unwanted: Promise<Bought> | null = null;
  let troubled: Promise<Troubled> | null = null;
  let copied: ReturnType<Life['copied']> | null = null;
  const lose = async (): Promise<string> => {
    market.setSeller(NOWHERE);
    try {
      return (await market.buy(purchase)).order.orderId;
    } finally {
      market.setSeller(url);
    }
  };
  const copy: Life['copied'] = async () => {
    const orderId = await lose();
    const [call, ...others] = await Promise.all([market.create(orderId), ...Array.from({ length: COPIES - 1 }, () => market.create(orderId))]);
    const copies = [call, ...others];
    for (const each of copies) note(each);
    const given = copies.map(({ answer }) => textMember(answer, 'instanceId')).find((id) => id !== null);
    return { orderId, call, instanceId: given ?? null, copies };
  };
  const calls = async (): Promise<readonly Call[]> => (await market.calls()).filter(({ at, failure }) => at >= began && !failure?.startsWith('unreachable'));
  const released = async (id: string, unsubscribe: boolean): Promise<boolean> => {
    const { resultCode } = await market.release(id, { unsubscribe });
    if (resultCode === '000000') return true;
    // A refusal is believed when nothing is there, and the seller says so or was heard to release it.
    if (infoOf(await market.poll(id)).some(({ appInfo }) => appInfo['frontEndUrl'] !== undefined)) return false;
    return resultCode === '000003' || (await calls()).some((call) => call.verb === 'releaseInstance' && call.kind === 'live' && call.instanceId === id && call.resultCode === '000000');
  };
  return {
    market,
    purchase,
    pace,
    bought: () => (bought ??= buy(purchase)),
    trial: () => (trial ??= buy({ ...purchase, trial: true })),
    unwanted: () => (unwanted ??= buy(purchase)),
    troubled: (make) => (troubled ??= make()),
    copied: () => (copied ??= copy()),
    lost: lose,
    made: note,
    calls,
    asked: () => market.openApiCalls().filter(({ at }) => at >= began),
    async cleanUp() {
      let left = [...made];
      for (let tries = 1; tries <= TRIES && left.length > 0; tries += 1) {
        if (tries > 1) await delay(pace.every);
        const there: string[] = [];
        // With an unsubscription order and without one: a seller may insist on either.
        for (const id of left) if (!(await released(id, tries % 2 === 1))) there.push(id);
        left = there;
      }
      return [...left, ...[...silent].map((orderId) => `order ${orderId}`)];
    },
  };
}
