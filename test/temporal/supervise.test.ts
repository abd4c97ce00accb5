import type { State } from '@temporalio/worker';
import { expect, test } from 'vitest';
import { supervise, WorkersStuck } from '../../src/temporal/supervise.ts';
import type { Supervised } from '../../src/temporal/supervise.ts';

// The SDK's worker as far as supervising sees it: a real one cannot be made to break at will.
const worker = (): Supervised & { end: (error?: Error) => void; shutdowns: () => number } => {
  let state: State = 'RUNNING';
  let shutdowns = 0;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const end = (error?: Error): void => {
    state = error === undefined ? 'STOPPED' : 'FAILED';
    if (error === undefined) resolve();
    else reject(error);
  };
  return {
    run: () => promise,
    getState: () => state,
    shutdown: () => {
      shutdowns += 1;
      end();
    },
    end,
    shutdowns: () => shutdowns,
  };
};

const options = { patienceMs: 300, watchMs: 20 };

test('a worker that breaks is told once and takes the other one with it', async () => {
  const [broken, sound] = [worker(), worker()];
  const workers = supervise([broken, sound], options);
  broken.end(new Error('the isolate is out of memory'));
  await expect(workers.failed).rejects.toThrow('the isolate is out of memory');
  expect(workers.state()).toBe('failed');
  expect([broken.shutdowns(), sound.shutdowns()]).toEqual([0, 1]);
  await workers.stop();
  expect(workers.state()).toBe('failed');
});

test('a worker that ends quietly without having been asked is a failure', async () => {
  const [quiet, sound] = [worker(), worker()];
  const workers = supervise([quiet, sound], options);
  quiet.end();
  await expect(workers.failed).rejects.toThrow('without having been asked');
  expect(workers.state()).toBe('failed');
});

test('a worker that breaks while it stops makes the stop fail', async () => {
  const [stuck, sound] = [worker(), worker()];
  const workers = supervise([{ ...stuck, shutdown: () => stuck.end(new Error('left an activity behind')) }, sound], options);
  await expect(workers.stop()).rejects.toThrow('left an activity behind');
  expect(workers.state()).toBe('failed');
});

test('stopping twice shuts down once', async () => {
  const only = worker();
  const workers = supervise([only], options);
  await Promise.all([workers.stop(), workers.stop()]);
  expect(only.shutdowns()).toBe(1);
  expect(workers.state()).toBe('stopped');
});

test('a worker that has failed is told even if its run never ends, and stop gives up on it', async () => {
  const [hung, sound] = [worker(), worker()];
  let state: State = 'RUNNING';
  const workers = supervise([{ ...hung, getState: () => state }, sound], options);
  state = 'FAILED';
  await expect(workers.failed).rejects.toThrow('its reason is in the log');
  expect(workers.state()).toBe('failed');
  expect(sound.shutdowns()).toBe(1);
  await expect(workers.stop()).rejects.toThrow(WorkersStuck);
});

test('a worker that has failed and then says why is told by its own words', async () => {
  const [slow, sound] = [worker(), worker()];
  let state: State = 'RUNNING';
  const workers = supervise([{ ...slow, getState: () => state }, sound], { ...options, watchMs: 100 });
  state = 'FAILED';
  setTimeout(() => slow.end(new Error('the namespace is gone')), 150);
  await expect(workers.failed).rejects.toThrow('the namespace is gone');
});
