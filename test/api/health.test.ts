import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type RunningApi } from './running-api.ts';

let api: RunningApi;
const states: Record<string, () => Promise<boolean>> = {};
beforeAll(async () => {
  api = await startApi({ checks: Object.fromEntries(['database', 'temporal', 'worker', 'mailboxes'].map((name) => [name, () => states[name]?.() ?? Promise.resolve(true)])) });
});
afterAll(() => api.close());

const ready = async () => {
  const started = performance.now();
  const response = await fetch(`http://127.0.0.1:${api.port}/readyz`);
  return { status: response.status, json: await response.json(), ms: performance.now() - started };
};
const all = { database: 'ok', temporal: 'ok', worker: 'ok', mailboxes: 'ok' };

describe('/healthz', () => {
  it('says that the process lives, whatever its components do', async () => {
    states['database'] = () => Promise.resolve(false);
    const response = await fetch(`http://127.0.0.1:${api.port}/healthz`);
    delete states['database'];
    expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }]);
  });
});

describe('/readyz', () => {
  it('is 200 with every component named', async () => {
    expect(await ready()).toMatchObject({ status: 200, json: { status: 'ok', components: all } });
  });

  describe.each(Object.keys(all))('%s', (name) => {
    it.each<[string, () => Promise<boolean>]>([
      ['says no', () => Promise.resolve(false)],
      ['rejects', () => Promise.reject(new Error('postgres://user:password@host is down'))],
      [
        'throws',
        () => {
          throw new Error('postgres://user:password@host is down');
        },
      ],
    ])('%s → 503, names and states only', async (_, check) => {
      states[name] = check;
      const { status, json } = await ready();
      delete states[name];
      expect([status, json]).toEqual([503, { status: 'not ready', components: { ...all, [name]: 'not ready' } }]);
    });
  });

  it('a check that hangs is not ready within 3 s, and the others are told all the same', async () => {
    states['temporal'] = () => new Promise(() => undefined);
    const { status, json, ms } = await ready();
    delete states['temporal'];
    expect([status, json]).toEqual([503, { status: 'not ready', components: { ...all, temporal: 'not ready' } }]);
    expect(ms).toBeLessThan(3_000);
  });

  it('is ready again as soon as the component is', async () => {
    expect((await ready()).status).toBe(200);
  });
});
