import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http2';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { connectClient, lazyClient, type ClientLink } from '../../src/temporal/connect.ts';
import { findServer } from '../../src/temporal/dev-server/find-server.ts';
import { createHourlySchedule, hourlyScheduleId, ScheduleMissing } from '../../src/temporal/schedule.ts';
import { dropHourly } from '../support/drop-hourly.ts';

let temporal: ClientLink;
const taskQueue = `test-${randomUUID()}-life`;

beforeAll(async () => {
  temporal = await connectClient({ address: inject('temporalAddress'), namespace: inject('temporalNamespace'), development: true });
});
afterAll(async () => {
  await dropHourly({ temporal, taskQueue });
  await temporal.close();
});

test('the id names the task queue, unless it is the one of production', () => {
  expect(hourlyScheduleId()).toBe('kookeeper-hourly');
  expect(hourlyScheduleId('kookeeper-life')).toBe('kookeeper-hourly');
  expect(hourlyScheduleId('another-life')).toBe('kookeeper-hourly/another-life');
});

test('many processes that start at once make one schedule: every hour, never beside an earlier run, never for hours gone by', async () => {
  await Promise.all(Array.from({ length: 5 }, () => createHourlySchedule(temporal.client, taskQueue)));
  const { spec, action, policies } = await temporal.client.schedule.getHandle(hourlyScheduleId(taskQueue)).describe();
  expect(spec.intervals).toMatchObject([{ every: 3_600_000 }]);
  expect(action).toMatchObject({ type: 'startWorkflow', workflowType: 'hourly', taskQueue, workflowExecutionTimeout: 3_000_000 });
  expect(policies).toMatchObject({ overlap: 'SKIP', catchupWindow: 60_000 });
});

test('a schedule that somebody paused and slowed down stays as it is', async () => {
  const handle = temporal.client.schedule.getHandle(hourlyScheduleId(taskQueue));
  await handle.update((schedule) => ({ ...schedule, spec: { intervals: [{ every: '6 hours' }] }, state: { ...schedule.state, paused: true, note: 'on purpose' } }));
  await createHourlySchedule(temporal.client, taskQueue);
  expect(await handle.describe()).toMatchObject({ spec: { intervals: [{ every: 21_600_000 }] }, state: { paused: true, note: 'on purpose' } });
});

test.each([
  [7, 'Request unauthorized.'],
  [12, 'unknown method CreateSchedule'],
])('a server that refuses with gRPC status %d: the error says what it said and gives the command', async (status, message) => {
  const server = createServer();
  server.on('stream', (stream, headers) => {
    // A server without GetSystemInfo is an old one, which the client takes.
    const old = String(headers[':path']).endsWith('GetSystemInfo');
    stream.respond({ ':status': 200, 'content-type': 'application/grpc', 'grpc-status': old ? '12' : String(status), 'grpc-message': message }, { endStream: true });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const { client, close } = lazyClient({ address: `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`, development: true });
  try {
    const refused = await createHourlySchedule(client).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'schedule-missing', message: expect.stringContaining(message) });
    expect(String(refused)).toContain('temporal schedule create --schedule-id kookeeper-hourly --interval 1h');
  } finally {
    await close();
    server.close();
  }
});

test('the command that the error gives makes the same schedule', async () => {
  const made = await temporal.client.schedule.getHandle(hourlyScheduleId(taskQueue)).describe();
  const found = await findServer({});
  if (found.kind !== 'cli') throw new Error('this test needs the Temporal CLI');
  const byHand = `test-${randomUUID()}-life`;
  const command = new ScheduleMissing(hourlyScheduleId(byHand), byHand, 'x').message.split('\n')[1]?.trim().split(' ') ?? [];
  expect(command.shift()).toBe('temporal');
  await promisify(execFile)(found.path, [...command, '--address', inject('temporalAddress'), '--namespace', inject('temporalNamespace')]);
  try {
    const { spec, action, policies } = await temporal.client.schedule.getHandle(hourlyScheduleId(byHand)).describe();
    expect(spec.intervals).toMatchObject([{ every: 3_600_000 }]);
    expect(action).toMatchObject({ workflowType: 'hourly', taskQueue: byHand, workflowExecutionTimeout: 3_000_000 });
    expect(policies).toEqual(made.policies);
  } finally {
    await dropHourly({ temporal, taskQueue: byHand });
  }
});
