import type { AccessData } from '../marketplace/dialect.ts';
import type { Activity } from '../marketplace/saas-v2/verbs.ts';
import type { Question, Target } from './actions/change.ts';
import type { Purchase } from './actions/create.ts';
import type { Placed } from './actions/play.ts';
import type { ChangedExtension, Extension } from './actions/refresh.ts';
import type { Release } from './actions/status.ts';
import type { Asset, Order, OrderRef } from './books.ts';
import type { Call } from './call.ts';
import type { Disturbance } from './disorder.ts';
import type { Edits } from './edits.ts';
import type { FreezeCause } from './entities.ts';
import type { RandomBytes } from './ids.ts';
import type { MarketKeys } from './keys.ts';
import type { OpenApiCall } from './open-api/server.ts';
import type { Trouble } from './open-api/trouble.ts';
import type { UsageRecord } from './open-api/usage-book.ts';
import type { Platform, PlatformOptions } from './platform/platform.ts';
import type { Pace } from './repeat.ts';
import type { Members, Sending } from './request.ts';
import type { CallUnderWay } from './send.ts';

export interface MarketOptions {
  /** The seller's production address with its path; may follow later by `setSeller`. */
  readonly seller?: string;
  /** What the seller under test was given; those that are left out are made up, and stand in `market.keys`. */
  readonly keys?: Partial<MarketKeys>;
  /** SQLite file for the orders and calls; `:memory:` by default. */
  readonly database?: string;
  /** Loopback port of the open API; a free one by default. */
  readonly port?: number;
  /** UTC ms: stamps every call, and is the gateway's clock; the machine's by default. */
  readonly now?: () => number;
  /** For order numbers, nonces and keys; that of node:crypto by default. */
  readonly random?: RandomBytes;
  readonly fetch?: typeof globalThis.fetch;
  /** Told of every call to the seller once its answer is in; without access data. */
  readonly log?: (call: Call) => void;
  /** How many times as fast periods, grace, retention, repeats and probes go by; default 1. Stamps and dates stay real. */
  readonly speed?: number;
  /** Lets the platform act by itself when `platform.runDue` is called; without it the market does only what it is told. */
  readonly platform?: PlatformOptions;
  /** What goes wrong on the way to the seller; nothing by default. */
  readonly disorder?: Disturbance;
  /** Waits so many ms, and rejects when `signal` fires; real time by default. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/**
 * KooGallery, played. Every action signs with the current time, posts to the seller, journals, and returns the call with its verdict; nothing that
 * the seller does is thrown. Orders are named by id, by anything with an `orderId`, or by the id of the instance that they bought.
 */
export interface Market {
  /** Base address of the open API that the seller calls. */
  readonly openApiUrl: string;
  /** What the seller must be given. */
  readonly keys: MarketKeys;
  /** The seller's production address; null until it is known. */
  readonly seller: string | null;
  /** How many times as fast as the real one this life goes by. */
  readonly speed: number;
  setSeller(url: string): void;
  /** From now on this key of the base interface signs. Throws SameKey. */
  rotateKey(next: string): void;

