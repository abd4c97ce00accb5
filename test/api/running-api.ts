import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { createApi } from '../../src/api/app.ts';
import { createOutcomes, type Outcomes } from '../../src/api/outcomes.ts';
import type { Questions } from '../../src/delivery/questions.ts';
import type { Check } from '../../src/api/health.ts';
import type { DoorDeps } from '../../src/api/door.ts';
import type { Mailbox } from '../../src/delivery/bell.ts';
import { listen } from '../../src/processes/listen.ts';
import { openStore, type Store } from '../../src/store/open.ts';
import { createSealer, type Sealer } from '../../src/store/sealer.ts';
import { KEY, NOW, signedCall, type Signing } from '../marketplace/signed-call.ts';
import { sqliteFile, type TestDatabase } from './databases.ts';
import { exchange, type Received, type Sent } from './wire.ts';

export const SECRET = 'a secret of the tests only, long enough';
/** Access keys of the interface categories that are not the base one. */
export const OTHER_KEYS = { kit: ['kg-test-the-key-of-the-kit-interfaces'], license: ['kg-test-the-key-of-the-license-interfaces'], common: [] } as const;
export const TABLES = ['call', 'nonce', 'refusal', 'instance', 'command', 'sealed', 'breaker'] as const;
export type Rows = Readonly<Record<(typeof TABLES)[number], number>>;

export interface Answer extends Received {
  readonly code: string;
  readonly message: string;
  readonly json: Readonly<Record<string, unknown>>;
}

export interface RunningApi {
  readonly port: number;
  readonly store: Store;
  readonly sealer: Sealer;
  /** Whom the door rang for. */
  readonly rings: Mailbox[];
  /** The lines of the log, as they would stand on stderr. */
  readonly log: string[];
  /** Our clock, UTC ms; the tests move it. */
  readonly clock: { now: number };
  send(sent: Sent): Promise<Answer>;
  /** Signs at our clock's now with a fresh nonce unless told otherwise, and sends. */
  call(body: object | string | Uint8Array, signing?: Signing): Promise<Answer>;
  rows(): Promise<Rows>;
  close(): Promise<void>;
}

export interface RunningOptions {
  readonly on?: TestDatabase;
  readonly secrets?: readonly string[];
  readonly keys?: readonly string[];
  readonly checks?: Readonly<Record<string, Check>>;
  readonly crash?: DoorDeps['crash'];
  readonly migrate?: boolean;
  readonly questions?: Questions;
  /** Default: the store's. */
  readonly outcomes?: Outcomes;
}

/** Nobody to ask: as while Temporal is down. */
const NO_ANSWER: Questions = { ask: () => Promise.resolve(null) };

/** The real API on a free port of this machine over a real database; the dispatcher only records whom it was told to ring for. */
export async function startApi({ on, secrets = [SECRET], keys = [KEY], checks = {}, crash, questions = NO_ANSWER, outcomes, migrate = true }: RunningOptions = {}): Promise<RunningApi> {
  const own = on ?? (await sqliteFile());
  const store = await openStore(own.database);
  if (migrate) await store.migrate();
  const sealer = createSealer(secrets);
  const rings: Mailbox[] = [];
  const lines: string[] = [];
  const clock = { now: NOW };
  const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
  const app = createApi({
    store,
    sealer,
    dispatcher: { ring: (mailbox) => void rings.push(mailbox) },
    keys: { base: keys, ...OTHER_KEYS },
    outcomes: outcomes ?? createOutcomes(store),
    questions,
    checks,
    now: () => clock.now,
    newId: randomUUID,
    log,
    ...(crash ? { crash } : {}),
  });
  const { port, close } = await listen({ fetch: app.fetch, port: 0, host: '127.0.0.1', setting: 'PORT' });
  const send = async (sent: Sent): Promise<Answer> => answerOf(await exchange(port, sent));
  return {
    port,
    store,
    sealer,
    rings,
    log: lines,
    clock,
    send,
    call: (body, signing) => send(signed(body, { timestamp: String(clock.now), ...signing })),
    rows: () => countRows(store),
    async close() {
      await close();
      await store.close();
      if (!on) await own.drop();
    },
  };
}

let nonces = 0;
export const freshNonce = (): string => `nonce-${(nonces += 1)}-${process.pid}`;

/** A signed V2.0 call as it goes out. */
export function signed(body: object | string | Uint8Array, signing: Signing = {}): Sent & { readonly body: Uint8Array } {
  const bytes = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
  const { query, body: out } = signedCall(bytes, { nonce: freshNonce(), ...signing });
  return { target: `/koogallery/saas?${new URLSearchParams(query).toString()}`, headers: { accept: 'application/json', 'content-type': 'application/json;charset=utf8' }, body: out };
}

function answerOf(received: Received): Answer {
  const json = (received.text === '' ? {} : JSON.parse(received.text)) as Record<string, unknown>;
  return { ...received, json, code: String(json['resultCode']), message: String(json['resultMsg']) };
}

async function countRows(store: Store): Promise<Rows> {
  const counts: [string, number][] = [];
  for (const table of TABLES) {
    const [row] = await store.em().getConnection().execute<{ n: number | string }[]>(`select count(*) as n from "${table}"`);
    counts.push([table, Number(row?.n)]);
  }
  return Object.fromEntries(counts) as Rows;
}
