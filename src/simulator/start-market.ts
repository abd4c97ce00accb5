import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { fallIntoArrears, pay } from './actions/arrears.ts';
import { again, retryUntil } from './actions/again.ts';
import { checkChange, upgrade } from './actions/change.ts';
import { buy, create } from './actions/create.ts';
import type { Play } from './actions/play.ts';
import { query, untilReady } from './actions/query.ts';
import { noteAccepted } from './actions/accepted.ts';
import { refundRenewal, renew, renewChange, toFormal } from './actions/refresh.ts';
import { expire, freeze, release, unfreeze } from './actions/status.ts';
import { openBooks, type Order, type OrderRef } from './books.ts';
import type { Call } from './call.ts';
import { createCauses } from './cause.ts';
import { openMarketDatabase } from './database.ts';
import { DEBUGGING_CASES } from './debugging-cases.ts';
import { createDisorder, type Disturbance } from './disorder.ts';
import { editBody } from './edits.ts';
import { NoCall, NotOnSale } from './errors.ts';
import { openJournal } from './journal.ts';
import { createKeyRing } from './key-ring.ts';
import { completed } from './keys.ts';
import { serveOpenApi, type OpenApiCall } from './open-api/server.ts';
import { createTroubles, type Trouble } from './open-api/trouble.ts';
import { openUsageBook } from './open-api/usage-book.ts';
import { atSpeed } from './periods.ts';
import { openPlatform } from './platform/platform.ts';
import type { Pace } from './repeat.ts';
import type { Members } from './request.ts';
import { createSender, type CallUnderWay, type Send } from './send.ts';
import { createWatchers } from './watchers.ts';
import type { Market, MarketOptions } from './market.ts';

const PACE: Pace = { every: 200, limit: 60_000 };

