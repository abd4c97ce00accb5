import { setTimeout as delay } from 'node:timers/promises';
import type { AccessData } from '../marketplace/dialect.ts';
import type { Activity } from '../marketplace/saas-v2/verbs.ts';
import { again, retryUntil } from './actions/again.ts';
import { checkChange, upgrade, type Question, type Target } from './actions/change.ts';
import { buy, create, type Purchase } from './actions/create.ts';
import type { Placed, Play } from './actions/play.ts';
import { query, untilReady } from './actions/query.ts';
import { refundRenewal, renew, renewChange, toFormal, type ChangedExtension, type Extension } from './actions/refresh.ts';
import { expire, freeze, release, unfreeze, type Release } from './actions/status.ts';
import { openBooks, type Asset, type Order, type OrderRef } from './books.ts';
import type { Call } from './call.ts';
import { createCauses } from './cause.ts';
import { openMarketDatabase } from './database.ts';
import { DEBUGGING_CASES } from './debugging-cases.ts';
import { createDisorder, type Disturbance } from './disorder.ts';
import { editBody, type Edits } from './edits.ts';
import type { FreezeCause } from './entities.ts';
import { NotOnSale } from './errors.ts';
import type { RandomBytes } from './ids.ts';
import { openJournal } from './journal.ts';
import { serveOpenApi, type OpenApiCall } from './open-api/server.ts';
import { createTroubles, type Trouble } from './open-api/trouble.ts';
import { atSpeed } from './periods.ts';
import { openPlatform, type Platform, type PlatformOptions } from './platform/platform.ts';
import type { Pace } from './repeat.ts';
import type { Members, Sending } from './request.ts';
import { createSender, type Send } from './send.ts';

export interface MarketOptions {
  /** The seller's production address with its path; may follow later by `setSeller`. */
  readonly sellerUrl?: string;
  /** Access key of the base interface, which signs the calls. */
  readonly keys: { readonly base: string };
  /** The seller's AK/SK, which sign the calls to the open API. */
  readonly ak: string;
  readonly sk: string;
  /** SQLite file for the orders and calls; `:memory:` by default. */
  readonly database?: string;
  /** Loopback port of the open API; a free one by default. */
  readonly port?: number;
  /** UTC ms: stamps every call, and is the gateway's clock. */
  readonly now: () => number;
  readonly random: RandomBytes;
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
  setSeller(url: string): void;

  /** A customer pays: order and first newInstance. */
  buy(purchase: Purchase): Promise<Placed>;
  /** newInstance again for an order: a retry, or the console's restart button. */
  create(order: OrderRef): Promise<Call>;
  /** The call that an order caused, once more: newInstance, refreshInstance, upgradeInstance or releaseInstance. */
  again(order: OrderRef): Promise<Call>;
  /** The same again and again until it is accepted. Throws NotReady. */
  retryUntil(order: OrderRef, pace: Pace): Promise<Call>;
  /** One queryInstance; a string is taken as instance id or ids. Throws NoInstance for an order without one. */
  poll(instance: OrderRef): Promise<Call>;
  /** queryInstance until the access data are there. Throws NoInstance, NotReady. */
  untilReady(order: OrderRef, pace: Pace): Promise<AccessData>;
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
  release(instanceId: string, release?: Release): Promise<Call>;
  upgrade(order: OrderRef, target: Target): Promise<Placed>;
  checkChange(order: OrderRef, target: Target, question?: Question): Promise<Call>;
  /** Replays the console's saved debugging case with `testFlag` "1". `members` replace the case's own; undefined drops one. */
  probe(verb: Activity, members?: Members): Promise<Call>;
  /** Any call at all: the raw way that every action takes. */
  send(sending: Sending): Promise<Call>;

  /** The action with these edits to its calls and to what the order query tells of its order; gives the calls that it caused too, without access data. */
  caused<T>(action: () => Promise<T>, edits?: Edits): Promise<{ readonly result: T; readonly calls: readonly Call[] }>;
  /** What the platform does by itself; null unless the options ask for it. */
  readonly platform: Platform | null;

  /** What goes wrong with the seller's own calls from now on. */
  trouble(trouble: Trouble): void;
  /** What goes wrong from now on with the calls that actions and the platform send; null ends it. */
  disturb(disturbance: Disturbance | null): void;

  order(orderId: string): Promise<Order | null>;
  /** Oldest first. */
  orders(): Promise<readonly Order[]>;
  /** Instance id, status and paid end of what the order bought. */
  asset(order: OrderRef): Promise<Asset>;
  /** An order by its id or its instance's, with what its purchase brought. Throws NoOrder. */
  look(order: OrderRef): Promise<{ readonly order: Order; readonly asset: Asset }>;
  /** Every call to the seller, in the order of sending, without access data; kept over a restart. */
  calls(): Promise<readonly Call[]>;
  /** What the seller asked of the open API since the start. */
  openApiCalls(): readonly OpenApiCall[];
  /** Forgets the calls of both directions and ends all trouble. Orders stay. */
  clear(): Promise<void>;
  /** Calls under way are given up. */
  close(): Promise<void>;
}

