import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { lazyClient } from '../../src/temporal/connect.ts';
import { freePorts } from '../../src/temporal/dev-server/ports.ts';

const CANCELLED = 1;

it('a call that waits for its next attempt is cancelled by the close, and does not end the process', async () => {
  const [port] = await freePorts('127.0.0.1', 1);
  const { connection, close } = lazyClient({ address: `127.0.0.1:${port}`, env: {} });
  const calls = Array.from({ length: 5 }, () => connection.workflowService.getSystemInfo({}));
  const ended = Promise.allSettled(calls);
  // Refused at once; from then on each waits for an attempt of its own.
  await wait(150);
  await close();
  expect(await ended).toEqual(calls.map(() => expect.objectContaining({ reason: expect.objectContaining({ code: CANCELLED }) })));
});

it('a call that is made after the close is refused', async () => {
  const [port] = await freePorts('127.0.0.1', 1);
  const { connection, close } = lazyClient({ address: `127.0.0.1:${port}`, env: {} });
  await close();
  await expect(connection.workflowService.getSystemInfo({})).rejects.toMatchObject({ code: CANCELLED });
});
