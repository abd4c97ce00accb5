import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { queryOutcome } from '../../src/api/query.ts';
import { putUsage } from '../../src/store/usage.ts';
import { NOW } from '../marketplace/signed-call.ts';
import { bodies } from './bodies.ts';
import { ACCESS, carryOut, instanceIn, NO } from './carry-out.ts';
import { DATABASES, type TestDatabase } from './databases.ts';
import { startApi, type RunningApi } from './running-api.ts';

const NEVER_OURS = '10e758d0-31ad-4d4e-8f4e-000000000000';

describe.each(DATABASES)('queryInstance on $name', ({ open }) => {
  let on: TestDatabase;
  let api: RunningApi;
  let admitted: string;
  let active: string;
  let frozen: string;
  let released: string;
  let removed: string;
  let failed: string;
  beforeAll(async () => {
    on = await open();
    api = await startApi({ on });
    admitted = await instanceIn(api, 'admitted');
    active = await instanceIn(api, 'active');
    frozen = await instanceIn(api, 'frozen');
    released = await instanceIn(api, 'released');
    removed = await instanceIn(api, 'removed');
    failed = await instanceIn(api, 'failed');
  });
  afterAll(async () => {
    await api.close();
    await on.drop();
  });
  const ask = (...ids: readonly string[]) => api.call(bodies.query(...ids));
  const success = (...info: readonly object[]) => ({ resultCode: '000000', resultMsg: 'success', info });

  it('hands out the access data of an instance that is ready', async () => {
    expect((await ask(active)).json).toEqual(success({ instanceId: active, appInfo: ACCESS }));
  });

  it('access data that no secret opens are left out, and cost the other instances nothing', async () => {
    const broken = await instanceIn(api, 'active');
    await api.store.em().getConnection().execute(`update sealed set text = 'v1.gone.AAAA' where instance_id = '${broken}'`);
    const { json } = await ask(broken, active);
    expect(json['resultCode']).toBe('000000');
    expect(json['info']).toEqual(expect.arrayContaining([{ instanceId: broken }, { instanceId: active, appInfo: ACCESS }]));
  });

  it('a frozen instance keeps its address and nothing else', async () => {
    expect((await ask(frozen)).json).toEqual(success({ instanceId: frozen, appInfo: { frontEndUrl: ACCESS.frontEndUrl } }));
  });

  it.each([
    ['being made', () => [admitted], '000004'],
    ['refused by the provisioner', () => [failed], NO.code],
    ['released, its data still kept', () => [released], '000003'],
    ['removed', () => [removed], '000003'],
    ['never ours', () => [NEVER_OURS], '000003'],
    ['longer than any id of ours', () => ['x'.repeat(2_000)], '000003'],
    ['being made + refused', () => [failed, admitted], '000004'],
    ['refused + never ours + released', () => [NEVER_OURS, released, failed], NO.code],
    ['released + removed + never ours', () => [released, removed, NEVER_OURS], '000003'],
  ])('%s → no info', async (_, ids, code) => {
    const { json } = await ask(...ids());
    expect(json).toEqual({ resultCode: code, resultMsg: expect.any(String) });
  });

  it('ready and frozen ones win; all others are left out', async () => {
    const { json } = await ask(NEVER_OURS, admitted, active, failed, frozen, released, removed, active);
    expect(json['resultCode']).toBe('000000');
    expect(json['info']).toHaveLength(2);
    expect(json['info']).toEqual(expect.arrayContaining([expect.objectContaining({ instanceId: active }), expect.objectContaining({ instanceId: frozen })]));
  });

  it('a frozen one beside one being made → 000000', async () => {
    expect((await ask(admitted, frozen)).json['info']).toEqual([expect.objectContaining({ instanceId: frozen })]);
  });

  it('a freeze that is promised but not yet carried out still shows what is', async () => {
    const id = await instanceIn(api, 'active');
    await api.call(bodies.status(id, 'FREEZE'));
    expect((await ask(id)).json).toEqual(success({ instanceId: id, appInfo: ACCESS }));
    await carryOut(api, id);
    expect((await ask(id)).json).toEqual(success({ instanceId: id, appInfo: { frontEndUrl: ACCESS.frontEndUrl } }));
  });

  it('answers 100 ids with all 100', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 100; n += 1) ids.push(await instanceIn(api, 'active'));
    const { json } = await ask(...ids);
    expect((json['info'] as { instanceId: string }[]).map(({ instanceId }) => instanceId).toSorted()).toEqual(ids.toSorted());
  });

  describe('of metered instances', () => {
    const readings = [{ value: 12.34567, at: NOW - 60_000, dashboardUrl: 'https://usage.example' }];
    const usageInfo = [{ usageValue: 12.3457, statisticalTime: '20251231235900123', dashboardUrl: 'https://usage.example' }];
    const read = (id: string) => putUsage(api.store.em(), id, readings, NOW);

    it('reports the last reading of one that is ready, and of one that is frozen', async () => {
      const [ready, shut] = [await instanceIn(api, 'active'), await instanceIn(api, 'frozen')];
      expect((await ask(ready)).json).toEqual(success({ instanceId: ready, appInfo: ACCESS }));
      for (const id of [ready, shut]) await read(id);
      expect((await ask(ready)).json).toEqual(success({ instanceId: ready, appInfo: ACCESS, usageInfo }));
      expect((await ask(shut)).json).toEqual(success({ instanceId: shut, appInfo: { frontEndUrl: ACCESS.frontEndUrl }, usageInfo }));
    });

    it('reports nothing of one that is released', async () => {
      const gone = await instanceIn(api, 'released');
      await read(gone);
      expect((await ask(gone)).json).toEqual({ resultCode: '000003', resultMsg: expect.any(String) });
    });

    it('answers 100 ids of every kind from exactly one SQL statement, readings with those that have some', async () => {
      const kinds = ['active', 'frozen', 'admitted', 'failed', 'released', 'removed'] as const;
      const made: { id: string; kind: (typeof kinds)[number]; metered: boolean }[] = [];
      for (let n = 0; n < 90; n += 1) {
        const kind = kinds[n % kinds.length] ?? 'active';
        const id = await instanceIn(api, kind);
        const metered = n % 4 < 2;
        if (metered) await read(id);
        made.push({ id, kind, metered });
      }
      const ids = [...made.map(({ id }) => id), ...Array.from({ length: 10 }, (_, n) => `${NEVER_OURS}-${n}`)];
      const expected = made
        .filter(({ kind }) => kind === 'active' || kind === 'frozen')
        .map(({ id, kind, metered }) => ({ instanceId: id, appInfo: kind === 'active' ? ACCESS : { frontEndUrl: ACCESS.frontEndUrl }, ...(metered ? { usageInfo } : {}) }));
      expect(expected).toHaveLength(30);
      expect(expected.filter((info) => 'usageInfo' in info).length).toBeGreaterThan(10);

      const { json } = await ask(...ids);
      const byId = (infos: readonly { instanceId: string }[]) => infos.toSorted((a, b) => (a.instanceId < b.instanceId ? -1 : 1));
      expect(json['resultCode']).toBe('000000');
      expect(byId(json['info'] as { instanceId: string }[])).toEqual(byId(expected));

      const sent: string[] = [];
      const em = api.store.em();
      em.config.set('onQuery', (sql) => {
        sent.push(sql);
        return sql;
      });
      try {
        expect(await queryOutcome(em, api.sealer, ids, pino({ level: 'silent' }))).toMatchObject({ is: 'found' });
      } finally {
        em.config.set('onQuery', (sql) => sql);
      }
      expect(sent).toEqual([expect.stringMatching(/^select /)]);
    });
  });

  it('changes nothing and rings for nobody', async () => {
    const before = await api.rows();
    api.rings.length = 0;
    await ask(admitted, active);
    expect(await api.rows()).toEqual({ ...before, call: before.call + 1, nonce: before.nonce + 1 });
    expect(api.rings).toEqual([]);
  });

  it('keeps access data out of the call record', async () => {
    await ask(active);
    const rows = await api.store.em().getConnection().execute('select * from "call"');
    expect(JSON.stringify(rows)).not.toContain(ACCESS.password);
    expect(JSON.stringify(rows)).not.toContain(ACCESS.frontEndUrl);
  });
});