/** Opens the market's books and serves its open API. Rejects when the port is taken or the file cannot be used. */
export async function startMarket(options: MarketOptions = {}): Promise<Market> {
  const { database: file = ':memory:', port = 0, now = () => Date.now(), random = (size) => randomBytes(size), fetch = globalThis.fetch, log = () => undefined, speed = 1, disorder = null } = options;
  const pause = options.wait ?? ((ms: number, signal: AbortSignal) => delay(ms, undefined, { signal }));
  const keys = completed(options.keys ?? {}, random);
  const ring = createKeyRing(keys.base, now);
  let seller = options.seller ?? null;
  const closing = new AbortController();
  const troubles = createTroubles();
  const underWay = new Set<Promise<unknown>>();
  let heard: OpenApiCall[] = [];
  const watchers = createWatchers();
  const waiting = new Map<number, CallUnderWay>();
  let disturbance = disorder;
  let openApiTrouble: Trouble = {};

  const database = await openMarketDatabase(file);
  const journal = await openJournal(database.em);
  const causes = createCauses();
  const books = openBooks({ em: database.em, now, random, edits: causes.edits });
  const hear = (call: OpenApiCall): void => void heard.push(call);
  const delisted = async (): Promise<boolean> => platform !== null && (await platform.gauge()).trading === 'delisted';
  const usage = openUsageBook({ em: database.em, now, delisted });
  const openApi = await serveOpenApi({ books, usage, key: keys, baseKeys: ring.accepted, troubles, port, now, random, heard: hear }).catch(async (error: unknown) => {
    await database.close();
    throw error;
  });
  const { prepare, deliver } = createSender({
    seller: () => seller,
    get accessKey() {
      return ring.current();
    },
    journal,
    now,
    random,
    fetch,
    closing: closing.signal,
    log: tellCall,
    begun,
  });
  function begun(call: CallUnderWay): void {
    waiting.set(call.seq, call);
    watchers.tell();
  }
  function tellCall(call: Call): void {
    waiting.delete(call.seq);
    watchers.tell();
    causes.note(call);
    log(call);
  }
  const wait = (ms: number): Promise<void> => pause(ms, closing.signal);
  const send: Send = async (sending) => deliver(prepare(sending));
  const wire = createDisorder({ prepare, deliver, now, wait, oldKey: ring.previous });
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
    void settled.then(() => {
      underWay.delete(settled);
      watchers.tell();
    });
    return action;
  }
  const withOrder = <T>(ref: OrderRef, action: (order: Order) => T | Promise<T>): Promise<T> => track(books.order(ref).then(action));

  function trouble(wanted: Trouble): void {
    openApiTrouble = wanted;
    troubles.set(wanted);
    watchers.tell();
  }
  function disturb(wanted: Disturbance | null): void {
    disturbance = wanted;
    wire.disturb(wanted);
    watchers.tell();
  }
  /** Accepted, it counts like any other call; refused, the platform does not hear of it, or it would repeat what a person has only tried. */
  async function resend(seq: number, body: string): Promise<Call> {
    const first = await journal.find(seq);
    if (first === null) throw new NoCall(seq);
    const call = await deliver(prepare({ body }), { trouble: body === first.body ? `call ${seq} again` : `call ${seq} edited` });
    if (!call.verdict.ok || call.kind === 'test') return call;
    await noteAccepted(books, call);
    await platform?.observe(call);
    return call;
  }

  return {
    openApiUrl: openApi.url,
    get keys() {
      return { ...keys, base: ring.current() };
    },
    get seller() {
      return seller;
    },
    speed,
    setSeller(url) {
      seller = url;
      watchers.tell();
    },
    rotateKey: ring.rotate,
    async buy(purchase) {
      if (platform !== null && !(await platform.onSale())) throw new NotOnSale((await platform.gauge()).trading);
      return track(buy(play, purchase));
    },
    create: (ref) => withOrder(ref, (order) => create(play, order)),
    again: (ref) => withOrder(ref, (order) => again(play, order)),
    retryUntil: (ref, pace = PACE) => withOrder(ref, (order) => retryUntil(play, order, pace)),
    poll: (instance) =>
      typeof instance === 'string' ? track(query(play, instance)) : withOrder(instance, async (order) => query(play, await books.instanceIdOf(order))),
    untilReady: (ref, pace = PACE) => withOrder(ref, (order) => untilReady(play, order, pace)),
    renew: (ref, extension) => withOrder(ref, (order) => renew(play, order, extension)),
    renewChange: (ref, target, extension) => withOrder(ref, (order) => renewChange(play, order, target, extension)),
    refundRenewal: (ref) => withOrder(ref, (order) => refundRenewal(play, order)),
    toFormal: (ref, extension) => withOrder(ref, (order) => toFormal(play, order, extension)),
    freeze: (instanceId, cause) => track(freeze(play, instanceId, cause)),
    expire: (instanceId) => track(expire(play, instanceId)),
    unfreeze: (instanceId) => track(unfreeze(play, instanceId)),
    arrears: (ref) =>
      withOrder(ref, async (order) => {
        if (await fallIntoArrears(play, order)) await platform?.billed(await books.instanceIdOf(order), false);
      }),
    pay: (ref) =>
      withOrder(ref, async (order) => {
        const call = await pay(play, order);
        await platform?.billed(await books.instanceIdOf(order), true);
        return call;
      }),
    release: (instanceId, how) => track(release(play, instanceId, how)),
    upgrade: (ref, target) => withOrder(ref, (order) => upgrade(play, order, target)),
    checkChange: (ref, target, question) => withOrder(ref, (order) => checkChange(play, order, target, question)),
    probe(verb, members = {}) {
      const body: Members = { activity: verb, ...DEBUGGING_CASES[verb], testFlag: '1', ...members };
      return track(platform === null ? send({ body }) : platform.debug(verb, body));
    },
    send: (sending) => track(send(sending)),
    resend: (seq, body) => track(resend(seq, body)),
    caused: (action, edits) => causes.run(edits ?? null, action),
    platform: platform === null ? null : { ...platform, runDue: () => track(platform.runDue()) },
    trouble,
    disturb,
    troubled: () => ({ disturbance, openApi: openApiTrouble }),
    order: books.find,
    orders: books.list,
    asset: async (ref) => books.asset(await books.order(ref)),
    look: async (ref) => {
      const order = await books.order(ref);
      return { order, asset: await books.asset(order), terms: await books.terms(order) };
    },
    calls: journal.list,
    call: journal.find,
    underWay: () => [...waiting.values()],
    watch: watchers.add,
    openApiCalls: () => [...heard],
    usage: usage.list,
    async clear() {
      trouble({});
      disturb(null);
      heard = [];
      await journal.clear();
      watchers.tell();
    },
    async close() {
      closing.abort();
      await Promise.all(underWay);
      await openApi.close();
      await database.close();
    },
  };
}
