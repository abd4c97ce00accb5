import { fileURLToPath } from 'node:url';
import { setTimeout as wait } from 'node:timers/promises';
import type { WorkflowBundleOption } from '@temporalio/worker';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { workflowBundle } from '../../src/temporal/bundle.ts';
import { connectClient, connectWorker } from '../../src/temporal/connect.ts';
import type { ClientLink, WorkerLink } from '../../src/temporal/connect.ts';
import { installRuntime } from '../../src/temporal/runtime.ts';
import { startWorkers } from '../../src/temporal/worker.ts';
import type { Workers } from '../../src/temporal/supervise.ts';
import { KooPhase } from '../../src/workflows/search-attributes.ts';
import { startTemporal } from '../support/temporal.ts';
import type { TestTemporal } from '../support/temporal.ts';
import type { bothQueues } from './fixtures/workflows/index.ts';

let temporal: TestTemporal;
let link: ClientLink;
let bundle: WorkflowBundleOption;
let native: WorkerLink;
let queue = 0;
let taskQueues: { life: string; provision: string };
const logged: { level: string; fields: object; message: string }[] = [];

const keep = (level: string) => (fields: object, message: string): void => void logged.push({ level, fields, message });
const logger = { trace: keep('trace'), debug: keep('debug'), info: keep('info'), warn: keep('warn'), error: keep('error') };

const listenersBefore = process.listenerCount('SIGTERM');

beforeAll(async () => {
  installRuntime(logger);
  [temporal, bundle] = await Promise.all([startTemporal(), workflowBundle({ workflowsPath: fileURLToPath(new URL('./fixtures/workflows/index.ts', import.meta.url)) })]);
  link = await connectClient({ address: temporal.address });
});
afterAll(async () => {
  await link.close();
  await temporal.stop();
});
beforeEach(async () => {
  native = await connectWorker({ address: temporal.address });
  queue += 1;
  taskQueues = { life: `life-${queue}`, provision: `provision-${queue}` };
});
afterEach(() => native.close());

let slowBegun: () => void;
let slowHasBegun: Promise<void>;
beforeEach(() => {
  slowHasBegun = new Promise((resolve) => {
    slowBegun = resolve;
  });
});

const activities = {
  life: {
    slow: async (ms: number): Promise<string> => {
      slowBegun();
      await wait(ms);
      return 'slept';
    },
  },
  provision: { build: (): Promise<string> => Promise.resolve('built') },
};

const start = (): Promise<Workers> => startWorkers({ connection: native.connection, namespace: native.namespace, bundle, activities, taskQueues });

test('a workflow reaches the activities of both queues and sets its search attribute', async () => {
  const workers = await start();
  try {
    expect(workers.state()).toBe('running');
    const handle = await link.client.workflow.start<typeof bothQueues>('bothQueues', { workflowId: `both-${queue}`, taskQueue: taskQueues.life, args: [taskQueues.provision, 0] });
    expect(await handle.result()).toBe('built, slept');
    expect((await handle.describe()).typedSearchAttributes.get(KooPhase)).toBe('active');
  } finally {
    await workers.stop();
  }
  expect(workers.state()).toBe('stopped');
});

test('stop lets a running activity finish, and its result is kept', async () => {
  const workers = await start();
  const handle = await link.client.workflow.start<typeof bothQueues>('bothQueues', { workflowId: `drain-${queue}`, taskQueue: taskQueues.life, args: [taskQueues.provision, 1000] });
  await slowHasBegun;
  await Promise.all([workers.stop(), workers.stop()]);
  const events = (await handle.fetchHistory()).events ?? [];
  expect(events.filter(({ activityTaskCompletedEventAttributes }) => activityTaskCompletedEventAttributes)).toHaveLength(2);

  const again = await connectWorker({ address: temporal.address });
  const successor = await startWorkers({ connection: again.connection, namespace: again.namespace, bundle, activities, taskQueues });
  expect(await handle.result()).toBe('built, slept');
  await successor.stop();
  await again.close();
});

test('an unknown namespace fails the start and leaves nothing that holds the connection', async () => {
  const starting = startWorkers({ connection: native.connection, namespace: 'nowhere', bundle, activities, taskQueues });
  await expect(starting).rejects.toThrow(/Namespace nowhere was not found/);
});

test('a second worker that cannot be made takes the first one back', async () => {
  const starting = startWorkers({ connection: native.connection, namespace: native.namespace, bundle, activities, taskQueues: { ...taskQueues, provision: '' } });
  await expect(starting).rejects.toThrow(/task ?queue/i);
});

test('no signal stops the workers behind our back', async () => {
  const workers = await start();
  expect(process.listenerCount('SIGTERM')).toBe(listenersBefore);
  await workers.stop();
});

test("Temporal's words go to our logger, and a second set-up changes nothing", async () => {
  const workers = await start();
  installRuntime({ ...logger, info: () => { throw new Error('the second logger is not used'); } });
  await workers.stop();
  expect(logged.some(({ level, message }) => level === 'info' && message.includes('Worker state changed'))).toBe(true);
});
