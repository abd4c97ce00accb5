import { randomUUID } from 'node:crypto';
import { DBOS, DBOSClient } from '@dbos-inc/dbos-sdk';
import { temporalBell } from '../src/delivery/temporal-bell.ts';
import { saasV2 } from '../src/marketplace/saas-v2/dialect.ts';
import { listen } from '../src/processes/listen.ts';
import { createSealer } from '../src/store/sealer.ts';
import { connectClient } from '../src/temporal/connect.ts';
import type { Phase } from './closed-loop.ts';
import { openDoor } from './door.ts';
import type { Findings } from './report.ts';
import { inProcess, interleave, ratioOf, withProcessorTime, type Subject } from './rounds.ts';
import { newSecret, type Setting } from './setting.ts';
import type { Load } from './statistics.ts';

const NAMES = {
  door: 'signed create, door',
  silent: 'signed create, door without rings',
  signed: 'signed create, DBOS behind it',
  start: 'bare DBOS.startWorkflow',
  enqueue: 'bare DBOSClient.enqueue',
} as const;
const CALLERS = 32;
/** Nobody listens to it. */
const QUEUE = 'bench';
/** As many connections as MikroORM's pool has. */
const POOL = 10;

interface Order {
  readonly orderId: string;
  readonly orderLineId: string;
}

/**
 * The signed create on PostgreSQL, beside DBOS on the same PostgreSQL, one workflow for each create with the order line in its id, as ours.
 *
 * `DBOS behind it` takes the same calls over HTTP and the same signature and schema checks (the dialect's own) and answers 000004 once DBOS has stored the start. Its workflow
 * has nothing in it: DBOS writes its start and, since it runs in this process, its end. `enqueue` writes the start alone, for a worker that is elsewhere. Ours, without
 * a worker: nonce, call, instance and command in one transaction, then a start at Temporal, which has a database file of its own; without rings the first half alone.
 *
 * So it compares what must be written before a create may be answered. Not measured: carrying anything out, recovery, and what DBOS's peer leaves out (nonces, the journal, the signed answer).
 */
export async function benchDbos(setting: Setting): Promise<Findings> {
  const { options, progress } = setting;
  const phase: Phase = { callers: CALLERS, seconds: options.seconds / 2, warmUp: 0.3 };
  progress('dbos: starting PostgreSQL, Temporal with its database file, DBOS, and the callers');
  const marketplace = setting.marketplace();
  const database = await setting.database();
  if (database.kind !== 'postgres') throw new Error('DBOS takes PostgreSQL');
  const [store, ringless] = [await setting.store(database), await setting.store()];
  const link = await connectClient(await setting.temporal());
  setting.atEnd(() => link.close());
  const [key, sealer] = [newSecret(), createSealer([newSecret()])];
  const door = await openDoor(setting, { store, sealer, key, bell: temporalBell(link.client, `bench-${randomUUID()}-life`) });
  setting.atEnd(() => door.close());
  const silent = await openDoor(setting, { store: ringless, sealer, key, bell: null });
  setting.atEnd(() => silent.close());
  const dbos = await startDbos(setting, database.url);
  const peer = await openPeer(setting, key, dbos.start);

  const create = (url: string) => (asked: Phase): Promise<Load> => withProcessorTime(() => marketplace.create(url, key, asked));
  const runs: Record<keyof typeof NAMES, (asked: Phase) => Promise<Load>> = {
    door: create(door.url),
    signed: create(peer),
    silent: create(silent.url),
    start: (asked) => inProcess(asked, () => dbos.start(newOrder())),
    enqueue: (asked) => inProcess(asked, () => dbos.enqueue(newOrder())),
  };
  const kinds = Object.keys(runs) as (keyof typeof NAMES)[];
  progress('dbos: warming up');
  for (const kind of kinds) await runs[kind]({ callers: CALLERS, seconds: 0.5, warmUp: 0.5 });
  const subjects = kinds.map((kind): Subject => ({ name: NAMES[kind], callers: CALLERS, run: () => runs[kind](phase) }));
  const series = await interleave(subjects, options.rounds, progress);
  const ratio = (of: string, to: string) => ({ of, to, callers: CALLERS, ratio: ratioOf(series, of, to, CALLERS), aim: null });
  return {
    series,
    ratios: [ratio(NAMES.door, NAMES.signed), ratio(NAMES.silent, NAMES.signed), ratio(NAMES.door, NAMES.start), ratio(NAMES.silent, NAMES.enqueue)],
  };
}

interface Dbos {
  /** Resolves when the start is stored; the workflow runs on. */
  start(order: Order): Promise<void>;
  enqueue(order: Order): Promise<void>;
}

async function startDbos({ atEnd }: Setting, url: string): Promise<Dbos> {
  const logger = { info: ignore, debug: ignore, warn: ignore, error: (error: unknown) => void process.stderr.write(`DBOS: ${String(error)}\n`) };
  const life = DBOS.registerWorkflow((order: Order): Promise<string> => Promise.resolve(order.orderLineId), { name: 'life' });
  DBOS.setConfig({ name: 'bench', systemDatabaseUrl: url, systemDatabasePoolSize: POOL, logger });
  await DBOS.launch();
  atEnd(() => DBOS.shutdown());
  const client = await DBOSClient.create({ systemDatabaseUrl: url, systemDatabasePoolSize: POOL, applicationName: 'bench', logger });
  atEnd(() => client.destroy());
  return {
    async start(order) {
      await DBOS.startWorkflow(life, { workflowID: workflowIdOf(order) })(order);
    },
    async enqueue(order) {
      await client.enqueue<typeof life>({ queueName: QUEUE, workflowName: 'life', workflowID: workflowIdOf(order) }, order);
    },
  };
}

/** The least seller that a marketplace could call: the dialect's checks and replies around one durable start. */
async function openPeer({ atEnd }: Setting, key: string, start: Dbos['start']): Promise<string> {
  const answer = async (request: Request): Promise<Response> => {
    const body = new Uint8Array(await request.arrayBuffer());
    const query = Object.fromEntries(new URL(request.url).searchParams);
    const opened = saasV2.authenticate({ method: request.method, query, headers: {}, body }, [key], Date.now());
    if (opened.refused) return Response.json(saasV2.reply('', { ...opened, is: 'refused' }));
    const ask = saasV2.parse(opened);
    if ('refused' in ask) return Response.json(saasV2.reply('', { ...ask, is: 'refused' }));
    if (ask.kind !== 'command' || !('orderId' in ask.target)) throw new Error(`the peer takes creates, not ${ask.verb}`);
    await start(ask.target);
    return Response.json(saasV2.reply(ask.verb, { is: 'admitted', instanceId: ask.target.orderLineId }));
  };
  const { port, close } = await listen({ fetch: answer, port: 0, host: '127.0.0.1', setting: 'PORT' });
  atEnd(close);
  return `http://127.0.0.1:${port}/koogallery/saas`;
}

function workflowIdOf({ orderId, orderLineId }: Order): string {
  return `instance/${orderId}/${orderLineId}`;
}

function newOrder(): Order {
  const orderId = randomUUID();
  return { orderId, orderLineId: `${orderId}-000001` };
}

function ignore(): void {
  // What it announces is no figure.
}
