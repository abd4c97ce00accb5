import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createLifeActivities, createProvisionActivities } from '../../src/activities/index.ts';
import type { Bell, Mailbox } from '../../src/delivery/bell.ts';
import { temporalBell, workflowIdOf } from '../../src/delivery/temporal-bell.ts';
import { OrderRefused } from '../../src/marketplace/open-api/errors.ts';
import { openStore, type Store } from '../../src/store/open.ts';
import { createSealer } from '../../src/store/sealer.ts';
import { connectClient, connectWorker, lazyClient, type ClientLink } from '../../src/temporal/connect.ts';
import { installRuntime } from '../../src/temporal/runtime.ts';
import { startWorkers } from '../../src/temporal/worker.ts';
import { provisionQueueOf } from '../../src/workflows/task-queues.ts';
import { KooInstance, KooOrderLine } from '../../src/workflows/search-attributes.ts';
import { emptyDatabase } from '../store/databases.ts';
import { create, identity, rowOf, write } from '../store/samples.ts';
import { describeBell } from './bell-contract.ts';

const PATIENCE = { timeout: 20_000, interval: 50 };

const target = () => ({ address: inject('temporalAddress'), namespace: inject('temporalNamespace'), development: true });

/** A port where somebody listens and says nothing, and one where nobody listens any more. */
async function deadPorts(): Promise<{ silent: string; closed: string; close(): Promise<void> }> {
  const held = new Set<Socket>();
  const silent = createServer((socket) => held.add(socket.on('error', () => undefined))).listen(0, '127.0.0.1');
  const closed = createServer().listen(0, '127.0.0.1');
  await Promise.all([once(silent, 'listening'), once(closed, 'listening')]);
  const addressOf = (server: typeof silent): string => {
    const address = server.address();
    return typeof address === 'object' && address ? `127.0.0.1:${address.port}` : '';
  };
  const addresses = { silent: addressOf(silent), closed: addressOf(closed) };
  closed.close();
  await once(closed, 'close');
  return {
    ...addresses,
    async close() {
      for (const socket of held) socket.destroy();
      silent.close();
      await once(silent, 'close');
    },
  };
}

async function seenBy(client: Client, orderLineKey: string): Promise<{ starts: number; signals: number }> {
  const workflowId = workflowIdOf(orderLineKey);
  const handle = client.workflow.getHandle(workflowId);
  try {
    await handle.describe();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return { starts: 0, signals: 0 };
    throw error;
  }
  const { events } = await handle.fetchHistory();
  // Visibility counts every run, a moment later.
  const runs = async (): Promise<number> => (await client.workflow.count(`WorkflowId = '${workflowId}'`)).count;
  await expect.poll(runs, { timeout: 10_000 }).toBeGreaterThan(0);
  return { starts: await runs(), signals: (events ?? []).filter((event) => event.workflowExecutionSignaledEventAttributes).length };
}

describeBell('the Temporal bell', async () => {
  // No worker polls this queue: a ring must be safe at the server all the same.
  const queue = `bell-${randomUUID()}-life`;
  const link = await connectClient(target());
  const ports = await deadPorts();
  const lost = [
    { how: 'nobody listens', link: lazyClient({ address: ports.closed, development: true }) },
    { how: 'nobody answers', link: lazyClient({ address: ports.silent, development: true }) },
    { how: 'no such namespace', link: lazyClient({ ...target(), namespace: 'nowhere' }) },
  ];
  const bell = temporalBell(link.client, queue);
  return {
    bell,
    unreachable: lost.map(({ how, link: { client } }) => ({ how, bell: temporalBell(client, queue) })),
    seen: (orderLineKey) => seenBy(link.client, orderLineKey),
    async end(orderLineKey) {
      await link.client.workflow.getHandle(workflowIdOf(orderLineKey)).terminate('the contract ends it');
    },
    async close() {
      for (const { link: each } of [...lost, { link }]) await each.close();
      await ports.close();
    },
  };
});

