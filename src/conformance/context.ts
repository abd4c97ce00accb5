import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Activity } from '../marketplace/saas-v2/verbs.ts';
import type { Call } from '../simulator/call.ts';
import { DEBUGGING_CASES } from '../simulator/debugging-cases.ts';
import { newBusinessId, newOrderId, orderLineIdOf, type RandomBytes } from '../simulator/ids.ts';
import type { Journal } from '../simulator/journal.ts';
import type { Members, Overrides, Sending } from '../simulator/request.ts';
import { createSender } from '../simulator/send.ts';
import { createLife, type Life, type LiveOptions } from './life.ts';
import { PATHS, type PathName } from './paths.ts';

export interface Target {
  /** The seller's production address. */
  readonly url: string;
  /** Access key of the base interface. */
  readonly key: string;
  /** UTC ms: stamps the calls and measures them. */
  readonly now: () => number;
  /** For nonces: never a seeded one, a seller remembers what it has seen. */
  readonly random: RandomBytes;
  /** Names the orders and instances of the calls, with `namedAt`, UTC ms: the same two, the same bodies. */
  readonly seed: number;
  readonly namedAt: number;
  /** A call is given up after this many ms. */
  readonly timeLimit: number;
  readonly fetch: typeof globalThis.fetch;
  readonly closing: AbortSignal;
  /** For the checks that create instances; null without `--live`. */
  readonly live: LiveOptions | null;
}

/** What a check may use. */
export interface Context {
  readonly key: string;
  readonly now: () => number;
  readonly nonce: () => string;
  /** Rejects when the run is interrupted. */
  readonly wait: (ms: number) => Promise<void>;
  /** null without `--live`. */
  readonly life: Life | null;
  send(body: Sending['body'], overrides?: Overrides): Promise<Call>;
  /** The console's saved case of an activity with `testFlag` 1, with members replaced; undefined drops one. */
  members(activity: Activity, change?: Members): Members;
  /** That case's call as the debugger makes it; made once, whoever asks. */
  saved(activity: Activity): Promise<Call>;
  /** A call that ends in a certain place of the seller's code; made once, whoever asks. */
  path(name: PathName): Promise<Call>;
  /** An instance id that nobody has given. */
  instanceId(): string;
  /** An order line that nobody has bought. */
  line(): { readonly orderId: string; readonly orderLineId: string };
}

/** Makes the context of each check. Names come from a stream of its own, so a check sends the same bodies whichever others are made. */
export function createContext({ url, key, now, random, seed, namedAt, timeLimit, fetch, closing, live }: Target): (checkId: string) => Context {
  const sender = createSender({ seller: () => url, accessKey: key, journal: unkept(), now, random, fetch, closing, log: () => undefined });
  const send: Context['send'] = (body, overrides = {}) => sender.deliver(sender.prepare({ body, overrides: { timeLimit, ...overrides } }));
  const members: Context['members'] = (activity, change = {}) => ({ activity, ...DEBUGGING_CASES[activity], testFlag: '1', ...change });
  const named = (names: RandomBytes): Pick<Context, 'instanceId' | 'line'> => ({
    instanceId: () => newBusinessId(names),
    line() {
      const orderId = newOrderId(namedAt, names);
      return { orderId, orderLineId: orderLineIdOf(orderId) };
    },
  });
  const shared: Context = {
    key,
    now,
    nonce: () => Buffer.from(random(32)).toString('hex').toUpperCase(),
    wait: (ms) => delay(ms, undefined, { signal: closing }),
    life: live === null ? null : createLife(live, now),
    send,
    members,
    saved: once((activity: Activity) => send(members(activity))),
    path: once((name: PathName) => PATHS[name].send(shared)),
    ...named(seeded(`${seed}`)),
  };
  return (checkId) => ({ ...shared, ...named(seeded(`${seed}/${checkId}`)) });
}

function once<Name extends string, T>(make: (name: Name) => Promise<T>): (name: Name) => Promise<T> {
  const made = new Map<Name, Promise<T>>();
  return (name) => {
    const known = made.get(name) ?? make(name);
    made.set(name, known);
    return known;
  };
}

/** The report itself keeps what a reader needs. */
function unkept(): Pick<Journal, 'next' | 'record'> {
  let seq = 0;
  return { next: () => (seq += 1), record: async () => undefined };
}

/** The same bytes for the same seed, on every machine. */
function seeded(seed: string): RandomBytes {
  let block = 0;
  return (size) => {
    const blocks = Array.from({ length: Math.ceil(size / 32) }, () => createHash('sha256').update(`${seed}/${(block += 1)}`).digest());
    return Buffer.concat(blocks).subarray(0, size);
  };
}