  /** A customer pays: order and first newInstance. */
  buy(purchase: Purchase): Promise<Placed>;
  /** newInstance again for an order: a retry, or the console's restart button. */
  create(order: OrderRef): Promise<Call>;
  /** The call that an order caused, once more: newInstance, refreshInstance, upgradeInstance or releaseInstance. */
  again(order: OrderRef): Promise<Call>;
  /** The same again and again until it is accepted. Throws NotReady. */
  retryUntil(order: OrderRef, pace?: Pace): Promise<Call>;
  /** One queryInstance; a string is taken as instance id or ids. Throws NoInstance for an order without one. */
  poll(instance: OrderRef): Promise<Call>;
  /** queryInstance until the access data are there, by default five times a second for a minute. Throws NoInstance, NotReady. */
  untilReady(order: OrderRef, pace?: Pace): Promise<AccessData>;
  renew(order: OrderRef, extension?: Extension): Promise<Placed>;
  /** A renewal with another specification or size (RENEWAL_CHANGE). */
  renewChange(order: OrderRef, target: Target, extension?: ChangedExtension): Promise<Placed>;
  refundRenewal(renewal: OrderRef): Promise<Placed>;
  toFormal(trial: OrderRef, extension?: Extension): Promise<Placed>;
  /** Without a cause: expiry when the end is past, else violation. */
  freeze(instanceId: string, cause?: FreezeCause): Promise<Call>;
  /** The validity ends now, and the freeze follows at once. */
  expire(instanceId: string): Promise<Call>;
  unfreeze(instanceId: string): Promise<Call>;
  /** The bill of an on-demand instance is not paid from now on; the platform freezes after the grace and releases after the retention. Throws NoOrder, NoInstance. */
  arrears(order: OrderRef): Promise<void>;
  /** It is paid: UNFREEZE if the arrears froze it, else no call. Throws NoOrder. */
  pay(order: OrderRef): Promise<Call | null>;
  release(instanceId: string, release?: Release): Promise<Call>;
  upgrade(order: OrderRef, target: Target): Promise<Placed>;
  checkChange(order: OrderRef, target: Target, question?: Question): Promise<Call>;
  /** Replays the console's saved debugging case with `testFlag` "1". `members` replace the case's own; undefined drops one. */
  probe(verb: Activity, members?: Members): Promise<Call>;
  /** Any call at all: the raw way that every action takes. */
  send(sending: Sending): Promise<Call>;
  /** A call of the journal once more with this body, to the letter, signed afresh. A failure is not repeated: it is a person's trial. Throws NoCall. */
  resend(seq: number, body: string): Promise<Call>;

  /** The action with these edits to its calls and to what the order query tells of its order; gives the calls that it caused too, without access data. */
  caused<T>(action: () => Promise<T>, edits?: Edits): Promise<{ readonly result: T; readonly calls: readonly Call[] }>;
  /** What the platform does by itself; null unless the options ask for it. */
  readonly platform: Platform | null;

  /** What goes wrong with the seller's own calls from now on. */
  trouble(trouble: Trouble): void;
  /** What goes wrong from now on with the calls that actions and the platform send; null ends it. */
  disturb(disturbance: Disturbance | null): void;

  /** What goes wrong on purpose at present; `openApi` as it was set, whether used up or not. */
  troubled(): { readonly disturbance: Disturbance | null; readonly openApi: Trouble };

  order(orderId: string): Promise<Order | null>;
  /** Oldest first; only the `newest` so many when that is given. */
  orders(newest?: number): Promise<readonly Order[]>;
  /** Instance id, status and paid end of what the order bought. */
  asset(order: OrderRef): Promise<Asset>;
  /** An order by its id or its instance's, with what its purchase brought, and the order whose terms hold now. Throws NoOrder. */
  look(order: OrderRef): Promise<{ readonly order: Order; readonly asset: Asset; readonly terms: Order }>;
  /** Every call to the seller, or the `newest` so many, in the order of sending, without access data; kept over a restart. */
  calls(newest?: number): Promise<readonly Call[]>;
  call(seq: number): Promise<Call | null>;
  /** The calls that wait for their answer. */
  underWay(): readonly CallUnderWay[];
  /** Calls `changed` whenever there is something new to see, until the returned function is called. */
  watch(changed: () => void): () => void;
  /** What the seller asked of the open API since the start. */
  openApiCalls(): readonly OpenApiCall[];
  /** Every usage record (话单) that the seller pushed, in order; the bad ones with what is wrong with them. Kept over a restart. */
  usage(): Promise<readonly UsageRecord[]>;
  /** Forgets the calls of both directions and ends all trouble. Orders and usage records stay. */
  clear(): Promise<void>;
  /** Calls under way are given up. */
  close(): Promise<void>;
}