describe('the Temporal bell', () => {
  const queue = `bell-${randomUUID()}-life`;
  let link: ClientLink;
  let bell: Bell;
  let store: Store;
  let remove: () => Promise<void>;
  beforeAll(async () => {
    installRuntime(pino({ level: 'silent' }));
    link = await connectClient(target());
    bell = temporalBell(link.client, queue);
    const empty = await emptyDatabase('sqlite');
    remove = () => empty.remove();
    store = await openStore(empty.at);
    await store.migrate();
  });
  afterAll(async () => {
    await link.close();
    await store.close();
    await remove();
  });

  const begin = async (name: string): Promise<Mailbox> => {
    await create(store, name);
    const { id, orderId, orderLineId, orderLineKey } = identity(name);
    return { instanceId: id, orderLineKey, orderId, orderLineId, neverTaken: true };
  };

  /** Workers as they really are; every order query is refused, so that a life goes no further than its mailbox. */
  async function withWorkers(work: () => Promise<void>): Promise<void> {
    const native = await connectWorker(target());
    const deps = {
      store,
      sealer: createSealer(['secret']),
      now: () => Date.now(),
      orders: { keys: 'keys', query: () => Promise.reject(new OrderRefused('no such order')) },
      provisionerFor: () => null,
      settingsFor: () => ({}),
      channels: [],
      lostLives: () => Promise.resolve({ living: 0, lost: [], rowless: [] }),
      rulesFor: () => {
        throw new Error('no plan is ever known here');
      },
    };
    const workers = await startWorkers({
      connection: native.connection,
      namespace: native.namespace,
      bundle: { codePath: inject('workflowBundlePath') },
      activities: { life: createLifeActivities(deps), provision: createProvisionActivities(deps) },
      taskQueues: { life: queue, provision: provisionQueueOf(queue) },
      shutdownGraceTime: 500,
    });
    try {
      await work();
    } finally {
      await workers.stop();
      await native.close();
    }
  }


  it('lets operators find the workflow by order line and instance, and tells the server nothing else', async () => {
    const mailbox = await begin(randomUUID());
    await bell.ring(mailbox);
    const handle = link.client.workflow.getHandle(workflowIdOf(mailbox.orderLineKey));
    const { typedSearchAttributes, taskQueue, type } = await handle.describe();
    expect({ taskQueue, type }).toEqual({ taskQueue: queue, type: 'instance' });
    expect(typedSearchAttributes.get(KooOrderLine)).toBe(mailbox.orderLineKey);
    expect(typedSearchAttributes.get(KooInstance)).toBe(mailbox.instanceId);
    const { events } = await handle.fetchHistory();
    const [input] = events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
    expect(JSON.parse(Buffer.from(input?.data ?? []).toString())).toEqual({ instanceId: mailbox.instanceId, orderId: mailbox.orderId, orderLineId: mailbox.orderLineId });
    await handle.terminate();
  });

  it('reaches the mailbox: rings before there was a worker, and signals to a running workflow', async () => {
    const early = await begin('early');
    await bell.ring(early);
    await bell.ring({ ...early, neverTaken: false });
    await withWorkers(async () => {
      await expect.poll(() => rowOf(store, 'early'), PATIENCE).toMatchObject({ taken: 1, waiting: false });
      await write(store, 'early');
      await bell.ring({ ...early, neverTaken: false });
      await expect.poll(() => rowOf(store, 'early'), PATIENCE).toMatchObject({ taken: 2, waiting: false });
      const late = await begin('late');
      await Promise.all([bell.ring(late), bell.ring(late), bell.ring(late)]);
      await expect.poll(() => rowOf(store, 'late'), PATIENCE).toMatchObject({ taken: 1, waiting: false });
    });
    expect(await seenBy(link.client, identity('late').orderLineKey)).toEqual({ starts: 1, signals: 0 });
    for (const name of ['early', 'late']) await link.client.workflow.getHandle(workflowIdOf(identity(name).orderLineKey)).terminate();
  });
});
