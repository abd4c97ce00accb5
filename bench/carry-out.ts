import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { workflowIdOf } from '../src/delivery/temporal-bell.ts';
import { Instance } from '../src/store/entities.ts';
import type { Store } from '../src/store/open.ts';
import { bundleWorkflows } from '../src/temporal/bundle.ts';
import { connectClient, connectWorker, type TemporalTarget } from '../src/temporal/connect.ts';
import { startWorkers } from '../src/temporal/worker.ts';
import { provisionQueueOf } from '../src/workflows/task-queues.ts';
import type { Findings } from './report.ts';
import { interleave, ratioOf } from './rounds.ts';
import { startSeller } from './seller.ts';
import type { Setting } from './setting.ts';
import { percentile, type Load } from './statistics.ts';
import { active, endTimes } from './through.ts';
import type { bareLife, EmptyActivities, LocalCalls } from './workflows/bare-life.ts';

const OURS = 'create carried out';
const PEER = 'bare workflow, as many empty activities';
/** As many as the dispatcher starts at a time. */
const CALLERS = 24;
const LIMIT = 120_000;
/** The rate is that of the first 95 of 100: on a busy machine single workflow tasks run into their 10 s limit, and would otherwise be all that is measured. */
const SHARE = 0.95;

/** Purchases until their instances are stored as active, API and worker in one process as in `serve`, beside a workflow with nothing in it. */
export async function benchCarryOut(setting: Setting): Promise<Findings> {
  const { options, progress } = setting;
  progress('carry-out: starting Temporal with its database file, the simulator, API and workers');
  const marketplace = setting.marketplace();
  const target = await setting.temporal();
  const { url: seller, store } = await startSeller(setting, marketplace, target);
  const link = await connectClient(target);
  setting.atEnd(() => link.close());

  const ours = async (orders: number): Promise<Load> => {
    const before = await active(store);
    return timed(orders, () => marketplace.buy(seller, orders, CALLERS), async () => (await active(store)) - before);
  };
  progress('carry-out: warming up');
  await ours(CALLERS);
  const counts = await localCalls(link.client, store);
  progress(`carry-out: a create pulls ${counts.pulls} times and stores ${counts.stores} times`);
  const bare = await startBareWorker(setting, target);
  const peer = (orders: number): Promise<Load> => {
    const before = bare.through();
    return timed(orders, () => startBare(link.client, bare.taskQueue, counts, orders), () => bare.through() - before);
  };
  await peer(CALLERS);

  const subjects = [
    { name: OURS, callers: CALLERS, run: () => ours(options.orders) },
    { name: PEER, callers: CALLERS, run: () => peer(options.orders) },
  ];
  const series = await interleave(subjects, options.rounds, progress);
  return { series, ratios: [{ of: OURS, to: PEER, callers: CALLERS, ratio: ratioOf(series, OURS, PEER, CALLERS), aim: null }] };
}

/** Ends with the last order. The times of one order are counted from the start of all, for they compete. */
async function timed(orders: number, send: () => Promise<unknown>, through: () => number | Promise<number>): Promise<Load> {
  const before = process.cpuUsage();
  const ended = await endTimes(send(), { count: orders, through, limit: LIMIT });
  const { user, system } = process.cpuUsage(before);
  return { perSecond: (orders * SHARE * 1000) / percentile(ended, SHARE), p50: percentile(ended, 0.5), p99: percentile(ended, 0.99), cpu: (user + system) / 1000 / orders };
}

/** How many local activities a real create ran, from the history of one. */
async function localCalls(client: Client, store: Store): Promise<LocalCalls> {
  const [row] = await store.em().find(Instance, { phase: 'active' }, { limit: 1 });
  if (!row) throw new Error('no instance became active');
  // The last store is recorded a moment after it was seen in the database.
  await pause(500);
  const { events } = await client.workflow.getHandle(workflowIdOf(row.orderLineKey)).fetchHistory();
  const names = (events ?? []).flatMap(({ markerRecordedEventAttributes: marker }) => {
    const data = marker?.details?.['data']?.payloads?.[0]?.data;
    return data ? [(JSON.parse(Buffer.from(data).toString('utf8')) as { activity_type?: string }).activity_type] : [];
  });
  const counts = { pulls: names.filter((name) => name === 'pull').length, stores: names.filter((name) => name === 'store').length };
  if (counts.pulls === 0 || counts.stores === 0) throw new Error('the history of a create shows no local activities');
  return counts;
}

async function startBareWorker(setting: Setting, target: TemporalTarget): Promise<{ taskQueue: string; through(): number }> {
  const taskQueue = `bench-bare-${randomUUID()}-life`;
  let through = 0;
  const nothing = (): Promise<void> => Promise.resolve();
  const activities: EmptyActivities = {
    pull: nothing,
    order: nothing,
    provision: nothing,
    store({ last }) {
      if (last) through += 1;
      return nothing();
    },
  };
  const { pull, store, order, provision } = activities;
  const link = await connectWorker(target);
  setting.atEnd(() => link.close());
  const workers = await startWorkers({
    connection: link.connection,
    namespace: link.namespace,
    bundle: await bundleWorkflows({ workflowsPath: fileURLToPath(new URL('./workflows/index.ts', import.meta.url)) }),
    activities: { life: { pull, store, order }, provision: { provision } },
    taskQueues: { life: taskQueue, provision: provisionQueueOf(taskQueue) },
    shutdownGraceTime: 500,
  });
  workers.failed.catch((error: unknown) => setting.progress(String(error)));
  setting.atEnd(() => workers.stop());
  return { taskQueue, through: () => through };
}

async function startBare(client: Client, taskQueue: string, counts: LocalCalls, orders: number): Promise<void> {
  let left = orders;
  const caller = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await client.workflow.start<typeof bareLife>('bareLife', { workflowId: `bare/${randomUUID()}`, taskQueue, args: [counts] });
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
}
