import type { Asset, Order } from '../books.ts';
import type { Call } from '../call.ts';
import type { Disturbance } from '../disorder.ts';
import type { Market } from '../market.ts';
import type { Trouble } from '../open-api/trouble.ts';
import { matterKey, pollingKey, type Matter } from '../platform/matters.ts';
import type { Platform } from '../platform/platform.ts';
import type { PlatformEvent } from '../platform/standing.ts';
import { RETRY_PLANS } from '../retry-plans.ts';
import type { CallUnderWay } from '../send.ts';

/** A matter with the end of its repeats, UTC ms. */
export interface Stuck extends Matter {
  readonly windowEnds: number;
  /** Polling an instance that is being made is no trouble yet. */
  readonly polling: boolean;
}

/** One thing on an instance's time line. */
export type Entry =
  | { readonly at: number; readonly is: 'order'; readonly order: Order }
  | { readonly at: number; readonly is: 'call'; readonly call: Call; readonly next: Stuck | null }
  | { readonly at: number; readonly is: 'under-way'; readonly call: CallUnderWay }
  | { readonly at: number; readonly is: 'event'; readonly event: PlatformEvent };

/** A purchase with all that came of it. */
export interface Life {
  readonly purchase: Order;
  readonly asset: Asset;
  /** The order whose product and size hold now. */
  readonly terms: Order;
  readonly stuck: readonly Stuck[];
  /** Oldest first. */
  readonly entries: readonly Entry[];
}

export interface Scene {
  readonly sellerUrl: string | null;
  readonly silence: string | null;
  readonly speed: number;
  readonly gauge: Awaited<ReturnType<Platform['gauge']>> | null;
  readonly stuck: readonly Stuck[];
  /** Newest first. */
  readonly lives: readonly Life[];
  /** Debugging calls and probes, newest first. */
  readonly tests: readonly Call[];
  readonly trouble: { readonly disturbance: Disturbance | null; readonly openApi: Trouble };
}

/** What fits on a page; the commands list everything. */
const LIVES = 25;
const ORDERS = 200;
const CALLS = 1_000;
const EVENTS = 400;
const TESTS = 8;

/** Reads what the page shows. */
export async function readScene(market: Market, silence: (newest: Call | undefined) => string | null): Promise<Scene> {
  const { platform, seller: sellerUrl, speed } = market;
  const [orders, calls, matters, events, gauge] = await Promise.all([market.orders(ORDERS), market.calls(CALLS), platform?.matters() ?? [], platform?.events(EVENTS) ?? [], platform?.gauge() ?? null]);
  const stuck = matters.map((matter) => stuckOf(matter, speed));
  // Stuck ones stay in sight however much was bought since.
  const newest = [...new Set(orders.toReversed().map(({ purchaseId }) => purchaseId))].slice(0, LIVES);
  const shown = [...new Set([...newest, ...stuck.map(({ purchaseId }) => purchaseId)])];
  const around = { orders, calls, underWay: market.underWay(), stuck, events };
  const lives = await Promise.all(shown.map((purchaseId) => readLife(market, purchaseId, around)));
  return {
    sellerUrl,
    silence: silence(calls.at(-1)),
    speed,
    gauge,
    stuck,
    lives: lives.toSorted((a, b) => b.purchase.createdAt - a.purchase.createdAt || (a.purchase.orderId < b.purchase.orderId ? 1 : -1)),
    tests: calls.filter(({ kind }) => kind === 'test').slice(-TESTS).toReversed(),
    trouble: market.troubled(),
  };
}

interface Around {
  readonly orders: readonly Order[];
  readonly calls: readonly Call[];
  readonly underWay: readonly CallUnderWay[];
  readonly stuck: readonly Stuck[];
  readonly events: readonly PlatformEvent[];
}

async function readLife(market: Market, purchaseId: string, { orders, calls, underWay, stuck, events }: Around): Promise<Life> {
  const { order: purchase, asset, terms } = await market.look(purchaseId);
  const own = orders.filter((order) => order.purchaseId === purchaseId);
  const ids = new Set([purchaseId, ...own.map(({ orderId }) => orderId)]);
  const concerns = ({ orderId, instanceId }: Pick<Call, 'orderId' | 'instanceId'>): boolean => (orderId === null ? instanceId !== null && instanceId === asset.instanceId : ids.has(orderId));
  const mine = stuck.filter((matter) => matter.purchaseId === purchaseId);
  const made = calls.filter((call) => call.kind === 'live' && concerns(call));
  const newestOf = new Map(made.map((call) => [keyOf(call, purchaseId), call.seq]));
  const entries: readonly Entry[] = [
    ...own.map((order) => ({ at: order.createdAt, is: 'order' as const, order })),
    ...made.map((call) => ({ at: call.at, is: 'call' as const, call, next: mine.find(({ key }) => key === keyOf(call, purchaseId) && newestOf.get(key) === call.seq) ?? null })),
    ...underWay.filter((call) => call.kind === 'live' && concerns(call)).map((call) => ({ at: call.at, is: 'under-way' as const, call })),
    ...events.filter(concerns).map((event) => ({ at: event.at, is: 'event' as const, event })),
  ];
  return { purchase, asset, terms, stuck: mine, entries: entries.toSorted((a, b) => a.at - b.at || rank(a) - rank(b)) };
}

/** At one instant: the order, its calls as they were sent, what the platform makes of them. */
function rank(entry: Entry): number {
  return entry.is === 'order' ? 0 : entry.is === 'event' ? Number.MAX_SAFE_INTEGER : entry.call.seq;
}

function keyOf({ verb, orderId, instanceId }: Call, purchaseId: string): string {
  return matterKey(verb, orderId, instanceId) ?? (verb === 'queryInstance' ? pollingKey(purchaseId) : verb);
}

function stuckOf(matter: Matter, speed: number): Stuck {
  const [{ during }] = RETRY_PLANS[matter.verb];
  return { ...matter, windowEnds: Math.ceil(matter.since + during / speed), polling: matter.verb === 'queryInstance' };
}
