import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOperatorApi } from '../../src/api/operator.ts';
import { listen, type Listening } from '../../src/processes/listen.ts';
import { bodies } from './bodies.ts';
import { instanceIn } from './carry-out.ts';
import { startApi, type RunningApi } from './running-api.ts';

const TOKEN = 'token-of-the-operator';
const opened: Listening[] = [];
let api: RunningApi;
let guarded: string;
let open: string;
let reachable = true;

beforeAll(async () => {
  api = await startApi();
  const serve = async (token: string | null): Promise<string> => {
    const app = createOperatorApi({ store: api.store, token, dispatcher: { reachable: () => reachable }, now: () => api.clock.now, log: pino({ level: 'silent' }) });
    const listening = await listen({ fetch: app.fetch, port: 0, host: '127.0.0.1', setting: 'KOOKEEPER_OPERATOR_PORT' });
    opened.push(listening);
    return `http://127.0.0.1:${listening.port}`;
  };
  guarded = await serve(TOKEN);
  open = await serve(null);
});
afterAll(async () => {
  await Promise.all(opened.map((listening) => listening.close()));
  await api.close();
});

describe('the token', () => {
  it.each([
    ['none', {}],
    ['an empty one', { authorization: '' }],
    ['a wrong one', { authorization: 'Bearer wrong' }],
    ['the right one as Basic', { authorization: `Basic ${TOKEN}` }],
    ['the right one without its scheme', { authorization: TOKEN }],
    ['the right one and more', { authorization: `Bearer ${TOKEN}x` }],
  ])('%s → 401 on every path, and nothing is told', async (_, headers) => {
    for (const path of ['/counts', '/metrics', '/', '/anything']) {
      const response = await fetch(`${guarded}${path}`, { headers: headers as Record<string, string> });
      expect(response.status).toBe(401);
      expect(await response.text()).toBe('{"error":"send Authorization: Bearer <KOOKEEPER_OPERATOR_TOKEN>"}');
    }
  });

  it('the right one opens, and without a configured one none is asked for', async () => {
    expect((await fetch(`${guarded}/counts`, { headers: { authorization: `Bearer ${TOKEN}` } })).status).toBe(200);
    expect((await fetch(`${open}/counts`)).status).toBe(200);
  });
});

describe('counts and metrics', () => {
  it('an empty database counts nothing', async () => {
    expect(await (await fetch(`${open}/counts`)).json()).toEqual({ phases: {}, needsPerson: 0, reasons: {}, waiting: 0, lost: 0, waitingSince: null, temporalReachable: true });
    expect(await (await fetch(`${open}/metrics`)).text()).toContain('\nkookeeper_mailbox_oldest_seconds 0\n');
  });

  it('count instances by phase, those that need a person, and mailboxes that wait since when', async () => {
    await instanceIn(api, 'active');
    await instanceIn(api, 'active');
    await instanceIn(api, 'released');
    // Frozen long before its paid end: a person is told.
    await instanceIn(api, 'frozen');
    const since = api.clock.now;
    await api.call(bodies.create());
    reachable = false;
    expect(await (await fetch(`${open}/counts`)).json()).toEqual({
      phases: { active: 2, creating: 1, frozen: 1, released: 1 },
      needsPerson: 1,
      reasons: { 'violation-freeze': 1 },
      lost: 0,
      waiting: 1,
      waitingSince: since,
      temporalReachable: false,
    });
  });

  it('the metrics are Prometheus text: each with its help and type, each line well formed', async () => {
    api.clock.now += 90_000;
    const response = await fetch(`${open}/metrics`);
    const text = await response.text();
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4');
    expect(text.endsWith('\n')).toBe(true);
    const lines = text.trimEnd().split('\n');
    const typed = lines.flatMap((line) => /^# TYPE (\S+) gauge$/.exec(line)?.[1] ?? []);
    const helped = lines.flatMap((line) => /^# HELP (\S+) \S.*$/.exec(line)?.[1] ?? []);
    expect(typed).toEqual(helped);
    const samples = lines.filter((line) => !line.startsWith('#'));
    for (const sample of samples) expect(sample).toMatch(/^kookeeper_[a-z_]+(\{(phase|reason)="[a-z-]+"\})? \d+(\.\d+)?$/);
    expect(new Set(samples.map((sample) => /^[a-z_]+/.exec(sample)?.[0]))).toEqual(new Set(typed));
    expect(samples).toEqual(
      expect.arrayContaining([
        'kookeeper_instances{phase="active"} 2',
        'kookeeper_instances_waiting_for_person 1',
        'kookeeper_instances_needing_person{reason="violation-freeze"} 1',
        'kookeeper_instances_needing_person{reason="effect-failing"} 0',
        'kookeeper_mailboxes_waiting 1',
        'kookeeper_temporal_reachable 0',
        'kookeeper_mailbox_oldest_seconds 90',
      ]),
    );
  });

  it('the public port has none of it', async () => {
    for (const path of ['/counts', '/metrics']) expect((await fetch(`http://127.0.0.1:${api.port}${path}`)).status).toBe(404);
  });
});