/** Opens the market's books and serves its open API. Rejects when the port is taken or the file cannot be used. */
export async function startMarket(options: MarketOptions): Promise<Market> {
  const { keys, ak, sk, database: file = ':memory:', port = 0, now, random, fetch = globalThis.fetch, log = () => undefined, speed = 1, disorder = null } = options;
  const pause = options.wait ?? ((ms: number, signal: AbortSignal) => delay(ms, undefined, { signal }));
  let sellerUrl = options.sellerUrl ?? null;
  const closing = new AbortController();
  const troubles = createTroubles();
  const underWay = new Set<Promise<unknown>>();
  let heard: OpenApiCall[] = [];

  const database = await openMarketDatabase(file);
  const journal = await openJournal(database.em);
  const causes = createCauses();
  const books = openBooks({ em: database.em, now, random, edits: causes.edits });
  const hear = (call: OpenApiCall): void => void heard.push(call);
  const openApi = await serveOpenApi({ books, key: { ak, sk }, troubles, port, now, random, heard: hear }).catch(async (error: unknown) => {
    await database.close();
    throw error;
  });
  const { prepare, deliver } = createSender({ seller: () => sellerUrl, accessKey: keys.base, journal, now, random, fetch, closing: closing.signal, log: tellCall });
  function tellCall(call: Call): void {
    causes.note(call);
    log(call);
  }
  const wait = (ms: number): Promise<void> => pause(ms, closing.signal);
  const send: Send = async (sending) => deliver(prepare(sending));
  const wire = createDisorder({ prepare, deliver, now, wait });
  /** As the actions send: with a person's edits, and the platform looking on. */
  const act: Send = async ({ body, ...sending }) => {
    const raw = typeof body === 'string' || body instanceof Uint8Array;
    const edits = raw ? null : (causes.edits() ?? (typeof body['orderId'] === 'string' ? await books.editsOf(body['orderId']) : null));
    const call = await wire.send({ ...sending, body: raw || edits === null ? body : editBody(body, edits) });
    await platform?.observe(call);
    return call;
  };
  wire.disturb(disorder);
  const play: Play = {
    books,
    journal,
    send: act,
    now,
    wait,
    random,
    addPeriods: atSpeed(speed),
  };
  const platform = options.platform === undefined ? null : await openPlatform({ ...options.platform, play, em: database.em, speed });

  /** The database stays open until every action has written its last. */
  function track<T>(action: Promise<T>): Promise<T> {
    const settled = action.then(
      () => undefined,
      () => undefined,
    );
    underWay.add(settled);
    void settled.then(() => underWay.delete(settled));
    return action;
  }
  const withOrder = <T>(ref: OrderRef, action: (order: Order) => T | Promise<T>): Promise<T> => track(books.order(ref).then(action));

  return {
    openApiUrl: openApi.url,
    setSeller: (url) => void (sellerUrl = url),
    async buy(purchase) {
      if (platform !== null && !(await platform.onSale())) throw new NotOnSale((await platform.gauge()).trading);
      return track(buy(play, purchase));
    },
    create: (ref) => withOrder(ref, (order) => create(play, order)),
    again: (ref) => withOrder(ref, (order) => again(play, order)),
    retryUntil: (ref, pace) => withOrder(ref, (order) => retryUntil(play, order, pace)),
    poll: (instance) =>
      typeof instance === 'string' ? track(query(play, instance)) : withOrder(instance, async (order) => query(play, await books.instanceIdOf(order))),
    untilReady: (ref, pace) => withOrder(ref, (order) => untilReady(play, order, pace)),
    renew: (ref, extension) => withOrder(ref, (order) => renew(play, order, extension)),
    renewChange: (ref, target, extension) => withOrder(ref, (order) => renewChange(play, order, target, extension)),
    refundRenewal: (ref) => withOrder(ref, (order) => refundRenewal(play, order)),
    toFormal: (ref, extension) => withOrder(ref, (order) => toFormal(play, order, extension)),
    freeze: (instanceId, cause) => track(freeze(play, instanceId, cause)),
    expire: (instanceId) => track(expire(play, instanceId)),
    unfreeze: (instanceId) => track(unfreeze(play, instanceId)),
    release: (instanceId, how) => track(release(play, instanceId, how)),
    upgrade: (ref, target) => withOrder(ref, (order) => upgrade(play, order, target)),
    checkChange: (ref, target, question) => withOrder(ref, (order) => checkChange(play, order, target, question)),
    probe(verb, members = {}) {
      const body: Members = { activity: verb, ...DEBUGGING_CASES[verb], testFlag: '1', ...members };
      return track(platform === null ? send({ body }) : platform.debug(verb, body));
    },
    send: (sending) => track(send(sending)),
    caused: (action, edits) => causes.run(edits ?? null, action),
    platform: platform === null ? null : { ...platform, runDue: () => track(platform.runDue()) },
    trouble: troubles.set,
    disturb: wire.disturb,
    order: books.find,
    orders: books.list,
    asset: async (ref) => books.asset(await books.order(ref)),
    look: async (ref) => {
      const order = await books.order(ref);
      return { order, asset: await books.asset(order) };
    },
    calls: journal.list,
    openApiCalls: () => [...heard],
    async clear() {
      troubles.set({ orderQuery: null });
      wire.disturb(null);
      heard = [];
      await journal.clear();
    },
    async close() {
      closing.abort();
      await Promise.all(underWay);
      await openApi.close();
      await database.close();
    },
  };
}
